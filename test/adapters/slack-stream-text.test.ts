// Streamed text only ever grows, and what it grows to pings nobody.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { settledLength, toStreamMarkdown } from "../../adapters/slack/stream-text.ts";

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
);
const text = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(""));

test("what was shown is never taken back", () => {
  fc.assert(
    fc.property(text, text, (before, more) => {
      const shown = toStreamMarkdown(before.slice(0, settledLength(before)));
      const whole = before + more;
      expect(toStreamMarkdown(whole.slice(0, settledLength(whole))).startsWith(shown)).toBe(true);
    }),
  );
});

test.each([
  ["**re**「重點」", "**"],
  ["**「重點」**", "\uD83D"],
  ["a**「" + "字".repeat(200), "」**b"],
])("what was shown stays, with more behind it: %j, %j", (before, more) => {
  const shown = toStreamMarkdown(before.slice(0, settledLength(before)));
  const whole = before + more;
  expect(toStreamMarkdown(whole.slice(0, settledLength(whole))).startsWith(shown)).toBe(true);
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
