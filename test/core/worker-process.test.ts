// A worker in a process of its own: what comes back from it, and that nothing it does harms who asked.

import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { BotError } from "../../src/core/errors.ts";
import { PeerDeath } from "../../src/core/worker-peer.ts";
import { createWorkerClient, type WorkerClient } from "../../src/core/worker-rpc.ts";

const MEMORY = 200 * 1024 * 1024;
const LATE = new Error("late");

/** A client with a clock that the test moves: `ring` ends the wait that began last. */
function open(script = new URL("../fakes/odd-process.ts", import.meta.url)) {
  const logged: [string, string, unknown][] = [];
  const write = (level: string) => (event: string, fields: unknown) => void logged.push([level, event, fields]);
  const log = { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
  let ring = (): void => undefined;
  const sleep = (_: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      ring = resolve;
      signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
  const broken = (cause: Error | string) => new Error("broken", { cause });
  const limits = { idleMs: 1, limitMs: 1, memory: MEMORY, late: () => LATE, clock: { sleep, log } };
  client = createWorkerClient<string, unknown>({ script, data: undefined, broken, limits });
  return { client, logged, ring: () => ring() };
}

let client: WorkerClient<string, unknown>;
afterEach(() => client.close());
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => Promise.reject(new Error("nothing failed")),
    (error: unknown) => error as Error,
  );
const pidOf = (answer: unknown) => (answer as { id: number }).id;

test("an answer, a refusal, a defect and lines for the log come across, in one process that knows no key", async () => {
  const { client, logged } = open();
  const first = await client.ask("answer");
  expect(first).toMatchObject({ keys: expect.not.arrayContaining(["HOME", "PATH"]) });
  expect(pidOf(first)).not.toBe(process.pid);
  const refused = await failureOf(client.ask("refuse"));
  expect(refused).toBeInstanceOf(BotError);
  expect(refused).toMatchObject({ code: "unreadable", phrase: { en: "A scan.", "zh-TW": "是掃描檔。" } });
  expect(refused.cause).toMatch(/why/);
  expect((await failureOf(client.ask("fail"))).cause).toMatch(/RangeError: not foreseen/);
  await client.ask("log");
  const fields = { name: "a.md", error: expect.stringMatching(/damaged/), count: 2 };
  expect(logged).toEqual([
    ["debug", "started", {}],
    ["warn", "seen", fields],
  ]);
  expect(pidOf(await client.ask("answer"))).toBe(pidOf(first));
});

test("a loop without end is ended at its time, and the next request is answered by a new process", async () => {
  const { client, ring } = open();
  const before = pidOf(await client.ask("answer"));
  const looped = failureOf(client.ask("loop"));
  ring();
  expect(await looped).toBe(LATE);
  expect(pidOf(await client.ask("answer"))).not.toBe(before);
  expect(() => process.kill(before, 0)).toThrow(/ESRCH/);
});

test("what is given up is ended, and so is what nobody asks any more", async () => {
  const { client, ring } = open();
  const before = pidOf(await client.ask("answer"));
  const leaving = new AbortController();
  const looped = failureOf(client.ask("loop", leaving.signal));
  leaving.abort(new Error("stopped"));
  expect((await looped).message).toBe("stopped");
  const after = pidOf(await client.ask("answer"));
  expect(after).not.toBe(before);
  ring();
  await setImmediate();
  expect(pidOf(await client.ask("answer"))).not.toBe(after);
});

test("memory without end, or an end in the middle, costs the one request, and says which it was", async () => {
  const { client } = open();
  const hoarded = (await failureOf(client.ask("hoard"))).cause;
  expect(hoarded).toBeInstanceOf(PeerDeath);
  expect(hoarded).toMatchObject({ isOutOfMemory: true, hadStarted: true });
  expect((await failureOf(client.ask("end"))).cause).toMatchObject({ isOutOfMemory: false, hadStarted: true });
  expect(await client.ask("answer")).toBeDefined();
});

test("a process that cannot begin says why", async () => {
  const { client } = open(new URL("../fakes/there-is-none.ts", import.meta.url));
  const { cause } = await failureOf(client.ask("answer"));
  expect(cause).toMatchObject({ hadStarted: false, message: expect.stringMatching(/Cannot find module/) });
});
