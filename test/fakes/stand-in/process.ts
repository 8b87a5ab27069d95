// A listener or a worker as a process of its own: Heed's modules around the stand-in chat and a small knowledge base.

import { listen } from "../../../adapters/main.ts";
import { limitModels } from "../../../src/bot/limit-models.ts";
import { commands } from "../../../src/commands/index.ts";
import type { Adapter } from "../../../src/core/platform.ts";
import { createModels } from "../../../src/models/index.ts";
import { readEnvironment, readSettings } from "../../../src/world/config.ts";
import { createWorld } from "../../../src/world/create-world.ts";
import { openLimiter } from "../../../src/world/limiter.ts";
import { createLog } from "../../../src/world/log.ts";
import { createMetrics } from "../../../src/world/metrics.ts";
import { openQueue } from "../../../src/world/queue/open-queue.ts";
import { openRecords } from "../../../src/world/records.ts";
import { runProcess } from "../../../src/world/run-process.ts";
import { createHandler } from "../../../workers/handle.ts";
import { createTestToolbox, hit } from "../toolbox.ts";
import { createStandInAdapter } from "./adapter.ts";

const HITS = [hit("Handbook", "Whoever asks is answered once.")];

await runProcess(async (leaving) => {
  const [role = "", chat = "", port] = process.argv.slice(2);
  const env = readEnvironment();
  const settings = readSettings(env);
  const world = createWorld(createLog(settings.LOG_LEVEL));
  const claim = Number(env["STAND_IN_CLAIM_MS"]);
  const queue = await openQueue(settings, world, { claim, renewal: claim / 4, check: claim / 5 });
  const adapter = createStandInAdapter(chat, Number(port));
  const adapters = new Map<string, Adapter>([["test", adapter]]);
  if (role === "listener") await listen(adapters, queue, await openRecords(settings, world));
  else {
    const [limiter, metrics, records] = await Promise.all([
      openLimiter(settings, world),
      createMetrics(),
      openRecords(settings, world),
    ]);
    const most = settings.HEED_PROVIDER_LIMITS;
    const models = limitModels(createModels(env, world), { limiter, most, metrics, world });
    const { knowledge, attention, painter } = createTestToolbox({ hits: HITS });
    const tools = { commands, knowledge, attention, models, painter, records, world };
    await queue.work(createHandler(adapters, tools, metrics, queue), settings.HEED_CONCURRENCY);
  }
  process.stdout.write("ready\n");
  await leaving;
  if (role === "listener") await adapter.close();
  await queue.close();
  return 0;
});
