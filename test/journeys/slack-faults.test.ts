// When Slack refuses, stalls or breaks off: nothing is doubled, nothing is lost, the asker always learns the outcome.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { BotError } from "../../src/core/errors.ts";
import { pressOf, startRig, type Script, type SlackRig } from "../fakes/slack/rig.ts";
import { until } from "./heed-process.ts";

let rig: SlackRig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const PARAGRAPH = "A sentence about attention that is not short at all. ".repeat(8).trim();
const long = (paragraphs: number): string =>
  Array.from({ length: paragraphs }, (_, i) => `(${i}) ${PARAGRAPH}`).join("\n\n");
const says = (text: string): Script =>
  async function* () {
    for (const part of text.match(/[\s\S]{1,400}/g) ?? []) {
      yield { type: "text", text: part };
      await pause(2);
    }
  };
const everything = () =>
  rig
    .seen()
    .map(({ text }) => text)
    .join("\n");

describe("long answers", () => {
  test("a stream goes on in a new message, with code closed and opened again", async () => {
    const code = `\`\`\`ts\n${"const line = 1; // a line of code\n".repeat(400)}\`\`\``;
    rig.script(says(`Here:\n\n${code}\n\nDone with it.`));
    await rig.mention("long");
    await rig.settle();
    expect(rig.seen().length).toBeGreaterThan(1);
    expect(everything().match(/const line/g)).toHaveLength(400);
    for (const { message } of rig.seen()) expect((message.text.match(/^```/gm) ?? []).length % 2).toBe(0);
    // On a busy machine the offer to stop may stand last.
    expect(rig.seen().findLast(({ message }) => !message.only)?.text).toContain("Done with it.");
  });

  test("a posted answer fills as many messages as it takes, whole and in order", async () => {
    rig.script(says(long(60)));
    await rig.slash("ask", "long");
    await rig.settle();
    expect(rig.seen().length).toBeGreaterThan(1);
    expect([...everything().matchAll(/\((\d+)\)/g)].map(([, number]) => Number(number))).toEqual(
      Array.from({ length: 60 }, (_, i) => i),
    );
  });

  test.each(["msg_too_long", "msg_blocks_too_long", "invalid_blocks"])(
    "%s: is cut finer until it fits",
    async (error) => {
      rig.slack.fail("chat.postMessage", { error });
      rig.script(says(long(10)));
      await rig.slash("ask", "long");
      await rig.settle();
      expect(everything()).toContain("(9)");
    },
  );

  test.each(["mention", "slash"])("by %s, one table is a table; several are lines of one message", async (way) => {
    const ask = () => (way === "mention" ? rig.mention("tables") : rig.slash("ask", "tables"));
    rig.script(says("Before\n\n| a | b |\n|---|---|\n| 1 | **2** |\n"));
    await ask();
    await rig.settle();
    expect(rig.seen()).toHaveLength(1);
    expect(rig.seen()[0]?.message.blocks.map(({ type }) => type)).toContain("table");
    rig.script(
      says("Before\n\n| a | b |\n|---|---|\n| 1 | [two](https://e.com/2) |\n\n| c | d |\n|---|---|\n| 3 | 4 |\n\nEnd."),
    );
    await ask();
    await rig.settle();
    expect(rig.seen()).toHaveLength(2);
    expect(rig.seen()[1]?.text).toMatch(/Before[\s\S]*1[\s\S]*<https:\/\/e\.com\/2\|two>[\s\S]*3[\s\S]*4[\s\S]*End\./);
    expect(everything()).not.toContain("|---|");
  });
});

describe("streams", () => {
  test("one that Slack has closed is finished by editing its message", async () => {
    rig.script(async function* () {
      yield { type: "text", text: long(4) };
      await until(() => everything().includes("(3)"));
      rig.slack.state.messages.forEach((message) => (message.streaming = "closed"));
    });
    await rig.mention("q");
    await rig.settle();
    expect(rig.seen()).toHaveLength(1);
    expect(everything()).toContain("(3)");
  });

  test("one that closes in the middle loses nothing", async () => {
    const { promise: go, resolve } = Promise.withResolvers<void>();
    rig.script(async function* () {
      yield { type: "text", text: "The beginning of it. " };
      await go;
      yield { type: "text", text: "The rest of it." };
    });
    await rig.mention("q");
    await until(() => rig.seen().length > 0);
    rig.slack.state.messages.forEach((message) => (message.streaming = "closed"));
    resolve();
    await rig.settle();
    expect(rig.seen()).toHaveLength(1);
    expect(everything()).toContain("The beginning of it. The rest of it.");
  });

  test.each([
    ["missing_recipient_team_id", { error: "missing_recipient_team_id" }],
    ["unknown_method", { error: "unknown_method" }],
    ["5xx", { status: 503 }],
  ])("where none may begin (%s), the answer is posted", async (_, fault) => {
    rig.slack.fail("chat.startStream", fault, 9);
    await rig.mention("q");
    await rig.settle();
    expect(rig.seen()).toHaveLength(1);
    expect(everything()).toContain("Answer to: q");
  });

  test("where Slack shows no status, a message does, and becomes the answer", async () => {
    rig.slack.fail("assistant.threads.setStatus", { error: "missing_scope" }, 9);
    rig.script(async function* () {
      yield { type: "status", text: "Searching" };
      await until(() => everything().includes("Searching"));
      yield { type: "text", text: "Found." };
    });
    await rig.mention("q");
    await rig.settle();
    expect(rig.seen()).toHaveLength(1);
    expect(everything()).toContain("Found.");
    expect(everything()).not.toContain("Searching");
  });
});

describe("a server that speaks only a part of Slack", () => {
  const OPTIONAL = [
    "assistant.threads.setStatus",
    "chat.startStream",
    "conversations.replies",
    "conversations.history",
    "users.info",
  ];

  test.each([
    ["unknown_method", { error: "unknown_method" }],
    ["404", { status: 404 }],
    ["501", { status: 501 }],
  ])("without the methods that Heed can spare (%s), it answers at once and once", async (_, fault) => {
    for (const method of OPTIONAL) rig.slack.fail(method, fault, 999);
    const root = await rig.mention("first?");
    await rig.settle();
    await rig.slash("ask", "second?");
    await rig.mention("third?", { thread_ts: rig.slack.state.nextTs() });
    await rig.say("fourth?", { thread_ts: root });
    await rig.settle();
    expect(rig.seen().map(({ text }) => /Answer to: (\w+)/.exec(text)?.[1])).toEqual(
      expect.arrayContaining(["first", "second", "third", "fourth"]),
    );
    expect(rig.seen()).toHaveLength(4);
    // Not one of the refused calls is tried again.
    const tried = rig.slack.calls.filter(({ method }) => method === "assistant.threads.setStatus");
    expect(tried.length).toBeLessThanOrEqual(3);
  });

  test("an attempt that died unseen is posted anew where Slack does not let Heed look for it", async () => {
    rig.slack.fail("conversations.history", { error: "missing_scope" }, 9);
    rig.slack.fail("chat.postMessage", { status: 500 });
    await rig.slash("ask", "q");
    await rig.settle();
    expect(rig.seen()).toHaveLength(1);
    expect(rig.seen()[0]?.message.channel).toBe("C1");
  });
});

describe("refusals", () => {
  test.each(["not_in_channel", "channel_not_found", "is_archived"])(
    "%s: the response URL still reaches the channel",
    async (error) => {
      for (const method of ["chat.postMessage", "chat.postEphemeral"]) rig.slack.fail(method, { error }, 99);
      await rig.slash("ask", "q", { channel_id: "C2" });
      await rig.settle();
      const [announced, answered, ...others] = rig.slack.responses.map(({ body }) => body);
      expect(others).toEqual([]);
      expect(announced).toMatchObject({ response_type: "ephemeral", text: expect.stringContaining("Working on it") });
      expect(answered).toMatchObject({ response_type: "in_channel" });
      expect(JSON.stringify(answered)).toContain("Answer to: q");
    },
  );

  test("a mention in a channel that is closed is answered in a direct message that says why", async () => {
    await rig.mention("q", { channel: "C2" });
    await rig.settle();
    expect(rig.seen()).toHaveLength(1);
    expect(rig.seen()[0]?.message.channel).toBe("DU1");
    expect(everything()).toMatch(/<#C2>.*Answer to: q/s);
  });

  test("a revoked token still lets the response URL answer", async () => {
    rig.script(async function* () {
      rig.slack.state.tokens.clear();
      yield { type: "text", text: "Too late for the token." };
    });
    await rig.slash("ask", "q");
    await rig.settle();
    expect(JSON.stringify(rig.slack.responses)).toContain("Too late for the token.");
  });

  test("a message that somebody deleted is posted anew", async () => {
    rig.script(async function* () {
      yield { type: "status", text: "Searching" };
      await until(() => rig.seen().length > 0);
      rig.slack.state.messages.length = 0;
      yield { type: "text", text: "Here." };
    });
    await rig.slash("ask", "q");
    await rig.settle();
    expect(rig.seen()).toHaveLength(1);
    expect(everything()).toContain("Here.");
  });
});

describe("patience", () => {
  test("429 is waited out as long as Slack asks", async () => {
    rig.slack.fail("chat.postMessage", { status: 429, retryAfter: 3 });
    await rig.slash("ask", "q");
    await rig.settle();
    expect(rig.seen()).toHaveLength(1);
    const [first, second] = rig.slack.calls.filter(({ method }) => method === "chat.postMessage");
    // The test's clock runs ten times as fast.
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(280);
  });

  test("a long 429 sends the job back to the queue, which then edits nothing twice", async () => {
    rig.slack.fail("chat.postMessage", { status: 429, retryAfter: 120 }, 3);
    await rig.slash("ask", "q");
    await rig.settle();
    expect([...rig.queue.jobs.values()][0]?.attempts).toBeGreaterThan(1);
    expect(rig.seen()).toHaveLength(1);
  });

  test.each([true, false])("5xx on a post (taken effect: %s) does not double it", async (after) => {
    rig.slack.fail("chat.postMessage", after ? { status: 500, after } : { status: 500 });
    await rig.slash("ask", "q");
    await rig.settle();
    expect(rig.seen()).toHaveLength(1);
    expect(everything()).toContain("Answer to: q");
  });

  test("5xx on edits passes", async () => {
    rig.slack.fail("chat.update", { status: 502 }, 2);
    rig.script(async function* () {
      yield { type: "status", text: "Searching" };
      await until(() => rig.seen().length > 0);
      yield { type: "text", text: "Found." };
    });
    await rig.slash("ask", "q");
    await rig.settle();
    expect(everything()).toContain("Found.");
  });

  test("a retried job edits its earlier message", async () => {
    let tries = 0;
    rig.script(async function* () {
      yield { type: "text", text: `Try ${++tries} of it. And more.` };
      await until(() => rig.seen().length > 0);
      if (tries === 1) throw new BotError("overloaded", { en: "Busy.", "zh-TW": "忙碌。" });
    });
    await rig.mention("q");
    await rig.settle();
    expect(tries).toBe(2);
    expect(rig.seen()).toHaveLength(1);
    expect(everything()).toContain("Try 2 of it.");
    expect(everything()).not.toContain("Try 1");
  });

  test("a failure for good says so, below what was already said", async () => {
    rig.script(async function* () {
      yield { type: "text", text: "So far so good." };
      throw new BotError("refused", { en: "The model declined.", "zh-TW": "模型拒絕了。" });
    });
    await rig.mention("q?");
    await rig.settle();
    expect(everything()).toMatch(/So far so good\.[\s\S]*The model declined\./);
  });

  test("a slow queue is acknowledged in time, and its failure still told", async () => {
    const error = new BotError("unavailable", { en: "No queue.", "zh-TW": "沒有佇列。" });
    rig.queue.breaks({ error, delayMs: 600 });
    const { body } = await rig.slash("ask", "hello?");
    expect(JSON.stringify(body)).toContain("still trying");
    await until(() => rig.slack.responses.length > 0);
    expect(JSON.stringify(rig.slack.responses)).toContain("No queue.");
  });

  test("while the records are away with the queue, who calls Heed is told, once; other talk comes again", async () => {
    const away = () => Promise.reject(new BotError("unavailable", { en: "Nothing kept.", "zh-TW": "沒有紀錄。" }));
    Object.assign(rig.records, { get: away, set: away, claim: away, update: away });
    await rig.mention("hello?", { user: "U2" });
    expect(rig.seen().map(({ text, message }) => [text, message.only])).toEqual([["Nothing kept.", "U2"]]);
    const { status } = await rig.say("not for you, perhaps", { thread_ts: "1700000000.000100" });
    expect(status).not.toBe(200);
    expect(rig.seen()).toHaveLength(1);
  });

  test("where neither the queue nor Slack can be reached, the event is not acknowledged, so that it comes again", async () => {
    rig.queue.breaks({ error: new BotError("unavailable", { en: "No queue.", "zh-TW": "沒有佇列。" }) });
    rig.slack.fail("*", { status: 500 }, 99);
    const { status } = await rig.say("<@UHEED> q");
    expect(status).not.toBe(200);
  });
});

describe("stop", () => {
  const endless: Script = async function* ({ signal }) {
    yield { type: "status", text: "Searching" };
    yield { type: "text", text: "It begins. " };
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };

  test("a slow stream offers it beside the answer; others may not press it; it goes with the answer's end", async () => {
    rig.script(endless);
    rig.becomeSlow();
    await rig.mention("q", { user: "U2" });
    await until(() => everything().includes("Still working"));
    await rig.press("Stop", "U1");
    await until(() => rig.seen().at(-1)?.message.only === "U1");
    await rig.press("Stop", "U2");
    await rig.settle();
    expect(everything()).toMatch(/It begins\.[\s\S]*Stopped\./);
    expect(everything()).not.toContain("Still working");
  });

  test("a posted answer carries it while it runs", async () => {
    rig.script(endless);
    await rig.slash("ask", "q?");
    await until(() => everything().includes("It begins."));
    await rig.press("Stop", "UADMIN");
    await rig.settle();
    expect(everything()).toContain("Stopped.");
  });

  test("a button that Heed did not write, or wrote for another answer, stops nothing", async () => {
    rig.script(endless);
    await rig.slash("ask", "q?");
    await rig.slash("ask", "mine?", { user_id: "U2" });
    await until(() => (everything().match(/It begins\./g) ?? []).length === 2);
    const [asked = "", other = ""] = [...rig.queue.jobs.keys()];
    const own = pressOf("Stop", "U2", rig.slack) as { actions: { value: string }[] };
    const [, permit = ""] = own.actions[0]!.value.split(".");
    expect(own.actions[0]!.value).toBe(`stop.${permit}.${other}`);
    for (const argument of ["U1", "U2", "", "~", permit, permit.split("~").toReversed().join("~")]) {
      own.actions[0]!.value = `stop.${argument}.${asked}`;
      await rig.sender.interactive(own);
    }
    await until(() => everything().match(/Only the person who asked/g)?.length === 6);
    expect(everything()).not.toContain("Stopped.");
    own.actions[0]!.value = `stop.${permit}.${other}`;
    await rig.sender.interactive(own);
    await until(() => everything().includes("Stopped."));
    await rig.press("Stop", "U1");
    await rig.settle();
  });

  test("saying so in the thread, and Slack's own button, stop it too", async () => {
    rig.script(endless);
    const root = await rig.mention("q?");
    await until(() => everything().includes("It begins."));
    await rig.say("stop", { thread_ts: root, user: "U2" });
    await until(() => everything().includes("Only the person who asked"));
    expect(everything()).not.toContain("Stopped.");
    await rig.say("stop", { thread_ts: root });
    await rig.settle();
    expect(everything()).toContain("Stopped.");
    await rig.mention("again?");
    const streams = () => rig.seen().filter(({ message }) => !message.only);
    await until(() => streams().length > 1);
    const streaming_message_ts = [streams().at(-1)!.message.ts];
    await rig.sender.event(
      rig.event({
        type: "agent_session_stopped",
        channel: "C1",
        user: "U1",
        thread_ts: "1",
        streaming_message_ts,
        event_ts: "1",
      }),
    );
    await rig.settle();
    expect(rig.seen().filter(({ text }) => text.includes("Stopped."))).toHaveLength(2);
  });
});

describe("sockets", () => {
  beforeEach(async () => {
    await rig.close();
    rig = await startRig({ mode: "socket" });
  });
  const newOne = (old: readonly unknown[]) => [...rig.slack.sockets].some((socket) => !old.includes(socket));

  test.each(["refresh", "hard disconnect"])("%s: the next question is heard", async (kind) => {
    const old = [...rig.slack.sockets];
    if (kind === "refresh") old[0]?.send(JSON.stringify({ type: "disconnect", reason: "refresh_requested" }));
    else old[0]?.terminate();
    await until(() => newOne(old) && !rig.slack.sockets.has(old[0]!));
    await rig.mention("still there?");
    await rig.settle();
    expect(everything()).toContain("still there?");
  });

  test("a socket that Slack refuses for a while is asked for again; meanwhile nothing breaks", async () => {
    const [old] = rig.slack.sockets;
    rig.slack.fail("apps.connections.open", { error: "invalid_auth" }, 2);
    old?.terminate();
    await until(() => newOne([old]));
    await rig.mention("still there?");
    await rig.settle();
    expect(everything()).toContain("still there?");
  });

  test("while one is connecting anew, the other hears; what both hear is answered once", async () => {
    await until(() => rig.slack.sockets.size === 2);
    const [first] = rig.slack.sockets;
    first?.terminate();
    await until(() => rig.slack.sockets.size === 1);
    await rig.mention("in between?");
    await rig.settle();
    expect(everything()).toContain("in between?");
    await until(() => rig.slack.sockets.size === 2);
    const envelope = { type: "events_api", payload: rig.event(rig.message("<@UHEED> follow off", { user: "U2" })) };
    for (const socket of rig.slack.sockets)
      socket.send(JSON.stringify({ ...envelope, envelope_id: crypto.randomUUID() }));
    await until(() => everything().includes("only when I am mentioned"));
    await pause(100);
    expect(everything().match(/only when I am mentioned/g)).toHaveLength(1);
  });
});

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
