// The process that reads files of people: it knows the formats, and nothing of who asked; it ends with whoever started it.

import { Worker } from "node:worker_threads";
import type { Upload } from "../../core/knowledge.ts";
import { createWorkerLog, serveRequests } from "../../core/worker-rpc.ts";
import { formatFor } from "../formats/index.ts";
import { createRead, type Limits } from "../ingest/ingest.ts";

export interface ReaderRequest {
  upload: Upload;
  limits: Limits;
}

const log = createWorkerLog();
const read = createRead(formatFor, log);
/** Who no longer waits ends this process. */
const { signal } = new AbortController();

process.on("disconnect", () => process.exit());
// A terminal and a service manager tell the whole group to leave; whoever started this decides when it goes.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => undefined);
const watch = new Worker(new URL("./watch.ts", import.meta.url), { workerData: Number(process.argv[2]) });
log.debug("reader started", { pid: process.pid, watch: watch.threadId });
serveRequests(({ upload, limits }: ReaderRequest) => read(upload, limits, signal));
