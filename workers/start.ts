// Runs `npm start`: listener and worker in one process; the terminal where no platform is set up.

import { join } from "node:path";
import { createAdapters, servesTerminal } from "../adapters/index.ts";
import { listen } from "../adapters/main.ts";
import { createApp } from "../src/bot/app.ts";
import { BotError } from "../src/core/errors.ts";
import { languageOfLocale, type Phrase } from "../src/core/language.ts";
import type { Adapter } from "../src/core/platform.ts";
import { publishModels } from "../src/core/suggestions.ts";
import { claimFolder, closeFolder } from "../src/runtime/private-folder.ts";
import { readEnvironment, readSettings } from "../src/runtime/config.ts";
import { createRuntime, createLog } from "../src/runtime/runtime.ts";
import { openSemaphore } from "../src/runtime/semaphore.ts";
import { createMetrics } from "../src/runtime/metrics.ts";
import { openOperations } from "../src/runtime/operations.ts";
import { openQueue } from "../src/runtime/queue/open-queue.ts";
import { reachRedis } from "../src/runtime/reach-redis.ts";
import { openRecords } from "../src/runtime/records.ts";
import { runProcess } from "../src/runtime/process.ts";
import { createHandler } from "./handle.ts";
import { shedLoad } from "./shed-load.ts";
import { showProgress } from "./show-progress.ts";

const LONGEST_SETTLING_MS = 60_000;

await runProcess(async (leaving, logTo) => {
  const env = readEnvironment();
  const settings = readSettings(env);
  await reachRedis(settings);
  const release = claimFolder(settings.HEED_DATA_DIR);
  // A chat in the terminal is for reading, so its log goes to a file.
  const isTerminal = servesTerminal(env, process.argv.slice(2));
  const log = createLog(settings.LOG_LEVEL, isTerminal ? join(settings.HEED_DATA_DIR, "heed.log") : undefined);
  logTo(log);
  const runtime = createRuntime(log);
  const language = languageOfLocale(env.LC_ALL || env.LANG);
  closeFolder(settings.HEED_DATA_DIR, runtime, isTerminal ? language : undefined);
  const records = await openRecords(settings, runtime);
  const adapters = createAdapters(env, runtime, records);
  // While Redis is away, who works waits for it, and who has a person waiting says so at once.
  const impatient = settings.REDIS_URL && !isTerminal ? await openRecords(settings, runtime, "fail") : undefined;
  const listening = impatient ? createAdapters(env, runtime, impatient) : adapters;
  const progress = showProgress(runtime, env.LC_ALL || env.LANG);
  progress.say({ en: "Getting ready", "zh-TW": "準備中" });
  const [limiter, metrics] = await Promise.all([openSemaphore(settings, runtime), createMetrics()]);
  const app = await createApp(env, settings, { runtime, records, limiter, metrics });
  const queue = await openQueue(settings, runtime);
  const operations = await openOperations(settings, { queue, metrics, runtime });
  const loading = new AbortController();
  void leaving.then(() => loading.abort(interrupted()));
  await app.loadPrimer((done, total, title) => progress.say(primer(done, total, title)), loading.signal);
  progress.end();
  const handler = shedLoad(createHandler(adapters, app.tools, metrics, queue), runtime);
  await queue.work(handler, settings.HEED_CONCURRENCY);
  await publishModels(app.tools);
  await listen(listening, queue, impatient ?? records);
  runtime.log.info("started", { platforms: [...adapters.keys()], models: app.tools.models.names() });
  // A script that is told to end has no answer, and must not pass for one that has.
  const status = await Promise.race([leaving.then(() => (isTerminal ? 1 : 0)), ended(listening)]);
  // A script may leave while a question of an earlier, killed run is still being finished.
  if (!runtime.console.input.isTTY) await Promise.race([leaving, queue.settle(LONGEST_SETTLING_MS)]);
  await Promise.all([...listening.values()].map((adapter) => adapter.close()));
  // Nobody reads a terminal that was left; what still ran goes on at the next start.
  await queue.close(isTerminal ? 0 : undefined);
  await operations.close();
  await Promise.all([app.close(), limiter.close()]);
  await Promise.all([records.close(), impatient?.close()]);
  release();
  return status;
});

/** Resolves with an exit status when the person leaves; never on a platform that cannot be left. */
function ended(adapters: ReadonlyMap<string, Adapter>): Promise<number> {
  return Promise.race([...adapters.values()].map((adapter) => adapter.ended ?? new Promise<never>(() => {})));
}

function interrupted(): BotError {
  return new BotError("stopped", { en: "Stopped before the start was done.", "zh-TW": "啟動途中已停止。" });
}

function primer(done: number, total: number, title: string): Phrase {
  return {
    en: `Loading the primer ${done}/${total}: ${title}`,
    "zh-TW": `正在載入內建教材 ${done}/${total}：${title}`,
  };
}
