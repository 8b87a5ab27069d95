// One row of softmax as it is worked on paper, rounded at every step, so that a reader with a calculator finds the same digits.

import { printed } from "./layout.ts";

/** By piece: every number goes on from the printed ones before it. */
export interface Paper {
  root: number;
  products: ReadonlyMap<number, number>;
  scaled: ReadonlyMap<number, number>;
  powers: ReadonlyMap<number, number>;
  weights: ReadonlyMap<number, number>;
  /** Of the pieces that are not spelled out, together. */
  rest: { power: number; weight: number };
  sum: number;
}

/** `scores` are q.k / sqrt(headWidth), and the largest is among the shown. */
export function workPaper(
  scores: readonly number[],
  shown: readonly number[],
  others: readonly number[],
  headWidth: number,
): Paper {
  const exact = Math.sqrt(headWidth);
  const root = printed(exact, 9, 4);
  const products = new Map(shown.map((i) => [i, printed(scores[i]! * exact, 8, 2)]));
  const scaled = new Map(shown.map((i) => [i, printed(products.get(i)! / root, 7, 3)]));
  const largest = Math.max(...scaled.values());
  const powers = new Map(shown.map((i) => [i, printed(Math.exp(scaled.get(i)! - largest), 10, 3)]));
  const top = Math.max(...scores);
  const power = printed(
    others.reduce((sum, i) => sum + Math.exp(scores[i]! - top), 0),
    10,
    3,
  );
  const sum = [...powers.values(), power].reduce((a, b) => a + b);
  const weights = new Map(shown.map((i) => [i, printed(powers.get(i)! / sum, 7, 3)]));
  return { root, products, scaled, powers, weights, rest: { power, weight: printed(power / sum, 7, 3) }, sum };
}
