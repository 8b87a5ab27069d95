import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createMemory, MEMORY } from "../../src/bot/memory.ts";
import type { Invocation } from "../../src/core/invocation.ts";
import { openEmbeddedRecords } from "../../src/runtime/records-embedded.ts";
import { createTestRuntime } from "../fakes/test-runtime.ts";
import { invocation } from "../fakes/toolbox.ts";

function rig() {
  let now = 1_000_000;
  const runtime = createTestRuntime();
  const records = openEmbeddedRecords(":memory:", () => now);
  return { memory: createMemory(records, runtime), records, runtime, pass: (ms: number) => void (now += ms) };
}

const at = (place: Partial<Invocation["address"]>, user = "mei") =>
  invocation("/ask q", {
    address: { platform: "slack", workspace: "T1", channel: "C1", privacy: "public", data: null, ...place },
    user: { id: user, name: user, isAdmin: false, isLocal: false },
  });
const turn = { question: "Can interns work remotely?", answer: "Yes, after three months." };
const HOUR = 3_600_000;

describe("memory", () => {
  test("recalls question and answer in turn, every bracket of it, with what a source says instead", async () => {
    const { memory } = rig();
    await memory.remember(at({ thread: "t" }), turn);
    await memory.remember(at({ thread: "t" }), {
      question: "與 HR？",
      answer: "三個工作天，見表 [2]。（⚠ 原文寫五個工作天）分數是 [16, 8, 0]。",
    });
    expect(await memory.recall(at({ thread: "t" }, "ken"))).toEqual([
      { role: "user", text: "Can interns work remotely?" },
      { role: "assistant", text: "Yes, after three months." },
      { role: "user", text: "與 HR？" },
      { role: "assistant", text: "三個工作天，見表 [2]。（原文寫五個工作天）分數是 [16, 8, 0]。" },
    ]);
  });

  test.each([
    [{ workspace: "T2", thread: "t" }, "mei"],
    [{ channel: "C2", thread: "t" }, "mei"],
    [{ thread: "u" }, "mei"],
    [{ platform: "discord", thread: "t" }, "mei"],
    [{}, "mei"],
  ])("stays where it was said: not in %j", async (place, user) => {
    const { memory } = rig();
    await memory.remember(at({ thread: "t" }), turn);
    expect(await memory.recall(at(place, user))).toEqual([]);
  });

  test("no ids, however chosen, make two workspaces one", async () => {
    const id = fc.string({ maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(id, id, id, fc.option(id, { nil: undefined }), async (one, other, channel, thread) => {
        fc.pre(one !== other);
        const { memory } = rig();
        const place = { channel, ...(thread !== undefined && { thread }) };
        await memory.remember(at({ workspace: one, ...place }), turn);
        expect(await memory.recall(at({ workspace: other, ...place }))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test("outside threads a person follows up their own words only", async () => {
    const { memory } = rig();
    await memory.remember(at({}, "mei"), turn);
    expect(await memory.recall(at({}, "mei"))).toHaveLength(2);
    expect(await memory.recall(at({}, "ken"))).toEqual([]);
  });

  test("a thread that opens under the answer knows it too", async () => {
    const { memory } = rig();
    await memory.remember(at({}), turn, "new-thread");
    expect(await memory.recall(at({ thread: "new-thread" }, "ken"))).toHaveLength(2);
    expect(await memory.recall(at({}))).toHaveLength(2);
  });

  test("a channel is forgotten after hours, a thread after days", async () => {
    const { memory, pass } = rig();
    await memory.remember(at({}), turn);
    await memory.remember(at({ thread: "t" }), turn);
    pass(3 * HOUR);
    expect(await memory.recall(at({}))).toEqual([]);
    expect(await memory.recall(at({ thread: "t" }))).toHaveLength(2);
    pass(8 * 24 * HOUR);
    expect(await memory.recall(at({ thread: "t" }))).toEqual([]);
  });

  test("a job that is done again has one turn, and does not follow up itself", async () => {
    const { memory } = rig();
    const asked = at({ thread: "t" });
    await memory.remember(asked, { question: "q", answer: "first try" });
    await memory.remember(asked, { question: "q", answer: "second try" });
    expect(await memory.recall(at({ thread: "t" }))).toEqual([
      { role: "user", text: "q" },
      { role: "assistant", text: "second try" },
    ]);
    expect(await memory.recall(asked)).toEqual([]);
  });

  test("forgets when told to, and says whether there was anything", async () => {
    const { memory } = rig();
    await memory.remember(at({}), turn);
    expect([await memory.forget(at({})), await memory.forget(at({}))]).toEqual([true, false]);
    expect(await memory.recall(at({}))).toEqual([]);
  });

  test("however much is said, what is kept is bounded, whole turns, the newest last", async () => {
    const words = fc.string({ unit: "grapheme", maxLength: 9000 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(words, words), { minLength: 1, maxLength: 12 }), async (turns) => {
        const { memory } = rig();
        for (const [question, answer] of turns) await memory.remember(at({ thread: "t" }), { question, answer });
        const said = await memory.recall(at({ thread: "t" }));
        expect(said.length).toBeLessThanOrEqual(2 * MEMORY.turns);
        expect(said.map(({ role }) => role)).toEqual(said.map((_, i) => (i % 2 ? "assistant" : "user")));
        expect(said.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(MEMORY.total);
        expect(said.at(-2)!.text.slice(0, 100)).toBe(turns.at(-1)![0].slice(0, 100));
      }),
      { numRuns: 25 },
    );
  });

  test("a record of another shape is an empty conversation, and the log tells", async () => {
    const { memory, records, runtime } = rig();
    await memory.remember(at({}), turn);
    const [kept] = await records.list("memory/", 1);
    await records.set(kept!.key, { turns: "none" });
    expect(await memory.recall(at({}))).toEqual([]);
    expect(runtime.events.map(({ event }) => event)).toContain("a conversation could not be read");
  });
});
