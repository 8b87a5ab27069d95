// Renders a table as lines of Markdown, one for each row, where no grid fits.

import { traitsOf } from "../../src/core/language.ts";
import type { Table } from "../../src/core/reply.ts";

/** Markdown. The first cell names the row; the others follow under the names of their columns. */
export function tableLines({ columns, rows }: Table): string {
  if (rows.length === 0) return columns.map(flat).join(" · ");
  return rows.map((row) => renderRow(row.map(flat), columns.map(flat))).join("\n");
}

function renderRow([name = "", ...cells]: readonly string[], [, ...columns]: readonly string[]): string {
  const named = cells.flatMap((cell, i) =>
    cell ? [cells.length > 1 && columns[i] ? `${columns[i]}${colonAfter(columns[i])}${cell}` : cell] : [],
  );
  return [`- ${name ? bold(name) : ""}`, named.join(" · ")].filter(Boolean).join(" — ");
}

/** The colon of the word's own language: the Chinese one has the room behind it built in. */
function colonAfter(word: string): string {
  return traitsOf(word).colon;
}

function bold(text: string): string {
  return text.includes("**") ? text : `**${text}**`;
}

function flat(cell: string): string {
  return cell.replace(/\s+/g, " ").trim();
}
