// Builds Slack's blocks within Slack's limits, whatever goes in.

import type { Language } from "../../../src/core/language.ts";
import type { Table } from "../../../src/core/reply.ts";
import type { Json } from "../../../src/core/runtime.ts";
import { plainOf } from "../../../src/core/markdown-inline.ts";
import { clip, truncate } from "../../../src/core/text.ts";
import { split } from "../../kit/split.ts";
import { defuse, toMrkdwn } from "./mrkdwn.ts";
import { moreColumns, moreRows } from "../messages.ts";

export type Block = { type: string; [key: string]: Json };

/** Slack's documented limits, in characters where not said otherwise. */
export const LIMITS = {
  blocks: 50,
  section: 3000,
  header: 150,
  buttonText: 75,
  buttonValue: 2000,
  optionText: 75,
  optionValue: 150,
  options: 100,
  overflow: 5,
  contextText: 2000,
  tableRows: 100,
  tableColumns: 20,
  /** Cells of one table together. */
  tableText: 10_000,
} as const;

/** A table's JSON, which counts towards the whole payload. */
const TABLE_PAYLOAD = 8000;
const CELL_OVERHEAD = 32;
const LEAST_PIECE = 64;
const EMPTY_CELL = "\u00A0";

/** Markdown as sections of at most `limit` characters of mrkdwn each. */
export function sections(markdown: string, limit: number = LIMITS.section): Block[] {
  return pieces(markdown, limit, Math.max(LEAST_PIECE, limit - 200)).map((text) => ({
    type: "section",
    text: mrkdwn(text),
  }));
}

/** Escaping makes text longer, so what has outgrown the limit is cut finer. */
function pieces(markdown: string, limit: number, size: number): string[] {
  return split(markdown, size).flatMap((piece) => {
    const text = toMrkdwn(piece);
    return text.length <= limit || size === LEAST_PIECE
      ? [truncate(text, limit)]
      : pieces(piece, limit, Math.max(LEAST_PIECE, Math.floor(size / 2)));
  });
}

/** Small print, in mrkdwn. Too long, it is cut at its lines, then hard. */
export function context(lines: readonly string[]): Block[] {
  const texts: string[] = [];
  for (const line of lines.filter(Boolean)) {
    const joined = texts.length > 0 ? `${texts.at(-1)}\n${line}` : line;
    if (texts.length > 0 && joined.length <= LIMITS.contextText) texts[texts.length - 1] = joined;
    else texts.push(truncate(line, LIMITS.contextText));
  }
  return texts.map((text) => ({ type: "context", elements: [mrkdwn(text)] }));
}

export function header(title: string): Block {
  return { type: "header", text: plainText(defuse(plainOf(title)), LIMITS.header) };
}

/** `kind`, an argument and a job's id: all that a press brings back. */
export interface Press {
  kind: "act" | "quote" | "stop";
  argument: string;
  id: string;
}

export function writePress({ kind, argument, id }: Press): string {
  return `${kind}.${argument}.${id}`;
}

export function readPress(value: string): Press | undefined {
  const [, kind, argument, id] = /^(act|quote|stop)\.([^.]*)\.(.+)$/s.exec(value) ?? [];
  return kind && argument !== undefined && id ? { kind: kind as Press["kind"], argument, id } : undefined;
}

export function button(label: string, press: Press): { [key: string]: Json } {
  const value = writePress(press);
  const text = plainText(defuse(label), LIMITS.buttonText);
  // Who may stop is nobody's name for a button.
  const name = press.kind === "stop" ? "" : `-${press.argument}`;
  return { type: "button", action_id: `heed-${press.kind}${name}`, text, value };
}

/** A menu of presses: three dots for a few, a list for many. */
export function menu(
  placeholder: string,
  choices: readonly { label: string; press: Press }[],
): { [key: string]: Json } {
  const options = choices.slice(0, LIMITS.options).map(({ label, press }) => ({
    text: plainText(defuse(label), LIMITS.optionText),
    value: writePress(press),
  }));
  const action_id = `heed-menu-${choices[0]?.press.kind ?? "act"}`;
  if (options.length <= LIMITS.overflow) return { type: "overflow", action_id, options };
  return { type: "static_select", action_id, placeholder: plainText(placeholder, LIMITS.optionText), options };
}

/** As many table blocks as a long table takes; what is left out is said below it. */
export function tables({ columns, rows }: Table, language: Language, most = 3): Block[] {
  const shown = columns.slice(0, LIMITS.tableColumns);
  const perCell = Math.max(8, Math.floor(LIMITS.tableText / 2 / Math.max(1, shown.length)) - CELL_OVERHEAD);
  const cells = [shown, ...rows.map((row) => shown.map((_, i) => row[i] ?? ""))].map((row) =>
    row.map((cell) => ({
      type: "raw_text",
      text: clip(defuse(plainOf(cell)), Math.min(perCell, 600)) || EMPTY_CELL,
    })),
  );
  const [head = [], ...body] = cells;
  const chunks = chunk(body, TABLE_PAYLOAD - JSON.stringify(head).length);
  const blocks = chunks.slice(0, most).map((chunk): Block => ({ type: "table", rows: [head, ...chunk] }));
  const left = chunks.slice(most).reduce((sum, { length }) => sum + length, 0);
  const missing = [
    left > 0 ? moreRows(left)[language] : "",
    columns.length > shown.length ? moreColumns(columns.length - shown.length)[language] : "",
  ];
  return shown.length > 0 ? [...blocks, ...context(missing)] : [];
}

/** Rows in groups that one table block holds; one empty group where there are none. */
function chunk<Row>(rows: readonly Row[], payload: number): Row[][] {
  const groups: Row[][] = [[]];
  let size = 0;
  for (const row of rows) {
    const length = JSON.stringify(row).length + 1;
    if (size > 0 && (size + length > payload || groups.at(-1)!.length >= LIMITS.tableRows - 1)) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)!.push(row);
    size += length;
  }
  return groups;
}

export function mrkdwn(text: string): { [key: string]: Json } {
  // Verbatim: Slack must not go looking for names and channels in what a model wrote.
  return { type: "mrkdwn", text: text || EMPTY_CELL, verbatim: true };
}

function plainText(text: string, limit: number): { [key: string]: Json } {
  return { type: "plain_text", text: clip(text.replace(/\s+/g, " ").trim(), limit) || EMPTY_CELL, emoji: true };
}
