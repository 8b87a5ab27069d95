// Records where the queue is: in Redis where one is configured, in the data folder where none is.

import { join } from "node:path";
import type { Records } from "../core/records.ts";
import type { World } from "../core/world.ts";
import type { Settings } from "./config.ts";

export type OpenRecords = Records & { close(): Promise<void> };

export async function openRecords(settings: Settings, world: World): Promise<OpenRecords> {
  if (settings.REDIS_URL) return openRedisRecords(settings.REDIS_URL, world);
  const { openEmbeddedRecords } = await import("./records-embedded.ts");
  return openEmbeddedRecords(join(settings.HEED_DATA_DIR, "records.sqlite"), () => world.now());
}

async function openRedisRecords(url: string, { log }: World): Promise<OpenRecords> {
  const [{ Redis }, { createRedisRecords }] = await Promise.all([import("ioredis"), import("./records-redis.ts")]);
  const redis = new Redis(url);
  redis.on("error", (error) => log.error("redis", { error }));
  return { ...createRedisRecords(redis), close: async () => redis.disconnect() };
}
