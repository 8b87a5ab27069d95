// Slack under the contract of every platform, in both of its modes.

import { describe } from "@jest/globals";
import { startRig, type Mode } from "../fakes/slack/rig.ts";
import { wordOf } from "../fakes/word-of.ts";
import { describePlatform, type PlatformRig } from "./platform.ts";

describe.each<Mode>(["http", "socket"])("slack over %s", (mode) => {
  describePlatform(() => open(mode));
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
    repeat: async () => void (await rig.sender.event(last, { num: 1, reason: "http_timeout" })),
    press: async (label, by) => void (await rig.press(label, by)),
    rebuild: async (by) => void (await rig.slash("rebuild", "", { user_id: by })),
    seen: () => [
      ...rig.seen().map(({ text, message }) => ({ text, only: message.only })),
      ...rig.slack.responses
        .filter(({ body }) => body["response_type"] === "ephemeral")
        .map(({ body }) => ({ text: wordOf(body["text"]), only: "a presser" })),
    ],
    breakQueue: (error) => rig.queue.breaks({ error }),
    throttle: (times) => rig.slack.fail("*", { status: 429, retryAfter: 1 }, times),
    settle: () => rig.settle(),
    close: () => rig.close(),
  };
}
