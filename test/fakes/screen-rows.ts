// What a person sees after all that a program wrote: the rows of a screen that only grows, without colours.

import stringWidth from "string-width";

const ESCAPE = String.fromCharCode(0x1b);
const PART = new RegExp(`${ESCAPE}\\[(\\??\\d*)([A-Za-z])|[\\s\\S]`, "gu");

/** Throws where a sequence is none that the terminal adapter uses, so that a new one is thought about. */
export function screenRows(written: string, columns = 80): string[] {
  /** A wide character fills two cells, the second with nothing. */
  const rows: string[][] = [[]];
  let [row, column] = [0, 0];
  for (const [part, number, kind] of written.matchAll(PART)) {
    if (kind === "m" || number === "?2004") continue;
    if (kind === "A") row -= Number(number || 1);
    else if (kind === "G") column = Number(number) - 1;
    else if (kind === "K") rows[row] = [];
    else if (kind === "J") rows.splice(row, Infinity, []);
    else if (kind) throw new Error(`${part} is not a sequence that this screen knows`);
    else if (part === "\r") column = 0;
    else if (part === "\n") [row, column] = [row + 1, 0];
    else {
      const width = stringWidth(part);
      if (column + width > columns) [row, column] = [row + 1, 0];
      const cells = (rows[row] ??= []);
      while (cells.length < column) cells.push(" ");
      cells.splice(column, width, part, ...Array.from({ length: width - 1 }, () => ""));
      column += width;
    }
    rows[row] ??= [];
  }
  return rows.map((cells) => cells.join("").trimEnd());
}
