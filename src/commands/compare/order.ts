// Shuffles the models, every permutation equally likely, so that a letter tells nothing.

import { randomInt } from "node:crypto";

/** Letters under which answers stand. */
export const LETTERS = ["A", "B", "C", "D", "E", "F"] as const;

/** Fisher and Yates's shuffle. `below` draws a whole number from 0 to one less than its argument. */
export function shuffle<Value>(values: readonly Value[], below: (most: number) => number = drawBelow): Value[] {
  const shuffled = [...values];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const at = below(last + 1);
    [shuffled[last], shuffled[at]] = [shuffled[at]!, shuffled[last]!];
  }
  return shuffled;
}

/** From the operating system's own source: a seed that could be guessed would give the models away. */
function drawBelow(most: number): number {
  return randomInt(most);
}
