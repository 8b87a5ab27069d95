import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import stringWidth from "string-width";
import { endOf, settledLength, clipToWidth, wrap } from "../../../adapters/terminal/render/wrap.ts";

describe("wrap", () => {
  test.each([
    ["at words", "the quick brown fox", 10, ["the quick", "brown fox"]],
    ["Chinese anywhere", "什麼是多頭注意力機制", 8, ["什麼是多", "頭注意力", "機制"]],
    [
      "but not before a full stop or a closing bracket",
      "這是多頭。（注意力）好",
      8,
      ["這是多", "頭。（注", "意力）好"],
    ],
    ["nor behind an opening one", "一二三「四五」", 8, ["一二三", "「四五」"]],
    [
      "nor before a full stop behind something bold",
      "一二三\u001B[1m四\u001B[22m。",
      8,
      ["一二三\u001B[1m", "四\u001B[22m。"],
    ],
    ["Latin words within Chinese stay whole", "使用 transformer 模型", 14, ["使用", "transformer 模", "型"]],
    ["what no row can hold", "aaaaaaaaaaaa bb", 5, ["aaaaa", "aaaaa", "aa bb"]],
    ["list items under their words", "- one two three", 9, ["- one two", "  three"]],
    ["quotations with their mark", "> one two three", 9, ["> one two", "> three"]],
    ["sources under their title", "[1] one two three", 11, ["[1] one two", "    three"]],
  ])("%s", (_, text, width, rows) => {
    expect(wrap(text, width)).toEqual(rows);
  });

  test("no row is wider than it may be, and no letter is lost", () => {
    const texts = fc.array(
      fc.constantFrom("word", "a-very-long-word-indeed-it-is", " ", "  ", "中文", "。", "「", "- ", "> ", "\n", "🙂"),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(texts, fc.integer({ min: 8, max: 30 }), (pieces, width) => {
        const text = pieces.join("");
        const rows = wrap(text, width);
        for (const row of rows) expect(stringWidth(row)).toBeLessThanOrEqual(width);
        const letters = (written: string) => written.replace(/[\s>]/g, "");
        expect(letters(rows.join(""))).toBe(letters(text));
      }),
    );
  });
});

describe("settledLength", () => {
  test.each([
    ["One two thr", 8],
    ["One two ", 8],
    ["一二三", 2],
    ["See **bold wor", 4],
    ["See **bold** wor", 13],
    ["# A heading", 0],
    ["#", 0],
  ])("%j", (line, length) => {
    expect(settledLength(line)).toBe(length);
  });
});

test("shorten and endOf count columns, not characters", () => {
  expect(clipToWidth("多頭注意力", 7)).toBe("多頭注…");
  expect(clipToWidth("short", 7)).toBe("short");
  expect(endOf("多頭注意力", 5)).toBe("意力");
});
