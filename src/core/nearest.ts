// "Did you mean ...?": the known word that is fewest edits away from the typed one.

/** The closest of `known`, or undefined when none is close enough to be a slip of the finger. Part of a name is close. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  const ranked = known
    .map((name) => ({ name, distance: distance(word, name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  const best = ranked[0];
  if (!best) return undefined;
  const isClose = best.distance <= Math.max(1, Math.floor(best.name.length / 3));
  if (isClose) return best.name;
  return word.length > 2 ? known.find((name) => name.toLowerCase().includes(word)) : undefined;
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
