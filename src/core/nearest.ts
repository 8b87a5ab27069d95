// Finds the known word that is fewest edits from a typed one.

import { truncate } from "./text.ts";

const LONGEST = 100;

/** The closest of `known`, or undefined where none is close enough to be a slip. Part of a name is close too. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const word = truncate(typed, LONGEST).toLowerCase();
  const ranked = known
    .flatMap((name) => formsOf(name.toLowerCase()).map((form) => ({ name, form, off: distance(word, form) })))
    .toSorted((a, b) => a.off - b.off);
  const close = ranked.find(({ form, off }) => off <= Math.max(1, Math.floor(form.length / 3)));
  if (close) return close.name;
  return word.length > 2 ? known.find((name) => name.toLowerCase().includes(word)) : undefined;
}

/** "provider/model" may be typed whole or by either half. */
function formsOf(name: string): readonly string[] {
  return [...new Set([name, name.slice(name.indexOf("/") + 1), name.split("/")[0] ?? name])];
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours, one each. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const at = (up: number, left: number) => rows[i - up]?.[j - left] ?? Infinity;
      const substitution = at(1, 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(substitution, at(1, 0) + 1, (row[j - 1] ?? 0) + 1, isSwap ? at(2, 2) + 1 : Infinity);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}
