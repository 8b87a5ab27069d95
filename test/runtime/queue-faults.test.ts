// Redis away, workers dead, versions mixed: what the queue over Redis does then.

import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { Redis } from "ioredis";
import type { Invocation } from "../../src/core/invocation.ts";
import { emptyPost, finish } from "../../src/core/post.ts";
import { eventually, pause, recorder, succeeds, untilEnded } from "../contracts/queue.ts";
import { createQueueRig } from "../fakes/queue-rig.ts";
import { describeWithRedis, RedisServer } from "../fakes/redis-server.ts";
import { invocation } from "../fakes/toolbox.ts";

describeWithRedis("the queue over Redis, when things go wrong", () => {
  let redis: RedisServer;
  let raw: Redis;
  const rig = createQueueRig(() => ({ REDIS_URL: redis.url }));
  beforeAll(async () => {
    redis = await RedisServer.start();
    raw = new Redis(redis.url);
    raw.on("error", () => {});
  });
  afterEach(() => rig.reset());
  afterAll(async () => {
    raw.disconnect();
    await redis.end();
  });

  test("Stop reaches a job in another process, also after Redis was away", async () => {
    const [listener, worker] = [await rig.open(), await rig.open()];
    const { handler, calls } = recorder((asked, attempt) =>
      untilEnded(asked, attempt).catch(() => ({ ...finish(emptyPost("en")), status: String(attempt.signal.reason) })),
    );
    await worker.work(handler, 1);
    const stopsOne = async (asked: Invocation, before: number) => {
      await eventually(() => succeeds(listener.add(asked)));
      await eventually(() => calls.length > before);
      await listener.stop(asked.id);
      expect(await eventually(() => listener.recall(asked.id))).toMatchObject({ post: { status: "stopped" } });
    };
    await stopsOne(invocation("/ask long"), 0);
    await redis.stop("SIGKILL");
    await pause(50);
    await redis.start();
    await stopsOne(invocation("/ask longer"), 1);
  });

  test("while Redis is away the asker is told at once, and afterwards everything goes on by itself", async () => {
    const [listener, worker] = [await rig.open(), await rig.open()];
    const { handler, ids } = recorder();
    const [before, during, after] = [invocation("/ask a"), invocation("/ask b"), invocation("/ask c")];
    await listener.add(before);
    await redis.stop("SIGKILL");
    await pause(50);
    await expect(listener.add(during)).rejects.toMatchObject({ code: "unavailable" });
    await expect(listener.stop(before.id)).rejects.toMatchObject({ code: "unavailable" });
    await expect(listener.recall(before.id)).rejects.toMatchObject({ code: "unavailable" });
    await redis.start();
    await worker.work(handler, 1);
    await eventually(() => succeeds(listener.add(after)));
    await eventually(() => listener.recall(after.id));
    await eventually(() => listener.recall(before.id));
    expect(ids()).toEqual([before.id, after.id]);
  });

  test("a worker goes on after Redis was away, and its answer counts once", async () => {
    const [listener, worker] = [await rig.open(), await rig.open()];
    const { promise: gone, resolve: go } = Promise.withResolvers<void>();
    const { handler, calls } = recorder(async () => {
      await gone;
      return finish(emptyPost("en"));
    });
    await worker.work(handler, 1);
    const asked = invocation("/ask a");
    await listener.add(asked);
    await eventually(() => calls.length);
    await redis.stop("SIGKILL");
    go();
    await pause(300);
    await redis.start();
    await eventually(() => listener.recall(asked.id).catch(() => undefined));
    expect(calls).toHaveLength(1);
  });

  test.each([
    ["idle", undefined],
    ["busy", untilEnded],
  ])("asked to leave while Redis is away or just coming back, a worker leaves in time: %s", async (_, run) => {
    const leave = async (isBack: boolean) => {
      const worker = await rig.open();
      const { handler, calls } = recorder(run);
      await worker.work(handler, 1);
      await worker.add(invocation("/ask a"));
      await eventually(() => calls.length);
      await redis.stop("SIGKILL");
      // By now the connections wait for their next try to come back, without a socket.
      await pause(700);
      if (isBack) await redis.start();
      // Without its limit and its farewell it would wait for Redis, which is away.
      await worker.close(100);
      if (!isBack) await redis.start();
      await rig.open();
      await rig.reset();
    };
    await leave(false);
    await leave(true);
  });

  test("a claim that cannot be renewed is let go of, so that two workers never answer at once", async () => {
    const [listener, worker] = [await rig.open(), await rig.open()];
    const asked = invocation("/ask a");
    let running = 0;
    let most = 0;
    const { handler, calls } = recorder(async (asked, attempt) => {
      most = Math.max(most, ++running);
      try {
        return attempt.isFirst ? await untilEnded(asked, attempt) : finish(emptyPost("en"));
      } finally {
        running--;
      }
    });
    await worker.work(handler, 2);
    await listener.add(asked);
    await eventually(() => calls.length);
    await redis.stop("SIGKILL");
    await eventually(() => calls[0]!.attempt.signal.reason === "handed-over");
    await redis.start();
    await eventually(() => listener.recall(asked.id).catch(() => undefined));
    expect(calls.map(({ attempt }) => attempt.number)).toEqual([1, 2]);
    expect(most).toBe(1);
  });

  test("a job whose workers died five times tells the asker, and stands among the failures", async () => {
    const queue = await rig.open();
    const asked = invocation("/ask poison");
    await queue.add(asked);
    await raw.hset(`{heed}:questions:${asked.id}`, "stc", 5);
    const { handler, calls } = recorder(async (_, { isExhausted }) => {
      throw new Error(isExhausted ? "told" : "ran");
    });
    await queue.work(handler, 1);
    const failures = await eventually(async () => {
      const failures = await queue.failures(1);
      return failures.length > 0 ? failures : undefined;
    });
    expect(failures).toMatchObject([{ id: asked.id, attempts: 6, reason: "Error: told" }]);
    expect(calls.map(({ attempt }) => attempt)).toMatchObject([{ number: 6, isLast: true, isExhausted: true }]);
    await queue.retry(asked.id);
    await eventually(() => calls.length === 2);
    expect(calls[1]!.attempt).toMatchObject({ number: 1, isExhausted: false });
  });

  test("a job that ends even the telling is not run for ever", async () => {
    const queue = await rig.open();
    const asked = invocation("/ask poison");
    await queue.add(asked);
    await raw.hset(`{heed}:questions:${asked.id}`, "stc", 9);
    const { handler, calls } = recorder();
    await queue.work(handler, 1);
    await eventually(async () => (await queue.failures(1)).length);
    expect(calls).toEqual([]);
  });

  test("a job of an older version is answered, one of a newer version waits for a worker that can read it", async () => {
    const queue = await rig.open();
    const [older, newer] = [invocation("/ask a"), invocation("/ask b")];
    await queue.jobs[0]!.add("ask", { invocation: older } as never, { jobId: older.id });
    await queue.jobs[0]!.add("ask", { version: 99, question: newer } as never, { jobId: newer.id });
    const { handler, ids } = recorder();
    await queue.work(handler, 1);
    await eventually(() => queue.recall(older.id));
    await eventually(async () => (await queue.counts()).questions.delayed === 1);
    expect(ids()).toEqual([older.id]);
    expect(await queue.failures(1)).toEqual([]);
  });

  test("what nobody can read fails at once", async () => {
    const queue = await rig.open();
    await queue.jobs[0]!.add("ask", { nonsense: true } as never, { jobId: "n1" });
    await queue.work(recorder().handler, 1);
    const [failure] = await eventually(async () => {
      const failures = await queue.failures(1);
      return failures.length > 0 ? failures : undefined;
    });
    expect(failure).toMatchObject({ id: "n1", reason: expect.stringMatching(/^unreadable/) });
  });
});
