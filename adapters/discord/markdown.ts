// Markdown as models and documents write it, turned into what Discord shows, and made unable to call anybody.

import type { Table } from "../../src/core/reply.ts";
import { renderTable } from "./table.ts";

const FENCE = /^[ \t]*(`{3,16}|~{3,16})([^\n]*)$/;
const SEPARATOR = /^\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?\s*)?\|?\s*$/;
const INVISIBLE = "\u200B";

/** Tables become lists, deep headings bold, pictures links; an open code block is closed. Code is left as it is. */
export function toDiscord(markdown: string): string {
  const lines = calm(markdown).split("\n");
  const written: string[] = [];
  let fence = "";
  for (let i = 0; i < lines.length;) {
    const line = lines[i] ?? "";
    const [, mark = ""] = FENCE.exec(line) ?? [];
    const table = fence || mark ? undefined : tableAt(lines, i);
    written.push(table ? renderTable(table.table) : fence || mark ? line : plainLine(line));
    if (mark && !fence) fence = mark;
    else if (mark && closes(line, fence)) fence = "";
    i += table?.lines ?? 1;
  }
  if (fence) written.push(fence);
  return written.join("\n");
}

/** Pings nobody, whatever stands in it: the words stay readable, the markup is broken by a space of no width. */
export function calm(text: string): string {
  return text.replace(/@(?=everyone|here)/gi, `@${INVISIBLE}`).replace(/<(?=@|#\d|\/[^<>]*:\d)/g, `<${INVISIBLE}`);
}

/** At most `length` UTF-16 units, with no character torn. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
}

/** The same, where what is missing must be seen to be missing. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${cut(text, length - 1)}…`;
}

/** Text of a document or a person, to stand as it is: on one line, without markup of its own. */
export function literal(text: string): string {
  return calm(text)
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\*_~|`[\]#]/g, String.raw`\$&`)
    .replace(/^([->])/, String.raw`\$1`);
}

/** Small print: each line of it grey and small. */
export function smallPrint(text: string): string {
  return calm(text)
    .split("\n")
    .filter((line) => line.trim())
    .map((line) => `-# ${line.trim()}`)
    .join("\n");
}

function closes(line: string, fence: string): boolean {
  const closing = line.trim();
  return closing.startsWith(fence) && new Set(closing).size === 1;
}

function plainLine(line: string): string {
  return line
    .replace(/^\s*#{4,6}\s+(.+?)\s*#*$/, "**$1**")
    .replace(
      /!\[([^\]]*)\]\((https?:\/\/[^\s)]+)[^)]*\)/g,
      (_, alt: string, url: string) => `[${alt || url}](<${url}>)`,
    );
}

/** A Markdown table that begins at this line, and how many lines it takes. */
function tableAt(lines: readonly string[], at: number): { table: Table; lines: number } | undefined {
  if (!lines[at]?.includes("|") || !SEPARATOR.test(lines[at + 1] ?? "")) return undefined;
  const length = lines.slice(at + 2).findIndex((line) => !line.includes("|"));
  const rows = length === -1 ? lines.slice(at + 2) : lines.slice(at + 2, at + 2 + length);
  return { table: { columns: cellsOf(lines[at] ?? ""), rows: rows.map(cellsOf) }, lines: rows.length + 2 };
}

function cellsOf(line: string): string[] {
  const inner = line.trim().replace(/^\||\|$/g, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll(String.raw`\|`, "|"));
}
