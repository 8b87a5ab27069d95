// `npm start`: listener and worker in one process, for whatever is configured; the terminal where no platform is.

import { join } from "node:path";
import { createAdapters, servesTerminal } from "../adapters/index.ts";
import { listen } from "../adapters/main.ts";
import { assemble } from "../src/bot/assemble.ts";
import { BotError } from "../src/core/errors.ts";
import { languageOfLocale, type Phrase } from "../src/core/language.ts";
import type { Adapter } from "../src/core/platform.ts";
import { publishModels } from "../src/core/suggestions.ts";
import { claimFolder } from "../src/world/claim-folder.ts";
import { readEnvironment, readSettings } from "../src/world/config.ts";
import { createWorld } from "../src/world/create-world.ts";
import { createLog } from "../src/world/log.ts";
import { openLimiter } from "../src/world/limiter.ts";
import { createMetrics } from "../src/world/metrics.ts";
import { openOperations } from "../src/world/operations.ts";
import { closeFolder } from "../src/world/private-folder.ts";
import { openQueue } from "../src/world/queue/open-queue.ts";
import { reachRedis } from "../src/world/reach-redis.ts";
import { openRecords } from "../src/world/records.ts";
import { runProcess } from "../src/world/run-process.ts";
import { createHandler } from "./handle.ts";
import { keepUp } from "./keep-up.ts";
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
  const world = createWorld(log);
  const language = languageOfLocale(env.LC_ALL || env.LANG);
  closeFolder(settings.HEED_DATA_DIR, world, isTerminal ? language : undefined);
  const records = await openRecords(settings, world);
  const adapters = createAdapters(env, world, records);
  // While Redis is away, who works waits for it, and who has a person waiting says so at once.
  const impatient = settings.REDIS_URL && !isTerminal ? await openRecords(settings, world, "fail") : undefined;
  const listening = impatient ? createAdapters(env, world, impatient) : adapters;
  const progress = showProgress(world, env.LC_ALL || env.LANG);
  progress.say({ en: "Getting ready", "zh-TW": "準備中" });
  const [limiter, metrics] = await Promise.all([openLimiter(settings, world), createMetrics()]);
  const house = await assemble(env, settings, { world, records, limiter, metrics });
  const queue = await openQueue(settings, world);
  const operations = await openOperations(settings, { queue, metrics, world });
  const loading = new AbortController();
  void leaving.then(() => loading.abort(interrupted()));
  await house.loadPrimer((done, total, title) => progress.say(primer(done, total, title)), loading.signal);
  progress.end();
  const handler = keepUp(createHandler(adapters, house.tools, metrics, queue), world);
  await queue.work(handler, settings.HEED_CONCURRENCY);
  await publishModels(house.tools);
  await listen(listening, queue, impatient ?? records);
  world.log.info("started", { platforms: [...adapters.keys()], models: house.tools.models.names() });
  // A script that is told to end has no answer, and must not pass for one that has.
  const status = await Promise.race([leaving.then(() => (isTerminal ? 1 : 0)), ended(listening)]);
  // A script may leave while a question of an earlier, killed run is still being finished.
  if (!world.console.input.isTTY) await Promise.race([leaving, queue.settle(LONGEST_SETTLING_MS)]);
  await Promise.all([...listening.values()].map((adapter) => adapter.close()));
  // Nobody reads a terminal that was left; what still ran goes on at the next start.
  await queue.close(isTerminal ? 0 : undefined);
  await operations.close();
  await Promise.all([house.close(), limiter.close()]);
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
