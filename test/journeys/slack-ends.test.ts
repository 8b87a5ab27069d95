// An answer that Slack does not take in its full form, from the question to what people see and the log says.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { BotError } from "../../src/core/errors.ts";
import { startRig, type SlackRig } from "../fakes/slack/rig.ts";
import { buttonsIn } from "../fakes/slack/state.ts";
import type { Json } from "../../src/core/runtime.ts";
import { until } from "./heed-process.ts";

let rig: SlackRig;
let goOn: () => void;
beforeEach(async () => {
  rig = await startRig();
  const { promise, resolve } = Promise.withResolvers<void>();
  goOn = resolve;
  rig.script(async function* () {
    yield { type: "text", text: "Sentence number 1 stands. " };
    await promise;
    yield { type: "text", text: "Sentence number 2 stands." };
    yield { type: "actions", actions: [{ label: "Go on", command: "ask", options: {}, shows: "below" }] };
  });
});
afterEach(() => rig.close());

const first = () => until(() => rig.seen().some(({ text }) => text.includes("number 1")));
const all = () => rig.seen().map(({ text }) => text);
const labels = () =>
  rig.slack.state.messages.flatMap(({ blocks }) => buttonsIn(blocks as unknown as Json)).map(({ label }) => label);
const open = () => rig.slack.state.messages.filter(({ streaming }) => streaming === "open").length;
const errors = () => rig.runtime.events.filter(({ level }) => level === "error").map(({ event }) => event);
const answered = () => rig.runtime.events.find(({ event }) => event === "answered")?.fields["shown"];
const end = async () => {
  goOn();
  await rig.settle();
};

describe("a refused call of a stream", () => {
  test.each([
    ["chat.appendStream", "msg_too_long"],
    ["chat.appendStream", "a_code_of_next_year"],
    ["chat.stopStream", "invalid_blocks"],
    ["chat.startStream", "channel_type_not_supported"],
  ])("%s: %s, once: the answer stands whole in its thread, and no stream is open", async (method, error) => {
    rig.slack.fail(method, { error });
    const root = await rig.mention("slow?");
    if (method !== "chat.startStream") await first();
    await end();
    expect(all()).toHaveLength(1);
    expect(all()[0]).toContain("Sentence number 1 stands. Sentence number 2 stands.");
    expect(rig.seen()[0]?.message).toMatchObject({ channel: "C1", thread: root });
    expect([open(), labels()]).toEqual([0, ["Go on"]]);
    expect([answered(), errors()]).toEqual(["whole", ["slack: refused, so shown otherwise"]]);
  });

  test("stops the stream once, before anything is edited", async () => {
    rig.slack.fail("chat.appendStream", { error: "msg_too_long" });
    await rig.mention("slow?");
    await first();
    await end();
    const writes = rig.slack.calls.map(({ method }) => method).filter((method) => /Stream|update/.test(method));
    expect(writes).toEqual(["chat.startStream", "chat.appendStream", "chat.stopStream", "chat.update"]);
    expect(rig.slack.refusals).toEqual([]);
  });

  test("an edit that meets a stream which is still open ends that first", async () => {
    await rig.mention("slow?");
    await first();
    // The first end is refused with its blocks, the second altogether.
    rig.slack.fail("chat.stopStream", { error: "internal_refusal" }, 2);
    await end();
    expect(all()).toHaveLength(1);
    expect([open(), labels(), answered()]).toEqual([0, ["Go on"], "whole"]);
  });
});

describe("blocks that Slack does not take", () => {
  const METHODS = ["chat.startStream", "chat.postMessage", "chat.update", "chat.postEphemeral"];
  const refuse = (when = ({ blocks }: { blocks?: Json }) => Array.isArray(blocks) && blocks.length > 0) => {
    for (const method of [...METHODS, "chat.stopStream"])
      rig.slack.fail(method, { error: "invalid_blocks", when }, 999);
  };

  test.each(["mention", "slash"])("by %s: the words alone, with a line that says so", async (way) => {
    refuse();
    if (way === "mention") await rig.mention("what?");
    else await rig.slash("ask", "what?");
    await end();
    expect(all()).toHaveLength(1);
    expect(all()[0]).toMatch(
      /number 1 stands\. Sentence number 2[\s\S]*Buttons and layout are left out: .*invalid_blocks/,
    );
    expect(rig.seen()[0]?.message.channel).toBe("C1");
    expect([answered(), errors()]).toEqual(["lesser", ["slack: refused, so shown otherwise"]]);
  });

  test("where Slack says so of everything, the job has failed, and the log says so", async () => {
    for (const method of METHODS) rig.slack.fail(method, { error: "invalid_blocks" }, 999);
    await rig.mention("what?");
    await end();
    expect(all()).toEqual([]);
    expect(errors()).toEqual(["slack: an answer cannot be shown", "not shown"]);
    expect([...rig.queue.jobs.values()][0]?.error).toMatchObject({ code: "forbidden" });
    expect(rig.slack.calls.filter(({ method }) => METHODS.includes(method)).length).toBeLessThan(40);
  });
});

describe("the offer to stop a slow answer", () => {
  beforeEach(() => rig.becomeSlow());
  const isOffered = () => all().some((text) => text.includes("Still working"));

  test.each<[string, () => void]>([
    ["ends", () => {}],
    ["goes on by edits", () => rig.slack.fail("chat.appendStream", { error: "msg_too_long" })],
    ["ends by edits", () => rig.slack.fail("chat.stopStream", { error: "msg_too_long" })],
  ])("goes when the answer %s", async (_, fail) => {
    await rig.mention("slow?");
    await until(isOffered);
    expect(labels()).toEqual(["Stop"]);
    fail();
    await end();
    expect(all()).toHaveLength(1);
    expect([isOffered(), labels()]).toEqual([false, ["Go on"]]);
  });

  test("goes when the answer fails", async () => {
    rig.script(async function* () {
      yield { type: "text", text: "Sentence number 1 stands. " };
      await until(isOffered);
      throw new BotError("refused", { en: "The model declined.", "zh-TW": "模型拒絕了。" });
    });
    await rig.mention("slow?");
    await rig.settle();
    expect(all()).toEqual([expect.stringMatching(/number 1[\s\S]*declined/)]);
  });

  test("goes too where Slack did not say that it stands", async () => {
    const when = ({ text }: { text?: Json }) => text === "Still working on your question.";
    rig.slack.fail("chat.postMessage", { status: 500, after: true, when });
    await rig.mention("slow?");
    await until(isOffered);
    await end();
    expect(all()).toHaveLength(1);
    expect(isOffered()).toBe(false);
  });

  test("that a worker left behind goes with the next attempt", async () => {
    let tries = 0;
    rig.script(async function* () {
      yield { type: "text", text: `Try number ${++tries}. ` };
      if (tries > 1) return;
      await until(isOffered);
      // The next show hands the offer in with the receipt.
      yield { type: "text", text: "And a little more of it. " };
      await until(() => all().some((text) => text.includes("little more")));
      throw new BotError("overloaded", { en: "Busy.", "zh-TW": "忙碌。" });
    });
    await rig.mention("slow?");
    await rig.settle();
    expect(tries).toBe(2);
    expect(all()).toEqual([expect.stringContaining("Try number 2.")]);
  });
});

describe("a stream whose beginning Slack did not confirm", () => {
  test("is found again by its words, and goes on", async () => {
    rig.slack.fail("chat.startStream", { status: 500, after: true });
    const root = await rig.mention("slow?");
    await first();
    await end();
    expect(all()).toHaveLength(1);
    expect(all()[0]).toContain("Sentence number 1 stands. Sentence number 2 stands.");
    expect(rig.seen()[0]?.message).toMatchObject({ thread: root, streaming: "closed" });
    expect(labels()).toEqual(["Go on"]);
  });

  test("that never began is begun no second time: the answer is posted", async () => {
    rig.slack.fail("chat.startStream", { status: 500 });
    await rig.mention("slow?");
    await end();
    expect(all()).toHaveLength(1);
    expect([open(), labels()]).toEqual([0, ["Go on"]]);
  });

  test("is not taken for what a person says in the same words", async () => {
    rig.slack.fail("chat.startStream", { status: 500 });
    const root = rig.slack.state.nextTs();
    const person = { channel: "C1", thread: root, text: "Sentence number 1 stands.", blocks: [], only: undefined };
    const said = { ...person, streaming: "no", metadata: null, user: "U2", edits: 0 } as const;
    rig.slack.state.messages.push({ ...said, ts: rig.slack.state.nextTs() });
    await rig.mention("slow?", { thread_ts: root });
    await end();
    expect(all()).toHaveLength(1);
    expect(rig.slack.state.messages.find(({ user }) => user === "U2")).toMatchObject({ text: said.text, edits: 0 });
  });
});

test("a channel that was archived meanwhile: the asker gets the answer and the true reason", async () => {
  await rig.mention("what?", { user: "U2" });
  await first();
  for (const method of ["chat.appendStream", "chat.stopStream", "chat.update", "chat.postMessage", "chat.delete"])
    rig.slack.fail(method, { error: "is_archived", when: ({ channel }) => channel === "C1" }, 999);
  await end();
  const direct = rig.seen().filter(({ message }) => message.channel === "DU2");
  expect(direct).toHaveLength(1);
  expect(direct[0]?.text).toMatch(/in <#C1>: the channel is archived\.[\s\S]*Sentence number 2/);
  expect(errors()).toContain("slack: a message of an answer that is elsewhere cannot be taken away");
});

test("a message that takes no replies is answered in the channel itself", async () => {
  const when = ({ thread_ts }: { thread_ts?: Json }) => thread_ts !== undefined;
  for (const method of ["chat.startStream", "chat.postMessage"])
    rig.slack.fail(method, { error: "cannot_reply_to_message", when }, 999);
  await rig.mention("what?");
  await end();
  expect(all()).toHaveLength(1);
  expect(rig.seen()[0]?.message).toMatchObject({ channel: "C1", thread: undefined });
});

test("a limit of pace is no refusal", async () => {
  await rig.mention("what?");
  await first();
  rig.slack.fail("chat.stopStream", { status: 429, retryAfter: 1 }, 2);
  await end();
  expect(all()).toHaveLength(1);
  expect([answered(), errors()]).toEqual(["whole", []]);
});
