// Passages are exact pieces of their document, whole where the text is, and never cross a heading.

import * as fc from "fast-check";
import { describe, expect, test } from "@jest/globals";
import type { Reading } from "../../src/core/knowledge.ts";
import { blocksOfChunk, LONGEST, split, TARGET } from "../../src/knowledge/ingest/chunk.ts";
import { sentencesIn } from "../../src/core/sentences.ts";

/** Markdown headings, as a format would report them. */
function readingOf(text: string): Pick<Reading, "text" | "headings" | "pages"> {
  const headings = [...text.matchAll(/^(#{1,6}) (.+)$/gm)].map(({ 1: marks, 2: words, index }) => ({
    level: marks!.length,
    text: words!,
    start: index,
  }));
  return { text, headings, pages: [] };
}

const sentence = fc.oneof(
  fc.stringMatching(/^[a-zA-Z ,.'-]{1,300}[.!?] $/),
  fc.string({
    unit: fc.constantFrom("注", "意", "力", "，", "。", "𠮷", "！", "」", " "),
    minLength: 1,
    maxLength: 500,
  }),
  fc.stringMatching(/^\n#{1,4} [a-z ]{1,30}\n$/),
  fc.stringMatching(/^\n```\n[a-z\n]{1,300}\n```\n$/),
  fc.stringMatching(/^\n(\| [a-z]{1,9} \|\n){1,40}$/),
  fc.constantFrom("\n", "\n\n", "   "),
  fc.string({ unit: "binary", maxLength: 900 }),
);
const text = fc.array(sentence, { maxLength: 30 }).map((parts) => parts.join(""));

describe("split", () => {
  test("offsets are exact, passages are in order, and every visible character is in one", () => {
    fc.assert(
      fc.property(text, (whole) => {
        const passages = split(readingOf(whole));
        let end = 0;
        for (const passage of passages) {
          expect(whole.slice(passage.start, passage.end)).toBe(passage.text);
          expect(whole.slice(end, passage.start).trim()).toBe("");
          expect(passage.text).toBe(passage.text.trim());
          end = passage.end;
        }
        expect(whole.slice(end).trim()).toBe("");
      }),
    );
  });

  test("passages are neither empty nor too long, and cut no character in half", () => {
    fc.assert(
      fc.property(text, (whole) => {
        for (const passage of split(readingOf(whole))) {
          expect(passage.text.length).toBeGreaterThan(0);
          expect(passage.text.length).toBeLessThanOrEqual(LONGEST);
          if (whole.isWellFormed()) expect(passage.text.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  test("no passage holds a heading of its own rank or a higher one", () => {
    fc.assert(
      fc.property(text, (whole) => {
        const reading = readingOf(whole);
        for (const { start, end, headings } of split(reading)) {
          const own = reading.headings.findLast((heading) => heading.start <= start);
          const inside = reading.headings.filter((heading) => heading.start > start && heading.start < end);
          expect([own, ...inside].map((heading) => heading?.text)).toContain(headings.at(-1));
          expect(inside.every(({ level }) => own !== undefined && level > own.level)).toBe(true);
        }
      }),
    );
  });

  test("sentences stay whole and fill a passage", () => {
    const whole = "注意力機制讓模型看見整個句子的每一個字。".repeat(60);
    const passages = split(readingOf(whole));
    expect(passages.every((passage) => passage.text.endsWith("。"))).toBe(true);
    expect(passages.slice(0, -1).every((passage) => passage.text.length > TARGET * 0.8)).toBe(true);
  });

  test("abbreviations, decimals and initials end no sentence", () => {
    const whole = "So Dr. J. Smith paid 3.5 dollars to the U.S. Army, e.g. Tom. 他付了錢。「真的！」她說。 Why?";
    expect(sentencesIn(whole).map(({ start, end }) => whole.slice(start, end).trim())).toEqual([
      "So Dr. J. Smith paid 3.5 dollars to the U.S. Army, e.g. Tom.",
      "他付了錢。",
      "「真的！」",
      "她說。",
      "Why?",
    ]);
  });

  test("a code block and a table that fit are not torn", () => {
    const code = `\`\`\`js\n${"call(one, two);\n".repeat(30)}\`\`\``;
    const table = "| a | b |\n".repeat(60).trim();
    const found = split(readingOf(`Before.\n\n${code}\n\nBetween.\n\n${table}\n\nAfter.`)).map(
      (passage) => passage.text,
    );
    expect(found.some((each) => each.includes(code))).toBe(true);
    expect(found.some((each) => each.includes(table))).toBe(true);
  });

  test("a heading without text of its own is read with what follows", () => {
    const found = split(readingOf("# Handbook\n\n## Leave\n\nTen days a year.\n\n## Pay\n\nMonthly."));
    expect(found.map(({ headings }) => headings)).toEqual([
      ["Handbook", "Leave"],
      ["Handbook", "Pay"],
    ]);
  });

  test("a passage says on which page it begins", () => {
    const whole = "One.\n\nTwo.\n\nThree.".padEnd(900, " word");
    const passages = split({
      text: whole,
      headings: [],
      pages: [
        { number: 1, start: 0 },
        { number: 2, start: 300 },
      ],
    });
    expect(passages.length).toBeGreaterThan(1);
    expect(passages.map(({ page }) => page)).toEqual(passages.map(({ start }) => (start < 300 ? 1 : 2)));
  });
});

describe("the blocks of a passage that was cut out of a document", () => {
  const kinds = (text: string) => blocksOfChunk(text).map(({ kind, start, end }) => [kind, text.slice(start, end)]);

  test("code whose fence was cut away is code, up to the fence that ends it", () => {
    const inside =
      'const messages = [{ role: "user", content: "今天台北要帶傘嗎？" }];\nfor (let round = 0; round < 5; round++) {\n';
    expect(kinds(inside)).toEqual([["code", inside]]);
    expect(kinds(`${inside}\`\`\`\nOnly then it asks again.`)).toEqual([
      ["code", `${inside}\`\`\`\n`],
      ["prose", "Only then it asks again."],
    ]);
    expect(kinds('question = "How many days?"\nprint(chain.invoke(question))')[0]![0]).toBe("code");
  });

  test("prose is prose: with its own code behind it, in a list, with a formula", () => {
    for (const text of [
      "- commercial use is allowed;\n- a notice must be kept;\n- large companies ask first.",
      "一次注意力是 softmax(QKᵀ/√d)V。\n它的權重加起來是 1；",
      "The model reads it.",
    ])
      expect(kinds(text)).toEqual([["prose", text]]);
    expect(kinds("Call it like this:\n```\nrun();\n```\n").map(([kind]) => kind)).toEqual(["prose", "code"]);
  });
});
