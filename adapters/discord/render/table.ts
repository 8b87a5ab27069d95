// Renders a table as a small grid of single-width characters, or as one line for each row.

import stringWidth from "string-width";
import type { Table } from "../../../src/core/reply.ts";
import { tableLines } from "../../kit/table-lines.ts";

/** What a phone shows of a code block without scrolling, in characters. */
const WIDEST_GRID = 34;

export function renderTable(table: Table): string {
  return fitsGrid(table) ? renderGrid(table) : tableLines(table);
}

/** A Chinese character is about 1.7 cells wide in Discord's code font, so a grid that holds one never lines up. */
function fitsGrid({ columns, rows }: Table): boolean {
  const cells = [...columns, ...rows.flat()];
  const isNarrow = cells.every((cell) => stringWidth(cell) === cell.length && !/[`*\n@<]/.test(cell));
  const width = widthsOf({ columns, rows }).reduce((sum, width) => sum + width + 2, -2);
  return isNarrow && rows.length > 0 && width <= WIDEST_GRID;
}

function widthsOf({ columns, rows }: Table): number[] {
  const count = Math.max(columns.length, ...rows.map((row) => row.length));
  return Array.from({ length: count }, (_, i) => Math.max(...[columns, ...rows].map((row) => row[i]?.length ?? 0)));
}

function renderGrid(table: Table): string {
  const widths = widthsOf(table);
  const lines = [table.columns, ...table.rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return ["```", ...lines, "```"].join("\n");
}
