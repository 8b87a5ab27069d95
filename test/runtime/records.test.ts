import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readSettings } from "../../src/runtime/config.ts";
import { openRecords } from "../../src/runtime/records.ts";
import { describeRecords } from "../contracts/records.ts";
import { liveRuntime } from "../fakes/queue-rig.ts";
import { describeWithRedis, RedisServer } from "../fakes/redis-server.ts";

describe("records in the data folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "heed-records-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  describeRecords(() => openRecords(readSettings({ HEED_DATA_DIR: folder }), liveRuntime()));
});

describeWithRedis("records in Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => void (redis = await RedisServer.start()));
  afterAll(() => redis.end());
  describeRecords(() => openRecords(readSettings({ REDIS_URL: redis.url }), liveRuntime()));

  test("while Redis is away, who has a person waiting is refused at once, in words", async () => {
    const records = await openRecords(readSettings({ REDIS_URL: redis.url }), liveRuntime(), "fail");
    await records.set("a", 1);
    const own = new TypeError("not this value");
    const failing = records.update("a", () => {
      throw own;
    });
    await expect(failing).rejects.toBe(own);
    await redis.stop();
    for (const refused of [records.get("a"), records.update("a", () => 2)])
      await expect(refused).rejects.toMatchObject({ code: "unavailable" });
    await records.close();
    await redis.start();
  });
});
