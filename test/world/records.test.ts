import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "@jest/globals";
import { readSettings } from "../../src/world/config.ts";
import { openRecords } from "../../src/world/records.ts";
import { describeRecords } from "../contracts/records.ts";
import { liveWorld } from "../fakes/queue-rig.ts";
import { describeWithRedis, RedisServer } from "../fakes/redis-server.ts";

describe("records in the data folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "heed-records-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  describeRecords(() => openRecords(readSettings({ HEED_DATA_DIR: folder }), liveWorld()));
});

describeWithRedis("records in Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => void (redis = await RedisServer.start()));
  afterAll(() => redis.end());
  describeRecords(() => openRecords(readSettings({ REDIS_URL: redis.url }), liveWorld()));
});
