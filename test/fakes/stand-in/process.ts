// A listener or a worker as a process of its own: Heed's modules around the stand-in chat and a small knowledge base.

import { listen } from "../../../adapters/main.ts";
import { limitModels } from "../../../src/bot/limit-models.ts";
import { commands } from "../../../src/commands/index.ts";
import type { Adapter } from "../../../src/core/platform.ts";
import { createModels } from "../../../src/models/index.ts";
import { readEnvironment, readSettings } from "../../../src/runtime/config.ts";
import { createRuntime, createLog } from "../../../src/runtime/runtime.ts";
import { openSemaphore } from "../../../src/runtime/semaphore.ts";
import { createMetrics } from "../../../src/runtime/metrics.ts";
import { openQueue } from "../../../src/runtime/queue/open-queue.ts";
import { openRecords } from "../../../src/runtime/records.ts";
import { runProcess } from "../../../src/runtime/process.ts";
import { createHandler } from "../../../workers/handle.ts";
import { createTestToolbox, hit } from "../toolbox.ts";
import { createStandInAdapter } from "./adapter.ts";

const HITS = [hit("Handbook", "Whoever asks is answered once.")];

await runProcess(async (leaving) => {
  const [role = "", chat = "", port] = process.argv.slice(2);
  const env = readEnvironment();
  const settings = readSettings(env);
  const runtime = createRuntime(createLog(settings.LOG_LEVEL));
  const claim = Number(env["STAND_IN_CLAIM_MS"]);
  const queue = await openQueue(settings, runtime, { claim, renewal: claim / 4, check: claim / 5 });
  const adapter = createStandInAdapter(chat, Number(port));
  const adapters = new Map<string, Adapter>([["test", adapter]]);
  if (role === "listener") await listen(adapters, queue, await openRecords(settings, runtime));
  else {
    const [limiter, metrics, records] = await Promise.all([
      openSemaphore(settings, runtime),
      createMetrics(),
      openRecords(settings, runtime),
    ]);
    const most = settings.HEED_PROVIDER_LIMITS;
    const models = limitModels(createModels(env, runtime), { limiter, most, metrics, runtime });
    const { knowledge, attention, painter } = createTestToolbox({ hits: HITS });
    const tools = { commands, knowledge, attention, models, painter, records, runtime };
    await queue.work(createHandler(adapters, tools, metrics, queue), settings.HEED_CONCURRENCY);
  }
  process.stdout.write("ready\n");
  await leaving;
  if (role === "listener") await adapter.close();
  await queue.close();
  return 0;
});
