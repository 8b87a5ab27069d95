// A table as it is found and quoted best: a line for each row, every value under the name of its column, so that no row needs another.

const LONGEST_NAME = 60;

/**
 * "Item: screen · Price: 8900" for each row below the names; rows as they are where no row of names is found.
 * Lines of a single value above the names are kept: a sheet often begins with its own title.
 */
export function writeRecords(rows: readonly (readonly string[])[]): string {
  const full = rows.filter((row) => row.some(Boolean));
  const first = full.findIndex((row) => row.filter(Boolean).length > 1);
  const [names = [], ...rest] = first < 0 ? [] : full.slice(first);
  if (!areNames(names) || rest.length === 0) return full.map(writeRow).join("\n");
  return [...full.slice(0, first).map(writeRow), ...rest.map((row) => writeRecord(row, names))].join("\n");
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
