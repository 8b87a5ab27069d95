// Pieces fit, lose nothing that is seen, keep code whole, and end where a reader pauses.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { split } from "../../../adapters/kit/split.ts";

const words = fc.constantFrom(
  "word",
  "可以，但有兩個條件。",
  "Really? ",
  "**bold** ",
  "\n",
  "\n\n",
  "- item\n",
  "\n## heading\n",
  "\n```ts\n",
  "\n```\n",
  "const a = 1;\n",
  "\n~~~~\n",
  "\n- ```js\n",
  "\n   ```\n",
  "\n> ```\n> a\n> b\n",
  "👩‍👩‍👧‍👦",
  "🇹🇼",
  "é",
  " ",
  "長".repeat(90),
  "x".repeat(150),
);
const markdown = fc.array(words, { maxLength: 60 }).map((parts) => parts.join(""));
const limit = fc.integer({ min: 128, max: 400 });

describe("split", () => {
  test("every piece fits and none is empty", () => {
    fc.assert(
      fc.property(markdown, limit, (text, limit) => {
        for (const piece of split(text, limit)) {
          expect(piece.length).toBeLessThanOrEqual(limit);
          expect(piece.trim()).not.toBe("");
        }
      }),
    );
  });

  test("nothing that is seen is lost", () => {
    fc.assert(
      fc.property(markdown, limit, (text, limit) => {
        expect(seen(split(text, limit).join("\n"))).toBe(seen(text));
      }),
    );
  });

  test("a heading goes with what it stands over", () => {
    const text = `${"Words and more. ".repeat(8)}\n\n### What follows\n\n\`\`\`\nA B C\n\`\`\`\nAnd so on.`;
    const pieces = split(text, 160);
    expect(pieces[1]).toMatch(/^### What follows\n\n```\nA B C/);
  });

  test("no character is torn", () => {
    fc.assert(
      fc.property(markdown, limit, (text, limit) => {
        for (const piece of split(text, limit)) expect(piece.isWellFormed()).toBe(true);
      }),
    );
  });

  test("text that grows keeps its earlier pieces", () => {
    fc.assert(
      fc.property(markdown, markdown, limit, (text, more, limit) => {
        const before = split(`${text}.`, limit).slice(0, -1);
        expect(split(`${text}.${more}`, limit).slice(0, before.length)).toEqual(before);
      }),
    );
  });

  test("short text is one piece, and nothing is none", () => {
    expect(split("hello\n", 100)).toEqual(["hello"]);
    expect(split(" \n", 100)).toEqual([]);
  });

  test("a paragraph's end is the first choice", () => {
    const text = `${"One. ".repeat(8)}\n\n${"Two words. ".repeat(6)}`;
    expect(split(text, 80)).toEqual(["One. ".repeat(8).trim(), "Two words. ".repeat(6).trim()]);
  });

  test("Chinese is cut behind its own full stop", () => {
    const pieces = split("實習生可以申請遠端工作，但到職要先滿三個月。".repeat(12), 128);
    for (const piece of pieces) expect(piece).toMatch(/。$/);
  });

  test("code is closed at a cut and opened again with its language", () => {
    const code = Array.from({ length: 20 }, (_, i) => `const line${i} = ${i};`).join("\n");
    const pieces = split(`Look:\n\n\`\`\`ts\n${code}\n\`\`\`\nDone.`, 120);
    expect(pieces.length).toBeGreaterThan(2);
    for (const piece of pieces) expect((piece.match(/^```/gm)?.length ?? 0) % 2).toBe(0);
    expect(pieces[1]).toMatch(/^```ts\n/);
    expect(pieces.join("\n").match(/const line\d+ = \d+;/g)).toHaveLength(20);
  });

  test.each([
    ["a list item", "- ```ts", "  a = 1;", "  ```"],
    ["a quote", "> ~~~~ts", "> a = 1;", "> ~~~~"],
  ])("code in %s is closed and opened where it stands", (_, opening, line, closing) => {
    const text = [opening, ...Array<string>(40).fill(line), closing, "", "Done."].join("\n");
    const pieces = split(text, 140);
    expect(pieces.length).toBeGreaterThan(2);
    for (const piece of pieces.slice(0, -1)) expect(piece.split("\n").at(-1)).toBe(closing);
    for (const piece of pieces.slice(1, -1)) expect(piece.split("\n")[0]).toBe(opening.replace("-", " "));
    expect(pieces.join("\n").split("a = 1;")).toHaveLength(41);
  });

  test("a block that ends at a cut is not opened again", () => {
    for (let limit = 128; limit < 160; limit++)
      for (const text of [
        `\`\`\`\n${"a = 1\n".repeat(20)}\`\`\`\n${"Words. ".repeat(12)}`,
        `${"> Some words.\n".repeat(7)}> \`\`\`\n> a\n${"Words. ".repeat(12)}`,
      ])
        for (const piece of split(text, limit)) expect(piece).not.toMatch(/(?:^|\n)(?:> )?```\n(?:> )?```/);
  });

  test("code that fits a piece of its own is not torn", () => {
    const block = `\`\`\`\n${"a = 1\n".repeat(10)}\`\`\``;
    const pieces = split(`${"Some words before it. ".repeat(4)}\n\n${block}\n\nAfter.`, 100);
    expect(pieces).toContainEqual(expect.stringContaining(block));
  });
});

/** Without white space and the marks of code blocks. */
function seen(text: string): string {
  return text.replace(/^[ \t>-]*(?:```|~~~~)[^\n]*$/gm, "").replace(/\s/g, "");
}
