// One sheet of a workbook as rows of text, each value where its column is.

import type { CellKind } from "./sheet-values.ts";
import { writeNumber } from "./sheet-values.ts";
import { readXml } from "./xml.ts";

/** The columns that are read; more is no table for people. */
const MOST_COLUMNS = 200;

export interface SheetContext {
  /** Texts that cells refer to by number. */
  texts: readonly string[];
  /** What a number is, by the cell's style. */
  kinds: readonly CellKind[];
  countsFrom1904: boolean;
}

interface Cell {
  column: number;
  /** "s" shared text, "inlineStr" and "str" text, "b" truth, "e" error; a number otherwise. */
  type: string;
  style: number;
  value: string;
}

export async function readSheet(source: string, context: SheetContext, signal: AbortSignal): Promise<string[][]> {
  const rows: string[][] = [];
  let cell: Cell | undefined;
  let isValue = false;
  const handler = {
    open(name: string, { r, t = "n", s = "0" }: Readonly<Record<string, string>>) {
      if (name === "row") rows.push([]);
      // A cell may leave out where it is: then it is the next one.
      if (name === "c")
        cell = { column: r ? columnOf(r) : (rows.at(-1)?.length ?? 0), type: t, style: Number(s), value: "" };
      isValue = name === "v" || name === "t";
    },
    text(text: string) {
      if (cell && isValue) cell.value += text;
    },
    close(name: string) {
      isValue = false;
      if (name !== "c" || !cell) return;
      const row = rows.at(-1);
      if (row && cell.column < MOST_COLUMNS) put(row, cell.column, oneLine(write(cell, context)));
      cell = undefined;
    },
  };
  await readXml(source, handler, signal);
  return rows;
}

function put(row: string[], column: number, value: string): void {
  while (row.length < column) row.push("");
  row[column] = value;
}

function write({ type, style, value }: Cell, { texts, kinds, countsFrom1904 }: SheetContext): string {
  if (type === "s") return texts[Number(value)] ?? "";
  if (type === "b") return value === "1" ? "TRUE" : "FALSE";
  if (type === "e") return "";
  return type === "n" && value ? writeNumber(Number(value), kinds[style] ?? "plain", countsFrom1904) : value;
}

/** "AB12" is in column 27, counted from 0. */
function columnOf(reference: string): number {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0] ?? "A";
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
