// From Slack's wire to the message seen, over real Bolt: every way in, in both modes.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { BotError } from "../../src/core/errors.ts";
import { startRig, type Mode, type SlackRig } from "../fakes/slack/rig.ts";
import { httpSender } from "../fakes/slack/sender.ts";
import { wordOf } from "../fakes/word-of.ts";

describe.each<Mode>(["http", "socket"])("slack over %s", (mode) => {
  let rig: SlackRig;
  beforeEach(async () => {
    rig = await startRig({ mode });
  });
  afterEach(() => rig.close());

  test("a mention is answered once, in its thread, streamed", async () => {
    const ts = await rig.mention("what is attention?");
    await rig.settle();
    expect(rig.calls.map(({ args }) => args)).toEqual([{ question: "what is attention?" }]);
    const [{ text, message } = { text: "", message: undefined }] = rig.seen();
    expect(rig.seen()).toHaveLength(1);
    expect(message?.thread).toBe(ts);
    expect(text).toContain("Answer to: what is attention?");
    expect(rig.slack.calls.find(({ method }) => method === "chat.startStream")?.args).toMatchObject({
      recipient_user_id: "U1",
      recipient_team_id: "T1",
    });
  });

  test("a slash command is acknowledged, and question and answer stand together", async () => {
    const { status } = await rig.slash("ask", "為什麼 <@U2|ken> 要除以根號？");
    expect(status).toBe(200);
    await rig.settle();
    expect(rig.calls[0]?.args).toEqual({ question: "為什麼 @ken 要除以根號？" });
    expect(rig.seen()).toHaveLength(1);
    expect(rig.seen()[0]?.text).toMatch(/\*Mei\*: \/ask 為什麼 @ken 要除以根號？\n.*Answer to/s);
  });

  if (mode === "http")
    test.each(["/slack/events", "/slack/commands", "/slack/interactivity"])("%s takes every kind", async (path) => {
      const sender = httpSender(rig.port, { path });
      const challenge = await sender.event({ type: "url_verification", challenge: "c", token: "v" });
      expect(challenge.body).toEqual({ challenge: "c" });
      expect((await sender.event(rig.event(rig.message("<@UHEED> there?")))).status).toBe(200);
      await rig.settle();
      expect(rig.seen()).toHaveLength(1);
      const forged = httpSender(rig.port, { path, secret: "another" });
      expect((await forged.event(rig.event(rig.message("<@UHEED> there?")))).status).toBe(401);
    });

  test("retries, twins and repeats on another socket are one question", async () => {
    const message = rig.message("<@UHEED> once?");
    const body = rig.event(message);
    await rig.sender.event(body);
    await rig.sender.event(body, { num: 1, reason: "http_timeout" });
    await rig.sender.event(rig.event({ ...message, type: "app_mention" }));
    await rig.settle();
    await rig.sender.event(body, { num: 2, reason: "http_timeout" });
    await rig.settle();
    expect(rig.calls).toHaveLength(1);
    expect(rig.seen()).toHaveLength(1);
  });

  test("while the queue is down, the asker alone is told at once", async () => {
    rig.queue.breaks({ error: new BotError("unavailable", { en: "No queue.", "zh-TW": "沒有佇列。" }) });
    const { body, status } = await rig.slash("ask", "hello?");
    expect({ body, status }).toEqual({ status: 200, body: { response_type: "ephemeral", text: "No queue." } });
    await rig.mention("還在嗎？");
    expect(rig.seen()).toHaveLength(1);
    expect(rig.seen()[0]).toMatchObject({ text: "沒有佇列。", message: { only: "U1" } });
  });

  test("what only the presser is told leaves the answer standing", async () => {
    rig.script(async function* ({ args }) {
      yield { type: "text", text: args["question"] === "q" ? "The answer." : "Noted." };
      const action = { label: "Good", command: "ask", options: { question: "good" }, shows: "to-presser" } as const;
      if (args["question"] === "q") yield { type: "actions", actions: [action] };
    });
    const ts = await rig.mention("q");
    await rig.slash("ask", "q --private", { user_id: "U2" });
    await rig.settle();
    await rig.press("Good", "U2");
    await rig.settle();
    expect(rig.seen().map(({ text, message }) => [text.split("\n")[0], message.only, message.thread])).toEqual([
      ["The answer.", undefined, ts],
      ["Noted.", "U2", ts],
    ]);
  });

  test("a button runs its command, a quote goes to the one who asked for it", async () => {
    rig.script(async function* ({ args }) {
      yield { type: "text", text: `By ${wordOf(args["model"] ?? "default")} [1]` };
      const source = {
        number: 1,
        documentId: "d",
        title: "Handbook",
        place: "p. 4",
        start: 0,
        end: 9,
        quote: "Three days.",
      };
      yield { type: "source", source };
      const options = { question: "q", model: "other" };
      yield { type: "actions", actions: [{ label: "Ask other", command: "ask", options, shows: "below" }] };
    });
    const ts = await rig.mention("q");
    await rig.settle();
    await rig.press("Show quote", "U2");
    await rig.settle();
    expect(rig.seen().at(-1)).toMatchObject({ message: { only: "U2", thread: ts } });
    expect(rig.seen().at(-1)?.text).toContain("Three days.");
    await rig.press("Ask other", "U2");
    await rig.settle();
    expect(rig.calls.map(({ args }) => args)).toEqual([{ question: "q" }, { question: "q", model: "other" }]);
    expect(rig.seen().at(-1)?.text).toContain("By other");
    expect(rig.seen().at(-1)?.message.thread).toBe(ts);
  });
});
