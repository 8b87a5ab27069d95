import { describe, expect, test } from "@jest/globals";
import { createMemory } from "../../src/bot/memory.ts";
import { textOf } from "../../src/core/post.ts";
import { collect } from "../fakes/collect.ts";
import { createTestToolbox, invocation } from "../fakes/toolbox.ts";

const member = (id: string) => ({ user: { id, name: id, isAdmin: false, isLocal: false } });
const press = (verdict: string, about: string, user: string, more = {}) =>
  invocation("/feedback", { input: { options: { verdict, about, ...more } }, ...member(user) });

describe("/feedback", () => {
  test("counts one vote a person and answer, the last one, and shows admins the sum", async () => {
    const tools = createTestToolbox({});
    await collect(press("good", "a1", "mei", { model: "x/one", question: "Is there leave?" }), tools);
    await collect(press("bad", "a1", "mei", { model: "x/one", question: "Is there leave?" }), tools);
    await collect(press("good", "a1", "ken", { model: "x/one" }), tools);
    await collect(press("good", "a2", "mei", { model: "y/two" }), tools);
    const { post } = await collect(invocation("/feedback"), tools);
    expect(textOf(post)).toMatch(/^2 👍 and 1 👎[^]*- 2027-01-15 Is there leave\?/);
    expect(post.sections[0]?.tables[0]?.rows).toEqual([
      ["x/one", "1", "1"],
      ["y/two", "1", "0"],
    ]);
  });

  test("typed, it is about the last question of the conversation", async () => {
    const tools = createTestToolbox({});
    const memory = createMemory(tools.records, tools.runtime);
    await expect(collect(invocation("/feedback bad"), tools, { memory })).rejects.toThrow(/no answer here yet/);
    await memory.remember(invocation("/ask x"), { question: "宿舍租金是多少？", answer: "不知道。" });
    await collect(invocation("/feedback bad"), tools, { memory });
    expect(textOf((await collect(invocation("/feedback"), tools, { memory })).post)).toContain("宿舍租金是多少？");
  });

  test.each(["private", "closed"] as const)("asked where it is %s, it counts without its words", async (privacy) => {
    const tools = createTestToolbox({});
    const address = { platform: "test", workspace: "w1", channel: "c1", privacy, data: null };
    const aside = { question: "Will Carol be dismissed?", model: "test/model" };
    await collect({ ...press("bad", "a1", "mei", aside), address }, tools);
    await collect({ ...press("good", "a1", "mei", aside), address }, tools);
    await collect({ ...press("bad", "a1", "mei", aside), address }, tools);
    await collect(press("bad", "a2", "ken", { question: "Is there leave?" }), tools);
    const { post } = await collect(invocation("/feedback"), tools);
    expect(textOf(post)).toMatch(/^0 👍 and 2 👎[^]*Is there leave\?/);
    expect(JSON.stringify([post, await tools.records.list("feedback/", 5)])).not.toContain("Carol");
    expect(post.sections[0]?.tables[0]?.rows[0]).toEqual(["—", "0", "1"]);
    expect(post.sections[0]?.notes).toEqual(["1 more that did not help was asked privately."]);
  });

  test("words that an earlier version kept, without saying where they were said, are not shown", async () => {
    const tools = createTestToolbox({});
    const old = { about: "last: Carol?", user: "mei", verdict: "bad", question: "Carol?", model: "x/one", at: 0 };
    await tools.records.set("feedback/w1", [old]);
    const { post } = await collect(invocation("/feedback"), tools);
    expect(textOf(post)).toMatch(/^0 👍 and 1 👎/);
    expect(JSON.stringify(post)).not.toContain("Carol");
    await collect(press("good", "a1", "ken"), tools);
    expect(JSON.stringify(await tools.records.list("feedback/", 5))).not.toContain("Carol");
  });

  test("the sum is for admins, of their own workspace", async () => {
    const tools = createTestToolbox({});
    await collect(press("good", "a1", "mei"), tools);
    await expect(collect(invocation("/feedback", member("mei")), tools)).rejects.toThrow(/Only admins see the sum/);
    const address = { platform: "test", workspace: "w2", channel: "c1", privacy: "public" as const, data: null };
    expect(textOf((await collect(invocation("/feedback", { address }), tools)).post)).toMatch(/Nobody has judged/);
  });

  test("a verdict that is none is named with those there are", async () => {
    await expect(collect(invocation("/feedback nice"), createTestToolbox({}))).rejects.toThrow(/good, bad/);
  });

  test("what is kept has a bound, and the newest stays", async () => {
    const tools = createTestToolbox({});
    for (let i = 0; i < 305; i++)
      await collect(press(i === 304 ? "bad" : "good", `a${i}`, "mei", { question: `${i} ${"問".repeat(390)}` }), tools);
    const [kept] = await tools.records.list("feedback/", 5);
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(256 * 1024);
    expect(textOf((await collect(invocation("/feedback"), tools)).post)).toMatch(/299 👍 and 1 👎[^]*- \S+ 304 問/);
  });
});
