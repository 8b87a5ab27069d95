// Shuts a worker down in time: jobs end, or are handed over, whatever Redis does.

import type { Worker } from "bullmq";
import { sleep } from "../sleep.ts";
import { isLate } from "../../core/async.ts";

/** How long after handing over its jobs a worker may take to tell Redis so. */
const LONGEST_FAREWELL_MS = 4000;

/** Takes no more jobs; `handOver` is called when the running ones have had `drainMs`. Resolves a little later at the latest. */
export async function leave(worker: Worker, drainMs: number, handOver: () => void): Promise<void> {
  const patience = setTimeout(handOver, drainMs);
  try {
    const drained = drain(worker);
    if (!(await isLate(drained, drainMs + LONGEST_FAREWELL_MS, { sleep }))) await drained;
  } finally {
    clearTimeout(patience);
    void worker.close(true);
  }
}

/** BullMQ can let go of a connection only while that has a socket: in the middle of its return it would wait for ever. */
async function drain(worker: Worker): Promise<void> {
  await worker.pause(true);
  await worker.getBackend().reconnectBlocking();
  await worker.close();
}
