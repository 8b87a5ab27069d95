// Where Markdown keeps its code, headings, lists and tables, with offsets in UTF-16 units; and its words line by line.

import { plainOf, spansInLine } from "./markdown-inline.ts";
import type { Span } from "./sentences.ts";
import { truncate } from "./text.ts";

/** A code block that is open. */
export interface Fence {
  /** "```" or "~~~~", as long as the text's own. */
  mark: string;
  /** What stands behind the mark: the language. */
  info: string;
  /** What each line of the block begins with: blanks inside a list item, "> " inside a quote. */
  prefix: string;
}

/** One line of a text, without its line break. */
export interface TextLine extends Span {
  text: string;
  /** What the line is to a code block: its first line, its last, one between them, or outside. */
  role: "opens" | "inside" | "closes" | "outside";
  /** The block that the line opens, closes or stands in. */
  fence: Fence | undefined;
}

/** A code block with both its fences, without the last line break. */
export interface CodeBlock extends Span {
  fence: Fence;
  /** The lines between the fences; `start` is `end` where there are none. */
  code: Span;
  /** Whether it ends with a fence of its own, not with its quote or the text. */
  isClosed: boolean;
}

/** Quote marks and list marks, blanks between them, and three or more ticks or tildes. */
const FENCE = /^((?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])))*[ \t]*)(`{3,}|~{3,})([^]*)$/;
/** UTF-16 units. What a block that is opened again takes at most, so that a piece of 128 has room for text. */
const LONGEST_PREFIX = 24;
const LONGEST_MARK = 16;
const LONGEST_INFO = 20;
/** Columns by which a closing fence may stand further right than the opening one. */
const MOST_INDENT = 3;
const TAB_WIDTH = 4;

/**
 * Reads lines one after the other, from the start of a text or of a piece that begins inside `open`.
 *
 * A block ends as CommonMark says: with at least as many of its own marks and nothing behind them, or with the quote it
 * stands in. It does not end with the list item it stands in: models often write its lines further left. A block that is
 * made by blanks alone is text.
 */
export function* linesOf(markdown: string, open?: Fence): Generator<TextLine> {
  let fence = open;
  for (let start = 0; start <= markdown.length;) {
    const stop = markdown.indexOf("\n", start);
    const end = stop < 0 ? markdown.length : stop;
    const line = readLine(markdown.slice(start, end), fence);
    yield { start, end, ...line };
    fence = line.role === "opens" || line.role === "inside" ? line.fence : undefined;
    start = end + 1;
  }
}

/** The code block that is open at the end of a text, given the one that was open at its start. */
export function fenceAfter(markdown: string, open?: Fence): Fence | undefined {
  let fence = open;
  // Behind a last line break no line stands yet that could end a quote.
  for (const line of linesOf(markdown.replace(/\n$/, ""), open)) fence = isOpenAfter(line) ? line.fence : undefined;
  return fence;
}

export function isOpenAfter({ role }: Pick<TextLine, "role">): boolean {
  return role === "opens" || role === "inside";
}

/** What a line is, given the block that is open before it. */
export function readLine(text: string, open?: Fence): Pick<TextLine, "text" | "role" | "fence"> {
  const inner = open && withoutQuote(text, depthOf(open.prefix));
  if (open && inner !== undefined) return { text, role: closes(inner, open) ? "closes" : "inside", fence: open };
  const fence = fenceIn(text);
  return { text, role: fence ? "opens" : "outside", fence };
}

function fenceIn(line: string): Fence | undefined {
  const [, before = "", mark = "", info = ""] = FENCE.exec(line) ?? [];
  if (!mark || (mark.startsWith("`") && info.includes("`"))) return undefined;
  const prefix = before.replace(/[^\s>]/g, " ");
  return { mark, info: truncate(info.trim(), LONGEST_INFO), prefix };
}

/** The quote marks and list marks before the fence on a line that opens a block. */
export function beforeFence(line: string): string {
  return FENCE.exec(line)?.[1] ?? "";
}

/** A line of a block without the quote marks before it. */
export function codeInLine({ text, fence }: Pick<TextLine, "text" | "fence">): string {
  const depth = depthOf(fence?.prefix ?? "");
  return depth > 0 ? (withoutQuote(text, depth) ?? text).replace(/^ /, "") : text;
}

function closes(line: string, { mark, prefix }: Fence): boolean {
  const [, indent = "", marks = ""] = /^([ \t]*)(`{3,}|~{3,})[ \t]*\r?$/.exec(line) ?? [];
  const isOwn = marks.startsWith(mark);
  return isOwn && widthOf(indent) <= widthOf(prefix.slice(prefix.lastIndexOf(">") + 1)) + MOST_INDENT;
}

function depthOf(prefix: string): number {
  return prefix.split(">").length - 1;
}

/** The line behind so many quote marks; undefined where it has fewer. */
function withoutQuote(line: string, depth: number): string | undefined {
  let at = 0;
  for (let left = depth; left > 0; left--) {
    while (line[at] === " " || line[at] === "\t") at++;
    if (line[at] !== ">") return undefined;
    at++;
  }
  return line.slice(at);
}

function widthOf(indent: string): number {
  return indent.replaceAll("\t", " ".repeat(TAB_WIDTH)).length;
}

/** The line that opens a block again in a further piece of its text. */
export function openingOf({ mark, info, prefix }: Fence): string {
  return `${prefix.slice(-LONGEST_PREFIX)}${truncate(mark, LONGEST_MARK)}${info}`;
}

/** The line that ends a block. */
export function closingOf({ mark, prefix }: Fence): string {
  return `${prefix.slice(-LONGEST_PREFIX)}${truncate(mark, LONGEST_MARK)}`;
}

/** A code block that nothing in it ends. */
export function fenced(code: string, info = ""): string {
  const longest = code.match(/`+/g)?.reduce((most, marks) => Math.max(most, marks.length), 2) ?? 2;
  const mark = "`".repeat(longest + 1);
  return `${mark}${info}\n${code}\n${mark}`;
}

/** The text with a closing line for every block that has none of its own. */
export function withClosedBlocks(markdown: string): string {
  const lines: string[] = [];
  let open: Fence | undefined;
  for (const { text, role, fence } of linesOf(markdown)) {
    if (open && (role === "outside" || role === "opens")) lines.push(closingOf(open));
    lines.push(text);
    open = isOpenAfter({ role }) ? fence : undefined;
  }
  return [...lines, ...(open ? [closingOf(open)] : [])].join("\n");
}

/** The code blocks of a text in order. One that nothing ends reaches to the end. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  if (!/```|~~~/.test(markdown)) return blocks;
  for (const { role, fence, start, end } of linesOf(markdown)) {
    const block = blocks.at(-1);
    const inner = Math.min(end + 1, markdown.length);
    if (role === "opens")
      blocks.push({ start, end, fence: fence!, code: { start: inner, end: inner }, isClosed: false });
    else if (block && role === "inside") block.code.end = block.end = end;
    else if (block && role === "closes") [block.end, block.isClosed] = [end, true];
  }
  return blocks;
}

/** The text with an empty line for each code block. */
export function withoutBlocks(markdown: string): string {
  return codeBlocks(markdown).reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), markdown);
}

/**
 * The code inside lines, with its marks, outside code blocks. A span ends on its line with as many ticks as it begins with;
 * a tick behind a backslash begins none.
 */
export function codeSpans(markdown: string): readonly Span[] {
  if (!markdown.includes("`")) return [];
  return [...linesOf(markdown)].flatMap(({ role, text, start }) =>
    role === "outside" ? spansInLine(text).map((span) => ({ start: start + span.start, end: start + span.end })) : [],
  );
}

/** Code blocks and code inside lines, in order. */
export function codeIn(markdown: string): readonly Span[] {
  return [...codeBlocks(markdown), ...codeSpans(markdown)].toSorted((a, b) => a.start - b.start);
}

export interface Heading {
  /** 1 to 6. */
  level: number;
  /** Its words without marks, on one line. */
  text: string;
  /** Where its line begins. */
  start: number;
}

/** UTF-16 units. A longer line is no heading. */
const LONGEST_HEADING = 1_000;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t\r]*$/;
/** The beginning of a block whose lines, down to the next empty one, no underline turns into a heading. */
const OTHER_BLOCK = /^(?: {4}|\t| {0,3}(?:>|[-*+][ \t]|\d{1,9}[.)][ \t]|\|))/;

/** The headings outside code, quotes and lists; those without words are none. */
export function headingsOf(markdown: string): readonly Heading[] {
  const headings: Heading[] = [];
  let above: TextLine | undefined;
  let isInOther = false;
  for (const line of linesOf(markdown)) {
    const found = line.role === "outside" ? headingAt(line, above) : undefined;
    if (found && found.text !== "") headings.push(found);
    isInOther =
      line.role === "outside" && !found && (OTHER_BLOCK.test(line.text) || (isInOther && line.text.trim() !== ""));
    above = line.role === "outside" && !found && !isInOther ? line : undefined;
  }
  return headings;
}

function headingAt({ text, start }: TextLine, above: TextLine | undefined): Heading | undefined {
  if (text.length > LONGEST_HEADING) return undefined;
  const atx = readHeading(text);
  if (atx) return { level: atx.level, text: titleOf(atx.text), start };
  const [, marks = ""] = (above && UNDERLINE.exec(text)) ?? [];
  if (!marks || !above || !mayBeHeading(above.text)) return undefined;
  return { level: marks.startsWith("=") ? 1 : 2, text: titleOf(above.text), start: above.start };
}

function mayBeHeading(line: string): boolean {
  return line.length <= LONGEST_HEADING && /[\p{L}\p{N}\p{So}]/u.test(line);
}

/** A line that begins with one to six "#", and its words with their marks; undefined for any other line. */
export function readHeading(line: string): { level: number; text: string } | undefined {
  const [opening, marks = ""] = /^ {0,3}(#{1,6})(?=\s|$)/.exec(line) ?? [];
  if (opening === undefined) return undefined;
  const words = line.slice(opening.length).trim();
  let end = words.length;
  while (words[end - 1] === "#") end--;
  const isClosed = end === 0 || /\s/.test(words[end - 1]!);
  return { level: marks.length, text: isClosed ? words.slice(0, end).trim() : words };
}

/** Without an identifier behind it: "Rules {#rules}". */
function titleOf(marked: string): string {
  return plainOf(marked.trim().replace(/\{#[^{}]{1,200}\}$/, ""))
    .replace(/\s+/g, " ")
    .trim();
}

/** What a line outside code blocks is. `level` of a list item counts from 0. */
export type Line =
  | { type: "heading"; text: string }
  | { type: "item"; level: number; mark: string; text: string }
  | { type: "quote"; depth: number; text: string }
  | { type: "rule" }
  | { type: "text"; text: string };

const RULE = /^\s{0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])[ \t]+(.*)$/;

/** Reads lines one after the other; the indents of the list items above tell how deep an item stands. */
export function createLineReader(): (line: string) => Line {
  let indents: number[] = [];
  return (line) => {
    const [, indent = "", mark, text = ""] = ITEM.exec(line) ?? [];
    if (mark !== undefined && !RULE.test(line)) {
      const width = widthOf(indent);
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
  const heading = readHeading(line);
  if (heading) return { type: "heading", text: heading.text };
  const [, marks, quoted = ""] = /^\s{0,3}((?:>[ \t]?)+)(.*)$/.exec(line) ?? [];
  if (marks !== undefined) return { type: "quote", depth: marks.replace(/[^>]/g, "").length, text: quoted };
  return { type: "text", text: line };
}

export interface Table {
  columns: readonly string[];
  /** As many cells a row as there are columns. */
  rows: readonly (readonly string[])[];
}

/** A stretch of Markdown without tables, or a table. */
export type Stretch = { type: "prose"; markdown: string } | { type: "table"; table: Table };

const DELIMITER = /^\|?(?:[ \t]*:?-+:?[ \t]*(?:\||$))+$/;

/** The stretches of a text, in order; tables inside code blocks are code. */
export function findTables(markdown: string): Stretch[] {
  const lines = [...linesOf(markdown)];
  const stretches: Stretch[] = [];
  let prose: string[] = [];
  const flush = () => {
    if (prose.some((line) => line.trim())) stretches.push({ type: "prose", markdown: prose.join("\n") });
    prose = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const end = tableEnd(lines, i);
    if (end > i) {
      flush();
      stretches.push({ type: "table", table: readTable(lines.slice(i, end).map(({ text }) => text)) });
      i = end - 1;
    } else prose.push(lines[i]!.text);
  }
  flush();
  return stretches;
}

/** The index behind the table that begins at a line; the line's own index where none does. */
function tableEnd(lines: readonly TextLine[], from: number): number {
  const isRow = (line: TextLine | undefined) => line?.role === "outside" && line.text.includes("|");
  const [head, delimiter] = [lines[from], lines[from + 1]];
  if (!isRow(head) || delimiter?.role !== "outside" || !DELIMITER.test(delimiter.text.trim())) return from;
  if (cellsOf(head!.text).length !== cellsOf(delimiter.text).length) return from;
  let end = from + 2;
  while (isRow(lines[end])) end++;
  return end;
}

function readTable([head = "", , ...rows]: readonly string[]): Table {
  const columns = cellsOf(head);
  return { columns, rows: rows.map((row) => cellsIn(row, columns.length)) };
}

function cellsIn(row: string, columns: number): string[] {
  const cells = cellsOf(row);
  return Array.from({ length: columns }, (_, i) => cells[i] ?? "");
}

/** The cells of a table's row without the blanks around them; "\|" is a bar inside a cell. */
export function cellsOf(row: string): string[] {
  const inner = row
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** A line of a table, whether or not the table's head is in the text: between bars, or with two tabs. */
export function isTableRow(line: string): boolean {
  const words = line.trim();
  return (words.length > 1 && words.startsWith("|") && words.endsWith("|")) || line.split("\t", 3).length > 2;
}

/** Quote marks and list marks at the beginning of a line. */
const BEFORE_WORDS = /^(?:[ \t]*(?:>|(?:[-*+•]|\d{1,9}[.)])(?=[ \t]|$)))*[ \t]*/;

/** The words of a text line by line, without marks; an empty line stands for a code block. */
export function plainWords(markdown: string): string {
  return withoutBlocks(markdown)
    .split("\n")
    .map((line) => (RULE.test(line) ? "" : line.replace(BEFORE_WORDS, "")))
    .map((line) => plainOf(readHeading(line)?.text ?? line))
    .join("\n");
}
