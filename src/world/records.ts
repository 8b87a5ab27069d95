// Records where the queue is: in Redis where one is configured, in the data folder where none is.

import { join } from "node:path";
import type { Records } from "../core/records.ts";
import type { World } from "../core/world.ts";
import type { Settings } from "./config.ts";
import { connectRedis, type RedisSettings } from "./redis.ts";

export type OpenRecords = Records & { close(): Promise<void> };

export async function openRecords(settings: Settings, world: World): Promise<OpenRecords> {
  const { REDIS_URL } = settings;
  if (REDIS_URL) return openRedisRecords({ ...settings, REDIS_URL }, world);
  const { openEmbeddedRecords } = await import("./records-embedded.ts");
  return openEmbeddedRecords(join(settings.HEED_DATA_DIR, "records.sqlite"), () => world.now());
}

async function openRedisRecords(settings: RedisSettings, { log }: World): Promise<OpenRecords> {
  const { createRedisRecords } = await import("./records-redis.ts");
  const redis = await connectRedis(settings, "wait", log);
  return { ...createRedisRecords(redis), close: async () => redis.disconnect() };
}
