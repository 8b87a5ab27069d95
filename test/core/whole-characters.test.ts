// Every place that cuts words, fed characters of several units at every offset: none leaves half of one.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { enclosed } from "../../adapters/discord/render/files.ts";
import { renderQuotes } from "../../adapters/discord/render/render.ts";
import { split as splitMessage } from "../../adapters/kit/split.ts";
import { button, context, header, sections } from "../../adapters/slack/render/blocks.ts";
import { clipToWidth, cutToWidth, endOf, wrap } from "../../adapters/terminal/render/wrap.ts";
import { clipColumns } from "../../src/attention/views/layout.ts";
import { clipMarkdown } from "../../src/commands/compare/board.ts";
import { ask } from "../../src/commands/ask/index.ts";
import { tooManyWords, wrongArgument } from "../../src/core/misuse.ts";
import { emptyPost } from "../../src/core/post.ts";
import { readInput } from "../../src/core/read-input.ts";
import { clip, truncate } from "../../src/core/text.ts";
import { unknownCoding, wrongType } from "../../src/knowledge/fetch/refusals.ts";
import { nameOfPage } from "../../src/knowledge/fetch/response-file.ts";
import { split as splitDocument } from "../../src/knowledge/ingest/chunk.ts";
import { pickQuotes } from "../../src/models/extractive.ts";

const CHARACTERS = ["𠮷", "👍", "👨‍👩‍👧‍👦", "🏳️‍🌈"];
/** Longer than anything that is shown, one character after another, begun at an even and at an odd place. */
const TEXTS = CHARACTERS.flatMap((character) => ["", "a", "ab"].map((head) => head + character.repeat(400)));
const LIMITS = [64, 65, 66, 67, 71, 80, 99];

/** What each place makes of a text; whatever holds words is looked into. */
const CUTS: Readonly<Record<string, (text: string) => unknown>> = {
  clip: (text) => LIMITS.map((limit) => clip(text, limit)),
  truncate: (text) => LIMITS.map((limit) => truncate(text, limit)),
  "a message in parts": (text) => LIMITS.map((limit) => splitMessage(text, limit)),
  "a block of code in parts": (text) => LIMITS.map((limit) => splitMessage(`\`\`\`${text}\n${text}\n\`\`\``, limit)),
  "a document in passages": (text) => splitDocument({ text, headings: [], pages: [] }).map(({ text }) => text),
  "an answer of a comparison": (text) => LIMITS.map((limit) => clipMarkdown(text, limit)),
  "a row of a picture": (text) => LIMITS.map((limit) => clipColumns(text, limit)),
  "a row of the terminal": (text) =>
    LIMITS.map((limit) => [clipToWidth(text, limit), cutToWidth(text, limit), endOf(text, limit), wrap(text, limit)]),
  "Slack's sections": (text) => sections(text),
  "Slack's small print": (text) => context([text]),
  "Slack's header": (text) => header(text),
  "Slack's button": (text) => button(text, { kind: "act", argument: "1", id: "job" }),
  "Discord's files": (name) => {
    const picture = { name: `${name}.png`, alt: name, mediaType: "image/png" as const, bytes: new Uint8Array(1) };
    return enclosed({ ...emptyPost("en"), pictures: [picture] }, 1_000_000).files.map(({ name, description }) => [
      name,
      description,
    ]);
  },
  "Discord's quotes": (quote) =>
    renderQuotes([{ number: 1, documentId: "d", title: quote, place: quote, start: 0, end: 9, quote }]),
  "a wrong argument": (given) =>
    [wrongArgument(ask, "model", given), tooManyWords(ask, given)].map(({ phrase }) => phrase),
  "a wrong page": (type) => [wrongType(type), unknownCoding(type)].map(({ phrase }) => phrase),
  "a page's name": (name) => nameOfPage(new URL(`https://example.com/${encodeURIComponent(name)}`), {}),
  "a message pointed at": (text) =>
    readInput({ input: { text: "" }, context: [{ author: "Ada", text }], attachments: [] }, ask, "en"),
  "an offline answer": (text) => {
    const hit = { text, start: 0, end: text.length, quote: { start: 0, end: text.length }, score: 1 };
    return pickQuotes([{ ...hit, documentId: "d", title: "d", headings: [] }], "en");
  },
};

describe("no half character", () => {
  test.each(Object.keys(CUTS))("%s", (name) => {
    for (const text of TEXTS) {
      const words = [...wordsIn(CUTS[name]!(text))];
      expect(words.length).toBeGreaterThan(0);
      expect(words.filter((each) => !each.isWellFormed())).toEqual([]);
    }
  });

  test("nothing cuts a text by itself: clip(), truncate() and their kin know what a character is", () => {
    const folders = ["src", "adapters", "workers"];
    const files = folders.flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => join(root, name)),
    );
    // A length of a text is called LONGEST_..., a number of things MOST_...; a fence's mark holds only one kind of letter.
    const byHand = /\.slice\(0, (?:LONGEST_(?!SLUG\b|MARK\b)\w+|MOST_CHARACTERS)\)|\.slice\(0, [^()]*\)[^\n`]*…/;
    const strays = files.filter((file) => file !== "src/core/text.ts" && byHand.test(readFileSync(file, "utf8")));
    expect(strays).toEqual([]);
  });
});

function* wordsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null) for (const each of Object.values(value)) yield* wordsIn(each);
}
