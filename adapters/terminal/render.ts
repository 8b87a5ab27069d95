// A post as a terminal shows it: what stands below the text, and the finished post for a script.

import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import type { Post } from "../../src/core/post.ts";
import { textOf } from "../../src/core/post.ts";
import type { Source, Table } from "../../src/core/reply.ts";

export interface Look {
  colours: boolean;
  /** Columns of the screen; undefined where lines may be of any length. */
  columns: number | undefined;
}

const WIDEST_CELL = 48;

/** Tables, notes and sources, in that order. */
export function renderBelow(post: Post, look: Look): string {
  const tables = post.sections.flatMap(({ tables }) => tables.map((table) => renderTable(table, look)));
  const notes = post.sections.flatMap(({ notes }) => notes).map((note) => dim(plain(note), look));
  const sources = post.sources.map((source) => renderSource(source, post, look));
  return [...tables, sources.join("\n"), notes.join("\n")].filter(Boolean).join("\n\n");
}

export function renderJson(post: Post, asked: string) {
  const { state, facts, sources } = post;
  return {
    question: asked,
    state,
    text: textOf(post).trim(),
    sources,
    tables: post.sections.flatMap(({ tables }) => tables),
    notes: post.sections.flatMap(({ notes }) => notes),
    model: facts.model ?? null,
    timings: facts.timings ?? {},
    usage: facts.usage ?? null,
    ...(state === "failed" && { error: post.status }),
  };
}

/** Bold, code, quotes and headings as the terminal can show them. */
export function decorate(line: string, colours: boolean): string {
  if (!colours) return line;
  return line
    .replace(/^#{1,6}\s+(.*)$/, style("$1", 1, 22))
    .replace(/\*\*([^*]+)\*\*/g, style("$1", 1, 22))
    .replace(/`([^`]+)`/g, style("$1", 36, 39));
}

function renderSource({ number, title, place, url, quote }: Source, post: Post, look: Look): string {
  const where = [`[${number}] ${plain(title)}`, plain(place)].filter(Boolean).join(" › ");
  const isQuoted = textOf(post).includes(quote);
  const words = isQuoted ? "" : ` "${plain(quote)}"`;
  return `${shorten(where + words, look.columns)}${url ? `\n    ${dim(plain(url), look)}` : ""}`;
}

function renderTable({ columns, rows }: Table, look: Look): string {
  const cells = [columns, ...rows].map((row) => row.map((cell) => shorten(plain(cell), WIDEST_CELL)));
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => stringWidth(row[i] ?? ""))));
  const lines = cells.map((row) =>
    row
      .map((cell, i) => pad(cell, widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line, i) => (i === 0 && look.colours ? style(line, 1, 22) : line)).join("\n");
}

function pad(cell: string, width: number): string {
  return cell + " ".repeat(Math.max(0, width - stringWidth(cell)));
}

function shorten(text: string, columns: number | undefined): string {
  if (columns === undefined || stringWidth(text) <= columns) return text;
  let short = "";
  for (const character of text) {
    if (stringWidth(short + character) >= columns) break;
    short += character;
  }
  return `${short}…`;
}

/** One line without a control character: titles and quotes are a document's words, and these lines are coloured afterwards. */
function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\s+/g, " ")
    .replace(/\p{Cc}/gu, "");
}

function dim(text: string, { colours }: Look): string {
  return colours ? style(text, 2, 22) : text;
}

function style(text: string, on: number, off: number): string {
  return `\u001B[${on}m${text}\u001B[${off}m`;
}
