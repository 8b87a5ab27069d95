// Renders what stands below an answer's text, and a finished post for a script.

import { LANGUAGES } from "../../../src/core/language.ts";
import type { Post } from "../../../src/core/post.ts";
import { textOf } from "../../../src/core/post.ts";
import type { Source } from "../../../src/core/reply.ts";
import { plain } from "./clean.ts";
import { decorate, dim, type Look } from "./decorate.ts";
import { renderTable } from "./table.ts";
import { clipToWidth, wrap } from "./wrap.ts";

/** So that a long quote leaves the answer above it on the screen. */
const SOURCE_ROWS = 3;

/** Tables, sources and notes, in that order. */
export function renderBelow(post: Post, look: Look): string {
  const tables = post.sections.flatMap(({ tables }) => tables.map((table) => renderTable(table, look)));
  const notes = post.sections.flatMap(({ notes }) => notes).map((note) => renderNote(note, look));
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

function renderSource({ number, title, place, url, quote }: Source, post: Post, look: Look): string {
  const where = [`[${number}] ${plain(title)}`, plain(place)].filter(Boolean).join(" › ");
  const isQuoted = textOf(post).includes(quote);
  const [open, close] = LANGUAGES[post.language].quotes;
  const words = isQuoted ? "" : ` ${open}${plain(quote)}${close}`;
  const { columns } = look;
  const line = columns === undefined ? where + words : clipToWidth(where + words, columns * SOURCE_ROWS);
  return `${renderLine(line, look)}${url ? `\n    ${dim(plain(url), look)}` : ""}`;
}

function renderNote(note: string, look: Look): string {
  return dim(renderLine(decorate(plain(note), look), look), look);
}

function renderLine(line: string, { columns }: Look): string {
  return columns === undefined ? line : wrap(line, columns).join("\n");
}
