// `npm start`: listener and worker in one process, for whatever is configured; the terminal where no platform is.

import { join } from "node:path";
import { createAdapters, servesTerminal } from "../adapters/index.ts";
import { listen } from "../adapters/main.ts";
import { assemble } from "../src/bot/assemble.ts";
import type { Adapter } from "../src/core/platform.ts";
import { claimFolder } from "../src/world/claim-folder.ts";
import { readEnvironment, readSettings } from "../src/world/config.ts";
import { createWorld } from "../src/world/create-world.ts";
import { createLog } from "../src/world/log.ts";
import { openQueue } from "../src/world/queue/open-queue.ts";
import { openRecords } from "../src/world/records.ts";
import { runProcess } from "../src/world/run-process.ts";
import { createHandler } from "./handle.ts";
import { showProgress } from "./show-progress.ts";

await runProcess(async (leaving) => {
  const env = readEnvironment();
  const settings = readSettings(env);
  const release = claimFolder(settings.HEED_DATA_DIR);
  // A chat in the terminal is for reading, so its log goes to a file.
  const log = createLog(
    settings.LOG_LEVEL,
    servesTerminal(env, process.argv.slice(2)) ? join(settings.HEED_DATA_DIR, "heed.log") : undefined,
  );
  const world = createWorld(log);
  const records = await openRecords(settings, world);
  const adapters = createAdapters(env, world, records);
  const progress = showProgress(world.console.errors, env.LC_ALL || env.LANG);
  progress.say({ en: "Opening the queue", "zh-TW": "正在開啟佇列" });
  const queue = await openQueue(settings, world);
  const house = await assemble(env, settings, { world, records });
  await house.loadPrimer((done, total, title) =>
    progress.say({
      en: `Loading the primer ${done}/${total}: ${title}`,
      "zh-TW": `正在載入內建教材 ${done}/${total}：${title}`,
    }),
  );
  progress.end();
  await queue.work(createHandler(adapters, house.tools), settings.HEED_CONCURRENCY);
  await listen(adapters, queue);
  world.log.info("started", { platforms: [...adapters.keys()], models: house.tools.models.names() });
  const status = await Promise.race([leaving.then(() => 0), ended(adapters)]);
  await Promise.all([...adapters.values()].map((adapter) => adapter.close()));
  await queue.close();
  house.close();
  await records.close();
  release();
  return status;
});

/** Resolves with an exit status when the person leaves; never on a platform that cannot be left. */
function ended(adapters: ReadonlyMap<string, Adapter>): Promise<number> {
  return Promise.race([...adapters.values()].map((adapter) => adapter.ended ?? new Promise<never>(() => {})));
}
