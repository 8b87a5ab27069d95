// Streamed text only ever grows, and what it grows to pings nobody.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { settledLength, toStreamMarkdown } from "../../../adapters/slack/render/stream-text.ts";

const piece = fc.constantFrom(
  "**",
  "「重點」",
  "word",
  "，",
  " ",
  "\n",
  "<!chan",
  "nel>",
  "<@U1>",
  "@he",
  "re",
  "<",
  "@",
  "👍",
  "*",
  "(x)",
  "***",
  "_",
  "~",
  "`",
  "```",
  "[連結](https://example.com)",
  "（",
  "）",
  "。",
  "- ",
  "字".repeat(198),
  "\uD83D",
  "x".repeat(90),
  "字".repeat(60),
);
const text = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(""));

test("what was shown is never taken back", () => {
  fc.assert(
    fc.property(text, text, (before, more) => {
      const shown = toStreamMarkdown(before.slice(0, settledLength(before)));
      const whole = before + more;
      expect(toStreamMarkdown(whole.slice(0, settledLength(whole))).startsWith(shown)).toBe(true);
    }),
    {
      examples: [
        ["**re**「重點」", "**"],
        ["**「重點」**\uD83D", "\uDC4D"],
      ],
      numRuns: 1000,
    },
  );
});

test("what can no longer become bold is not held back", () => {
  expect(settledLength("a **b** c")).toBe(9);
  expect(settledLength("a **b")).toBe(2);
  expect(settledLength(`a **b ${"c".repeat(200)}`)).toBe(206);
});

test("nothing pings, wherever the stream is cut", () => {
  fc.assert(
    fc.property(text, (text) => {
      expect(toStreamMarkdown(text)).not.toMatch(/<@[A-Z0-9]|<!channel|@here\b/);
    }),
  );
});

test.each([
  ["這是**「重點」**對吧", "這是**\u200B「重點」\u200B**對吧"],
  ["**plain** words", "**plain** words"],
])("bold beside full-width punctuation: %s", (markdown, expected) => {
  expect(toStreamMarkdown(markdown)).toBe(expected);
});
