// Runs the working process, which takes jobs from the queue and answers them.

import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { createAdapters } from "../adapters/index.ts";
import { createApp } from "../src/bot/app.ts";
import { publishModels } from "../src/core/suggestions.ts";
import { claimFolder, closeFolder } from "../src/runtime/private-folder.ts";
import { beginApart, runProcess } from "../src/runtime/process.ts";
import { openSemaphore } from "../src/runtime/semaphore.ts";
import { createMetrics } from "../src/runtime/metrics.ts";
import { openOperations } from "../src/runtime/operations.ts";
import { openQueue } from "../src/runtime/queue/open-queue.ts";
import { openRecords } from "../src/runtime/records.ts";
import { createHandler } from "./handle.ts";

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  await runProcess(async (leaving, logTo) => {
    const { env, settings, runtime } = await beginApart();
    logTo(runtime.log);
    // Without Qdrant the knowledge base is one process's own.
    const release = env["QDRANT_URL"] ? () => {} : claimFolder(settings.HEED_DATA_DIR);
    if (existsSync(settings.HEED_DATA_DIR)) closeFolder(settings.HEED_DATA_DIR, runtime);
    const records = await openRecords(settings, runtime);
    const adapters = createAdapters(env, runtime, records);
    const [limiter, metrics] = await Promise.all([openSemaphore(settings, runtime), createMetrics()]);
    const app = await createApp(env, settings, { runtime, records, limiter, metrics });
    await app.loadPrimer(() => {}, AbortSignal.timeout(60_000));
    const queue = await openQueue(settings, runtime);
    const operations = await openOperations(settings, { queue, metrics, runtime });
    await queue.work(createHandler(adapters, app.tools, metrics, queue), settings.HEED_CONCURRENCY);
    await publishModels(app.tools);
    runtime.log.info("working", { platforms: [...adapters.keys()], models: app.tools.models.names() });
    await leaving;
    operations.leave();
    await queue.close();
    await operations.close();
    await Promise.all([app.close(), limiter.close()]);
    await records.close();
    release();
    return 0;
  });
