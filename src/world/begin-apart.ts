// What a listener and a worker that run apart begin with: their settings, a Redis that answers, the outside.

import type { Env, World } from "../core/world.ts";
import { readEnvironment, readSettings, requireSharedQueue, type Settings } from "./config.ts";
import { createWorld } from "./create-world.ts";
import { createLog } from "./log.ts";
import { reachRedis } from "./reach-redis.ts";

/** Throws BotError "misconfigured", naming the mend, where the process could not work with the others. */
export async function beginApart(): Promise<{ env: Env; settings: Settings; world: World }> {
  const env = readEnvironment();
  const settings = readSettings(env);
  requireSharedQueue(settings);
  await reachRedis(settings);
  return { env, settings, world: createWorld(createLog(settings.LOG_LEVEL)) };
}
