// Slack under the contract of every platform, in both of its modes.

import { describe } from "@jest/globals";
import { commands } from "../../src/commands/index.ts";
import type { Invocation } from "../../src/core/invocation.ts";
import { startRig, type Mode } from "../fakes/slack/rig.ts";
import type { Json } from "../../src/core/runtime.ts";
import { readOf } from "../fakes/slack/state.ts";
import { wordOf } from "../fakes/word-of.ts";
import { describePlatform, type PlatformRig } from "./platform.ts";
import { describeTyped, type TypedRig } from "./typed.ts";

describe.each<Mode>(["http", "socket"])("slack over %s", (mode) => {
  describePlatform(() => open(mode));
});

function blocksOf({ blocks = [] }: { [key: string]: Json }) {
  return blocks as unknown as readonly { [key: string]: Json }[];
}
describe("slack", () => {
  describeTyped(["mention", "mention by the bot's id", "direct message", "follow-up", "/heed"], openTyped);
});

async function open(mode: Mode): Promise<PlatformRig> {
  const rig = await startRig({ mode });
  let last: object = {};
  return {
    people: { asker: "U1", other: "U2", admin: "UADMIN" },
    pings: /<@[A-Z0-9]|<!(?:channel|here|everyone)|@(?:everyone|here|channel)\b/i,
    script: (run) => rig.script(run),
    calls: rig.calls,
    async ask(question, by = "U1") {
      last = rig.event(rig.message(`<@UHEED> ${question}`, { user: by }));
      await rig.sender.event(last);
    },
    async write(words, by = "U1") {
      await rig.sender.event(rig.event(rig.message(`<@UHEED> ${words}`, { user: by })));
    },
    repeat: async () => void (await rig.sender.event(last, { num: 1, reason: "http_timeout" })),
    press: async (label, by) => void (await rig.press(label, by)),
    rebuild: async (by) => void (await rig.slash("rebuild", "", { user_id: by })),
    async look(action, way, by) {
      const direct = { user: by, channel: `D${by}`, channel_type: "im" };
      if (way === "direct") await rig.say(`look ${action}`, direct);
      else if (way === "command") await rig.slash("look", action, { user_id: by });
      else await rig.mention(`look ${action}`, { user: by });
    },
    told: (by) => rig.seen().flatMap(({ text, message }) => (message.channel === `D${by}` ? [text] : [])),
    seen: () => [
      ...rig
        .seen()
        .filter(({ message }) => !message.channel.startsWith("D"))
        .map(({ text, message }) => ({ text, only: message.only })),
      ...rig.slack.responses
        .filter(({ body }) => body["response_type"] === "ephemeral")
        .map(({ body }) => ({
          text: readOf({ text: wordOf(body["text"] ?? ""), blocks: blocksOf(body) }),
          only: "a presser",
        })),
    ],
    breakQueue: (error) => rig.queue.breaks({ error }),
    throttle: (times) => rig.slack.fail("*", { status: 429, retryAfter: 1 }, times),
    settle: () => rig.settle(),
    passTime: () => rig.queue.passTime(),
    close: () => rig.close(),
  };
}

/** Listens without working: what is typed is what the queue is given. */
async function openTyped(): Promise<TypedRig> {
  const rig = await startRig({ mode: "http", begin: false });
  const asked: Invocation[] = [];
  await rig.adapter.start({
    enqueue: async (invocation) => void asked.push(invocation),
    stop: async () => {},
    recall: async () => undefined,
    commands,
  });
  const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const heard = async (send: () => Promise<unknown>) => {
    const before = asked.length;
    await send();
    const invocation = asked[before];
    if (!invocation) throw new Error("nothing was asked");
    return invocation;
  };
  const root = await rig.mention("what begins a thread?");
  const mention = (call: string) => (line: string) =>
    heard(() => rig.sender.event(rig.event({ ...rig.message(`${call}${escape(line)}`), type: "app_mention" })));
  return {
    ways: {
      mention: { isShared: true, type: mention("<@UHEED> ") },
      "mention by the bot's id": { isShared: true, type: mention("<@BHEED|heed>, ") },
      "direct message": {
        isShared: false,
        type: (line) => heard(() => rig.say(escape(line), { channel: "D1", channel_type: "im" })),
      },
      "follow-up": { isShared: true, type: (line) => heard(() => rig.say(escape(line), { thread_ts: root })) },
      "/heed": { isShared: true, type: (line) => heard(() => rig.slash("heed", escape(line))) },
    },
    close: () => rig.close(),
  };
}
