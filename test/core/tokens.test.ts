// An estimate that may be off, but never absurd, and adds up.

import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { estimateTokens } from "../../src/core/tokens.ts";

test.each([
  ["", 0],
  ["word", 1],
  ["Interns may work remotely.", 7],
  ["實習生可以申請遠端工作嗎？", 13],
  ["用 attention 來解釋", 7],
  ["🙂", 2],
  ["Привет", 6],
])("%j takes about %i tokens", (text, tokens) => {
  expect(estimateTokens(text)).toBe(tokens);
});

test("two texts together take no more than both apart, and not less than either", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (a, b) => {
      const together = estimateTokens(a + b);
      expect(together).toBeLessThanOrEqual(estimateTokens(a) + estimateTokens(b));
      expect(together).toBeGreaterThanOrEqual(Math.max(estimateTokens(a), estimateTokens(b)));
    }),
  );
});
