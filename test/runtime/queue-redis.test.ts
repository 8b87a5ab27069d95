import { afterAll, beforeAll, describe } from "@jest/globals";
import { describeQueue } from "../contracts/queue.ts";
import { createQueueRig } from "../fakes/queue-rig.ts";
import { describeWithRedis, RedisServer } from "../fakes/redis-server.ts";

describeWithRedis("the queue over Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => void (redis = await RedisServer.start()));
  afterAll(() => redis.end());
  describe("keeps the contract", () => describeQueue(createQueueRig(() => ({ REDIS_URL: redis.url }))));
});
