// Renders a table within the screen's columns; where none fits, each row is a list.

import stringWidth from "string-width";
import type { Table } from "../../../src/core/reply.ts";
import { plain } from "./clean.ts";
import { bold, type Look } from "./decorate.ts";
import { pad, widestUnit, wrap } from "./wrap.ts";

const GAP = "  ";

export function renderTable({ columns, rows }: Table, look: Look): string {
  const cells = [columns, ...rows].map((row) => columns.map((_, i) => plain(row[i] ?? "")));
  const widths = fit(cells, look.columns);
  if (!widths) return renderLists(cells, look);
  return cells
    .map((row, i) => {
      const text = renderRow(row, widths);
      return i === 0 ? bold(text, look) : text;
    })
    .join("\n");
}

/** The width of each column; undefined where not even the longest words fit beside each other. */
function fit(cells: readonly (readonly string[])[], available = Infinity): number[] | undefined {
  const columns = (cells[0] ?? []).map((_, i) => cells.map((row) => row[i] ?? ""));
  const wanted = columns.map((column) => Math.max(...column.map((cell) => stringWidth(cell))));
  const widths = columns.map((column) => Math.max(...column.map(widestUnit)));
  let left = available - GAP.length * (columns.length - 1) - widths.reduce((sum, width) => sum + width, 0);
  if (left < 0) return undefined;
  for (; left > 0; left--) {
    const lacks = wanted.map((width, i) => width - widths[i]!);
    const most = Math.max(...lacks);
    if (most === 0) break;
    widths[lacks.indexOf(most)]! += 1;
  }
  return widths;
}

function renderRow(row: readonly string[], widths: readonly number[]): string {
  const blocks = row.map((cell, i) => wrap(cell, widths[i]!));
  const height = Math.max(...blocks.map(({ length }) => length));
  return Array.from({ length: height }, (_, at) => blocks.map((rows, i) => pad(rows[at] ?? "", widths[i]!)).join(GAP))
    .map((line) => line.trimEnd())
    .join("\n");
}

function renderLists([names = [], ...rows]: readonly (readonly string[])[], look: Look): string {
  return rows.map((row) => row.map((cell, i) => renderEntry(names[i] ?? "", cell, look)).join("\n")).join("\n\n");
}

function renderEntry(name: string, cell: string, look: Look): string {
  const [first = "", ...more] = wrap(`${name}: ${cell}`, look.columns ?? Infinity);
  return [bold(first.slice(0, name.length), look) + first.slice(name.length), ...more].join("\n");
}
