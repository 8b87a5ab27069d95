import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { limitModels } from "../../src/bot/limit-models.ts";
import { readSettings } from "../../src/runtime/config.ts";
import { openSemaphore, type Semaphore, type Lease } from "../../src/runtime/semaphore.ts";
import { eventually, pause } from "../contracts/queue.ts";
import { liveRuntime } from "../fakes/queue-rig.ts";
import { describeWithRedis, RedisServer } from "../fakes/redis-server.ts";
import { createTestToolbox, scriptedModel } from "../fakes/toolbox.ts";
import { until } from "../fakes/wait.ts";

const never = new AbortController().signal;

/** Goes in line, and says where it stands. */
function enter(limiter: Semaphore, most: number, signal = never) {
  const places: number[] = [];
  let pass: Lease | undefined;
  const entered = (async () => {
    const line = limiter.acquire("ollama", most, signal);
    for (;;) {
      const next = await line.next();
      if (next.done) return (pass = next.value);
      places.push(next.value);
    }
  })();
  entered.catch(() => {});
  return { places, entered, isIn: () => pass !== undefined };
}

async function gather<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  return all;
}

function describeSemaphore(open: () => Promise<Semaphore>): void {
  const limiters: Semaphore[] = [];
  const opened = async () => {
    const limiter = await open();
    limiters.push(limiter);
    return limiter;
  };
  afterEach(async () => void (await Promise.all(limiters.splice(0).map((limiter) => limiter.close()))));

  test("lets in as many as it may, the others in the order they came, and says their places", async () => {
    const limiter = await opened();
    const [a, b] = [enter(limiter, 2), enter(limiter, 2)];
    const [passA, passB] = await Promise.all([a.entered, b.entered]);
    const c = enter(limiter, 2);
    await eventually(() => c.places.length);
    const d = enter(limiter, 2);
    await eventually(() => d.places.length);
    expect([c.places, d.places]).toEqual([[1], [2]]);
    await passB.release();
    const passC = await c.entered;
    expect(d.isIn()).toBe(false);
    await eventually(() => d.places.at(-1) === 1);
    await passA.release();
    await Promise.all([passC, await d.entered].map((pass) => pass.release()));
  });

  test("whoever is stopped leaves the line, and the next moves up", async () => {
    const limiter = await opened();
    const pass = await enter(limiter, 1).entered;
    const stopping = new AbortController();
    const b = enter(limiter, 1, stopping.signal);
    await eventually(() => b.places.length);
    const c = enter(limiter, 1);
    await eventually(() => c.places[0] === 2);
    // The test's clock ignores signals, so the wait for the next look ends first.
    stopping.abort(new Error("stopped"));
    await pass.release();
    await expect(b.entered).rejects.toThrow("stopped");
    await (await c.entered).release();
  });

  test("a model of a limited provider says the place in line before its first word, others do not wait", async () => {
    const limiter = await opened();
    const { model } = scriptedModel([{ type: "stop", reason: "end" }], "ollama/llama");
    const { model: other } = scriptedModel([{ type: "stop", reason: "end" }], "openai/gpt");
    const times: unknown[] = [];
    const metrics = { count: () => {}, time: (...args: unknown[]) => void times.push(args) };
    const limits = { limiter, most: { ollama: 1 }, metrics, runtime: { now: () => 0 } };
    const pick = (name = "") => (name === "ollama" ? model : other);
    const models = limitModels({ ...createTestToolbox({}).models, pick }, limits);
    const prompt = { messages: [], passages: [], language: "en" as const };
    const pass = await enter(limiter, 1).entered;
    expect(await gather(models.pick("openai").generate(prompt, never))).toEqual([{ type: "stop", reason: "end" }]);
    const heard: unknown[] = [];
    const waiting = (async () => {
      for await (const event of models.pick("ollama").generate(prompt, never)) heard.push(event);
    })();
    await until(() => heard.length > 0);
    await pass.release();
    await waiting;
    expect(heard).toEqual([
      { type: "waiting", place: 1 },
      { type: "stop", reason: "end" },
    ]);
    expect(times).toEqual([
      ["provider", { provider: "openai", outcome: "end" }, 0],
      ["provider", { provider: "ollama", outcome: "end" }, 0],
    ]);
    await (await enter(limiter, 1).entered).release();
  });
}

describe("the limiter of one process", () => {
  describeSemaphore(() => openSemaphore(readSettings({}), liveRuntime()));
});

describeWithRedis("the limiter in Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => void (redis = await RedisServer.start()));
  afterAll(() => redis.end());
  const open = () => openSemaphore(readSettings({ REDIS_URL: redis.url }), liveRuntime());
  describeSemaphore(open);

  test("counts over processes, and a process that dies gives its place in line back", async () => {
    const [here, there] = [await open(), await open()];
    const pass = await enter(here, 1).entered;
    const dying = enter(there, 1);
    await eventually(() => dying.places.length);
    await there.close();
    const next = enter(here, 1);
    await eventually(() => next.places[0] === 2);
    await pass.release();
    await (await next.entered).release();
    await here.close();
  });

  test("while Redis is away nobody waits for it to leave, and whoever is stopped leaves the line at once", async () => {
    const limiter = await open();
    const pass = await enter(limiter, 1).entered;
    await redis.stop();
    const stopping = new AbortController();
    const waiting = enter(limiter, 1, stopping.signal);
    await pause(300);
    stopping.abort(new Error("stopped"));
    await expect(waiting.entered).rejects.toThrow("stopped");
    // Redis is not back yet.
    await pass.release();
    await redis.start();
    await limiter.close();
  });
});
