// A typed stop: which of the answers in a place it means.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { rememberAsked, type StoppingDispatcher } from "../../../adapters/kit/stop.ts";
import { createMemoryRecords } from "../../fakes/memory-records.ts";
import { createTestRuntime } from "../../fakes/test-runtime.ts";

const mei = { id: "mei", isAdmin: false };
const bob = { id: "bob", isAdmin: false };
const admin = { id: "root", isAdmin: true };
const channel = { workspace: "T", channel: "C" };

let running: Set<string>;
let stopped: string[];
let dispatcher: StoppingDispatcher;
let records: ReturnType<typeof createMemoryRecords>;

beforeEach(() => {
  running = new Set();
  stopped = [];
  records = createMemoryRecords();
  const plain = {
    enqueue: async ({ id }: { id: string }) => void running.add(id),
    stop: async (id: string) => void (stopped.push(id), running.delete(id)),
    recall: async (id: string) => (running.has(id) ? undefined : ({} as never)),
    commands: [],
  };
  dispatcher = rememberAsked(plain, "test", { records, runtime: createTestRuntime() });
});

async function ask(id: string, asker: { id: string }, thread?: string): Promise<void> {
  const address = { platform: "test", ...channel, ...(thread && { thread }), privacy: "public" as const, data: null };
  const user = { id: asker.id, name: "", isAdmin: false, isLocal: false };
  await dispatcher.enqueue({
    id,
    command: "ask",
    input: { text: "" },
    user,
    address,
    attachments: [],
    context: [],
    receivedAt: 0,
  });
  await new Promise((resolve) => setImmediate(resolve));
}

describe("stop means", () => {
  test("the newest that the person asked, then the one before", async () => {
    for (const id of ["1", "2"]) await ask(id, mei);
    await ask("3", bob);
    expect([await dispatcher.stopLatest(channel, mei), await dispatcher.stopLatest(channel, mei)]).toEqual([
      undefined,
      undefined,
    ]);
    expect(stopped).toEqual(["2", "1"]);
  });

  test("what runs in the thread before what runs elsewhere in the channel", async () => {
    await ask("1", mei, "a");
    await ask("2", mei, "b");
    await dispatcher.stopLatest({ ...channel, thread: "a" }, mei);
    await dispatcher.stopLatest({ ...channel, thread: "a" }, mei);
    expect(stopped).toEqual(["1", "2"]);
  });

  test("nothing of another's, unless an admin says so, and then only where it is said", async () => {
    await ask("1", mei, "a");
    expect((await dispatcher.stopLatest(channel, bob))?.en).toMatch(/Only the person who asked/);
    expect((await dispatcher.stopLatest({ ...channel, thread: "b" }, admin))?.en).toMatch(/nothing to stop/);
    expect(await dispatcher.stopLatest({ ...channel, thread: "a" }, admin)).toBeUndefined();
    expect(stopped).toEqual(["1"]);
  });

  test("nothing where all is answered, in another channel, or in another workspace", async () => {
    await ask("1", mei);
    running.clear();
    expect((await dispatcher.stopLatest(channel, mei))?.en).toMatch(/nothing to stop/);
    running.add("1");
    for (const elsewhere of [
      { ...channel, channel: "D" },
      { ...channel, workspace: "U" },
    ])
      expect((await dispatcher.stopLatest(elsewhere, mei))?.en).toMatch(/nothing to stop/);
    expect(stopped).toEqual([]);
  });
});

test("a channel remembers no more than it can say", async () => {
  for (let i = 0; i < 60; i++) await ask(String(i), mei);
  expect([...records.all.values()][0]).toHaveLength(20);
});

test("a question is taken although it cannot be remembered", async () => {
  records.update = () => Promise.reject(new Error("no records"));
  await ask("1", mei);
  expect(running.has("1")).toBe(true);
});
