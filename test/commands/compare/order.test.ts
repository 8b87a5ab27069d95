// The blind order: a permutation, and every permutation as likely as any other.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { shuffle } from "../../../src/commands/compare/order.ts";

/** The 0.9999 quantiles of chi squared with 3, 5 and 23 degrees of freedom: a fair shuffle fails once in 10,000 runs. */
const CRITICAL = { 3: 21.11, 5: 25.74, 23: 58.61 } as const;

function chiSquared(counts: readonly number[], expected: number): number {
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe("shuffle", () => {
  test("keeps every value once and leaves its argument alone", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (values) => {
        const before = [...values];
        expect(shuffle(values).toSorted((a, b) => a - b)).toEqual(before.toSorted((a, b) => a - b));
        expect(values).toEqual(before);
      }),
    );
  });

  test("whatever the source draws, a permutation comes of it", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 6, maxLength: 6 }), (draws) => {
        let at = 0;
        const shuffled = shuffle(["a", "b", "c", "d", "e", "f"], (most) => draws[at++ % draws.length]! % most);
        expect(new Set(shuffled).size).toBe(6);
      }),
    );
  });

  test("all 24 orders of four models are equally likely", () => {
    const counts = new Map<string, number>();
    const runs = 12_000;
    for (let i = 0; i < runs; i++) {
      const order = shuffle(["a", "b", "c", "d"]).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(chiSquared([...counts.values()], runs / 24)).toBeLessThan(CRITICAL[23]);
  });

  test("no model prefers a letter", () => {
    const places = [0, 0, 0, 0];
    for (let i = 0; i < 8000; i++) places[shuffle(["a", "b", "c", "d"]).indexOf("c")]! += 1;
    expect(chiSquared(places, 2000)).toBeLessThan(CRITICAL[3]);
  });
});
