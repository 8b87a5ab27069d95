// A stream of any text, in any pieces: all of it arrives, each message within bounds, no code left open.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { CallSlack } from "../../../adapters/slack/api.ts";
import { Destination } from "../../../adapters/slack/destination.ts";
import { fenceAfter } from "../../../src/core/markdown.ts";
import { Stream } from "../../../adapters/slack/send/stream.ts";
import { wordOf } from "../../fakes/word-of.ts";
import { PATIENCE_MS } from "../../fakes/wait.ts";

const place = Destination.parse({ id: "i", team: "T", user: "U", channel: "C", thread: "1.1" });
const piece = fc.constantFrom(
  "word ",
  "長".repeat(3000),
  "x".repeat(2999),
  "👍".repeat(1501),
  "\n",
  "\n```ts\n",
  "句。",
  "y".repeat(9999),
);

test("whatever is written, and however slowly", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 20 }), fc.integer({ min: 0, max: 90_000 }), async (pieces, step) => {
      let clock = 0;
      const messages: string[] = [];
      const call: CallSlack = async (method, { ts, markdown_text }) => {
        const text = wordOf(markdown_text ?? "");
        expect(text.length).toBeLessThanOrEqual(12_000);
        if (method === "chat.startStream") messages.push("");
        const at = method === "chat.startStream" ? messages.length - 1 : Number(ts);
        messages[at] += text;
        return { ts: String(at), channel: "C" };
      };
      const stream = new Stream(call, place, { now: () => clock });
      let text = "";
      for (const piece of pieces) {
        clock += step;
        text += piece;
        expect(await stream.grow(text, AbortSignal.timeout(PATIENCE_MS))).toBe(true);
      }
      const seen = (markdown: string) => markdown.replace(/\n?^```\w*$\n?/gm, "").replaceAll("\n", "");
      expect(seen(messages.join("\n"))).toBe(seen(text));
      for (const message of messages.slice(0, -1)) expect(fenceAfter(message, undefined)).toBeUndefined();
      for (const message of messages) expect(message.length).toBeLessThan(10_100);
    }),
    { numRuns: 200 },
  );
});
