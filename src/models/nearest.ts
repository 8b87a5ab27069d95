// The name that was most likely meant by one that nobody knows.

const LONGEST = 100;

/** The nearest of the names, or undefined where none is near. Holding what was typed counts as near. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const wanted = typed.slice(0, LONGEST).toLowerCase();
  const held = wanted.length > 2 ? names.find((name) => name.toLowerCase().includes(wanted)) : undefined;
  const ranked = names
    .flatMap((name) => formsOf(name).map((form) => ({ name, form: form.toLowerCase() })))
    .map(({ name, form }) => ({ name, off: distance(wanted, form) / Math.max(wanted.length, form.length) }))
    .sort((a, b) => a.off - b.off);
  return held ?? ranked.find(({ off }) => off <= 0.4)?.name;
}

/** As people type it: whole, without the provider, or the provider alone. */
function formsOf(name: string): readonly string[] {
  const slash = name.indexOf("/");
  return [name, name.slice(slash + 1), name.slice(0, slash)].filter(Boolean);
}

/** Levenshtein's: how many letters to add, drop or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [i, letter] of a.split("").entries()) {
    const above = row;
    row = [i + 1];
    for (let j = 1; j <= b.length; j++) {
      const change = (above[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
  }
  return row.at(-1) ?? 0;
}
