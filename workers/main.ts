// The working process: it takes jobs from the queue and answers them.

import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { createAdapters } from "../adapters/index.ts";
import { assemble } from "../src/bot/assemble.ts";
import { publishModels } from "../src/core/suggestions.ts";
import { claimFolder } from "../src/world/claim-folder.ts";
import { beginApart } from "../src/world/begin-apart.ts";
import { openLimiter } from "../src/world/limiter.ts";
import { createMetrics } from "../src/world/metrics.ts";
import { openOperations } from "../src/world/operations.ts";
import { closeFolder } from "../src/world/private-folder.ts";
import { openQueue } from "../src/world/queue/open-queue.ts";
import { openRecords } from "../src/world/records.ts";
import { runProcess } from "../src/world/run-process.ts";
import { createHandler } from "./handle.ts";

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  await runProcess(async (leaving, logTo) => {
    const { env, settings, world } = await beginApart();
    logTo(world.log);
    // Without Qdrant the knowledge base is one process's own.
    const release = env["QDRANT_URL"] ? () => {} : claimFolder(settings.HEED_DATA_DIR);
    if (existsSync(settings.HEED_DATA_DIR)) closeFolder(settings.HEED_DATA_DIR, world);
    const records = await openRecords(settings, world);
    const adapters = createAdapters(env, world, records);
    const [limiter, metrics] = await Promise.all([openLimiter(settings, world), createMetrics()]);
    const house = await assemble(env, settings, { world, records, limiter, metrics });
    await house.loadPrimer(() => {}, AbortSignal.timeout(60_000));
    const queue = await openQueue(settings, world);
    const operations = await openOperations(settings, { queue, metrics, world });
    await queue.work(createHandler(adapters, house.tools, metrics, queue), settings.HEED_CONCURRENCY);
    await publishModels(house.tools);
    world.log.info("working", { platforms: [...adapters.keys()], models: house.tools.models.names() });
    await leaving;
    operations.leave();
    await queue.close();
    await operations.close();
    await Promise.all([house.close(), limiter.close()]);
    await records.close();
    release();
    return 0;
  });
