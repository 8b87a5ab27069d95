// A table as it is found and quoted best: a line for each row, every value under the name of its column, so that no row needs another.

import { checkLength } from "./define-format.ts";

const LONGEST_NAME = 60;

/**
 * "Item: screen · Price: 8900" for each row below the names; rows as they are where no row of names is found.
 * Lines of a single value above the names are kept: a sheet often begins with its own title.
 * Throws BotError "too-large" once the lines, in which names add up without a byte in the file, pass the text's bound.
 */
export function writeRecords(rows: readonly (readonly string[])[]): string {
  const full = rows.filter((row) => row.some(Boolean));
  const first = full.findIndex((row) => row.filter(Boolean).length > 1);
  const [names = [], ...rest] = first < 0 ? [] : full.slice(first);
  if (!areNames(names) || rest.length === 0) return joinLines(full, writeRow);
  const [above, below] = [joinLines(full.slice(0, first), writeRow), joinLines(rest, (row) => writeRecord(row, names))];
  return above === "" ? below : `${above}\n${below}`;
}

function joinLines(rows: readonly (readonly string[])[], write: (row: readonly string[]) => string): string {
  let length = 0;
  const lines = rows.map((row) => {
    const line = write(row);
    checkLength((length += line.length + 1));
    return line;
  });
  return lines.join("\n");
}

/** Several short words, each once, and no number among them. */
function areNames(row: readonly string[]): boolean {
  const names = row.filter(Boolean);
  const isWord = (name: string) => name.length <= LONGEST_NAME && !/^[\d.,%\s-]+$/.test(name);
  return names.length > 1 && names.every(isWord) && new Set(names).size === names.length;
}

function writeRecord(row: readonly string[], names: readonly string[]): string {
  return row.flatMap((value, i) => (value ? [names[i] ? `${names[i]}: ${value}` : value] : [])).join(" · ");
}

function writeRow(row: readonly string[]): string {
  return row.filter(Boolean).join(" · ");
}
