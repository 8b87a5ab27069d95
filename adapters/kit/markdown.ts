// What chat platforms need to know of Markdown: where its tables stand, and what one of its lines is.

import type { Table } from "../../src/core/reply.ts";
import { fenceAfter, type Fence } from "./split.ts";

/** A stretch of Markdown without tables, or a table. */
export type Stretch = { type: "prose"; markdown: string } | { type: "table"; table: Table };

/** What a line outside code blocks is. `level` of a list item counts from 0. */
export type Line =
  | { type: "heading"; text: string }
  | { type: "item"; level: number; mark: string; text: string }
  | { type: "quote"; depth: number; text: string }
  | { type: "rule" }
  | { type: "text"; text: string };

const DELIMITER = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])[ \t]+(.*)$/;
const RULE = /^\s{0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const TAB_WIDTH = 4;

/** The stretches of a text, in order; tables inside code blocks are code. */
export function findTables(markdown: string): Stretch[] {
  const lines = markdown.split("\n");
  const stretches: Stretch[] = [];
  let prose: string[] = [];
  let fence: Fence | undefined;
  const flush = () => {
    if (prose.some((line) => line.trim())) stretches.push({ type: "prose", markdown: prose.join("\n") });
    prose = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    fence = fenceAfter(line, fence);
    const end = fence ? i : tableEnd(lines, i);
    if (end > i) {
      flush();
      stretches.push({ type: "table", table: readTable(lines.slice(i, end)) });
      i = end - 1;
    } else prose.push(line);
  }
  flush();
  return stretches;
}

/** The index behind the table that begins at a line; the line's own index where none does. */
function tableEnd(lines: readonly string[], from: number): number {
  const [head = "", delimiter = ""] = lines.slice(from, from + 2);
  const isTable = head.includes("|") && delimiter.includes("-") && DELIMITER.test(delimiter);
  if (!isTable || cellsOf(head).length !== cellsOf(delimiter).length) return from;
  let end = from + 2;
  while (lines[end]?.includes("|")) end++;
  return end;
}

function readTable([head = "", , ...rows]: readonly string[]): Table {
  const columns = cellsOf(head);
  return { columns, rows: rows.map((row) => columns.map((_, i) => cellsOf(row)[i] ?? "")) };
}

function cellsOf(row: string): string[] {
  const inner = row
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** Reads lines one after the other; the indents of the list items above tell how deep an item stands. */
export function createLineReader(): (line: string) => Line {
  let indents: number[] = [];
  return (line) => {
    const [, indent = "", mark, text = ""] = ITEM.exec(line) ?? [];
    if (mark !== undefined && !RULE.test(line)) {
      const width = indent.replaceAll("\t", " ".repeat(TAB_WIDTH)).length;
      indents = [...indents.filter((above) => above < width), width];
      return { type: "item", level: indents.length - 1, mark, text };
    }
    // A line that is indented, or empty, may belong to the item above it.
    if (line.trim() && !/^\s/.test(line)) indents = [];
    return readOther(line);
  };
}

function readOther(line: string): Line {
  if (RULE.test(line)) return { type: "rule" };
  const heading = /^\s{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$/.exec(line)?.[1];
  if (heading !== undefined) return { type: "heading", text: heading };
  const [, marks, quoted = ""] = /^\s{0,3}((?:>[ \t]?)+)(.*)$/.exec(line) ?? [];
  if (marks !== undefined) return { type: "quote", depth: marks.replace(/[^>]/g, "").length, text: quoted };
  return { type: "text", text: line };
}

/** A cell or a label without its marks, for places that show plain text. */
export function plainOf(markdown: string): string {
  return markdown
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, "$1")
    .replace(/(\*\*\*|\*\*|__|~~|`+)(\S(?:[^\n]*?\S)?)\1/g, "$2")
    .replace(/(?<![\p{L}\p{N}*])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?!\*)/gu, "$1")
    .replace(/<br\s*\/?>/gi, "\n")
    .replace(/\\([\\`*_{}[\]()#+\-.!~>|])/g, "$1");
}
