// Slack under the contract of every platform, in both of its modes.

import { describe } from "@jest/globals";
import { startRig, type Mode } from "../fakes/slack/rig.ts";
import type { Json } from "../../src/core/world.ts";
import { readOf } from "../fakes/slack/state.ts";
import { wordOf } from "../fakes/word-of.ts";
import { describePlatform, type PlatformRig } from "./platform.ts";

describe.each<Mode>(["http", "socket"])("slack over %s", (mode) => {
  describePlatform(() => open(mode));
});

function blocksOf({ blocks = [] }: { [key: string]: Json }) {
  return blocks as unknown as readonly { [key: string]: Json }[];
}

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
    repeat: async () => void (await rig.sender.event(last, { num: 1, reason: "http_timeout" })),
    press: async (label, by) => void (await rig.press(label, by)),
    rebuild: async (by) => void (await rig.slash("rebuild", "", { user_id: by })),
    async look(action, way, by) {
      if (way === "command") await rig.slash("look", action, { user_id: by });
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
    close: () => rig.close(),
  };
}
