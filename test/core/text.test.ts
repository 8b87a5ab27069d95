// Shortened text: bounded, whole characters only.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { clip, oneLine, wholeCharacters } from "../../src/core/text.ts";

const FAMILY = "👨‍👩‍👧‍👦";

describe("clip", () => {
  test.each([
    ["short", 10, "short"],
    ["exactly ten", 11, "exactly ten"],
    ["a longer sentence", 9, "a longer…"],
    ["繁體中文也一樣會被截短", 6, "繁體中文也…"],
    ["𠮷野家的牛丼很好吃", 3, "𠮷…"],
    ["𠮷野家", 2, "…"],
    [`ab${FAMILY}cd`, 8, "ab…"],
    ["cafe\u0301 au lait", 5, "caf…"],
    ["", 0, ""],
    ["anything", 0, "…"],
  ])("%p to %i", (text, most, expected) => expect(clip(text, most)).toBe(expected));

  test("is never longer than asked, and never holds half a character", () => {
    const text = fc.string({ unit: "binary", maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), (text, most) => {
        const clipped = clip(text, most);
        expect(clipped.length).toBeLessThanOrEqual(Math.max(most, text.length <= most ? text.length : 1));
        expect(clipped.isWellFormed()).toBe(true);
      }),
    );
  });

  test("a character made of ten thousand marks is cut rather than kept whole or dropped", () => {
    const zalgo = `a${"\u0301".repeat(10_000)}`;
    expect(clip(zalgo, 500).length).toBeGreaterThan(400);
    expect(clip(zalgo, 500).length).toBeLessThanOrEqual(500);
  });
});

test("wholeCharacters moves back to the start of what it would tear, and no further", () => {
  const text = `ab${FAMILY}cd`;
  expect([0, 1, 2, 3, 7, 12].map((at) => wholeCharacters(text, at))).toEqual([0, 1, 2, 2, 2, 2]);
  expect(wholeCharacters(text, 13)).toBe(13);
  expect(wholeCharacters("abc", 99)).toBe(3);
});

test("oneLine leaves single spaces only", () => {
  expect(oneLine("  two\n\n lines\tof \u3000 text ")).toBe("two lines of text");
});
