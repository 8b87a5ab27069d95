// Renders a post as Slack messages within Slack's limits; stable while the post grows.

import type { Language } from "../../../src/core/language.ts";
import { textOf, type Post, type Section } from "../../../src/core/post.ts";
import type { Source, Table } from "../../../src/core/reply.ts";
import type { Json } from "../../../src/core/runtime.ts";
import { findTables } from "../../../src/core/markdown.ts";
import { plainOf } from "../../../src/core/markdown-inline.ts";
import { clip } from "../../../src/core/text.ts";
import { split } from "../../kit/split.ts";
import { tableLines } from "../../kit/table-lines.ts";
import { button, context, header, menu, sections, tables, LIMITS, type Block } from "./blocks.ts";
import { escapeText, inline, link, toMrkdwn } from "./mrkdwn.ts";
import { MORE, STOP } from "../../kit/phrases.ts";
import { CUT, NOTHING_TO_SHOW, SHOW_A_QUOTE, SHOW_QUOTE } from "../messages.ts";

/** What stands around a post, known to the place it is shown in. */
export interface Frame {
  /** The job's id, for the buttons. */
  id: string;
  /** Who may press Stop, signed; without it there is no such button. */
  permit?: string | undefined;
  /** The question, where the chat does not show it by itself. */
  asked?: { by: string; text: string } | undefined;
}

/** One Slack message. */
export interface Page {
  /** For notifications, and for clients that show no blocks. */
  text: string;
  blocks: Block[];
}

/** Characters of JSON in one message; Slack refuses a payload near 13,200. */
export const PAGE_PAYLOAD = 9000;
const PAGE_BLOCKS = LIMITS.blocks - 5;
const MOST_PAGES = 12;
/** A message holds one table as a block. */
const MOST_GRIDS = 1;
const BUTTONS = 5;
const SOURCES_WITH_BUTTONS = 5;
const LONGEST_ASKED = 300;
const LONGEST_FALLBACK = 1500;
const TITLE = 120;

/** At least one page. `payload` is lowered when Slack finds a page too long all the same. */
export function render(post: Post, frame: Frame, payload: number = PAGE_PAYLOAD): Page[] {
  const limit = Math.min(LIMITS.section - 100, payload - 500);
  const form = { limit, hasGrids: countTables(post) <= MOST_GRIDS };
  const body = [...renderAsked(frame), ...post.sections.flatMap((section) => renderSection(section, post, form))];
  const tail = renderTail(post, frame);
  const blocks = [...body, ...tail];
  const pages = paginate(blocks.length > 0 ? blocks : context([NOTHING_TO_SHOW[post.language]]), payload);
  const shown = pages.length > MOST_PAGES ? withoutMiddle(body, tail, post.language, payload) : pages;
  const fallback = fallbackOf(post);
  return shown.map((blocks, i) => ({ text: i === 0 ? fallback : clip(fallback, 150), blocks }));
}

/** The end of an answer, its sources and its buttons are always there: what does not fit is left out before them. */
function withoutMiddle(body: readonly Block[], tail: readonly Block[], language: Language, payload: number): Block[][] {
  const pages = paginate(body, payload);
  const end = paginate([...(pages.at(-1) ?? []), ...tail], payload).slice(1 - MOST_PAGES);
  const begin = pages.slice(0, Math.max(0, Math.min(pages.length - 1, MOST_PAGES - end.length)));
  return [...begin, context([CUT[language]]), ...end];
}

/** In the text and beside it. */
function countTables({ sections }: Post): number {
  const inText = ({ text }: Section) => findTables(text).filter(({ type }) => type === "table").length;
  return sections.reduce((sum, section) => sum + section.tables.length + inText(section), 0);
}

/** What stands below the text: sources, buttons, and the status or the failure. */
export function renderTail(post: Post, frame: Frame): Block[] {
  const isWorking = post.state === "working";
  return [
    ...renderSources(post, frame),
    ...(isPlain(post) ? post.sections.flatMap(renderNotes) : []),
    ...(post.state === "failed" ? sections(`:warning: ${post.status}`) : []),
    ...(isWorking && post.status ? context([`:hourglass_flowing_sand: ${inline(clip(post.status, 500))}`]) : []),
    ...(isWorking ? renderStop(post.language, frame) : renderActions(post, frame)),
  ];
}

/** Tables: what a stream of text cannot hold. */
export function renderTables({ sections, language }: Post): Block[] {
  return sections.flatMap((section) => section.tables.flatMap((table) => tables(table, language)));
}

/** Whether a post is one answer, whose small print comes last of all. */
function isPlain({ sections }: Post): boolean {
  return sections.length === 1 && sections[0]?.title === "";
}

/** A quoted passage, for the one who pressed its button. */
export function renderQuote(heading: string, { quote, url, title }: Source): Page {
  const words = quote.split("\n").map((line) => `> ${escapeText(line)}`);
  const text = clip([`*${escapeText(clip(heading, 200))}*`, ...words].join("\n"), LIMITS.section - 100);
  const blocks = [
    { type: "section", text: { type: "mrkdwn", text, verbatim: true } },
    ...context([url ? link(url, title) : ""]),
  ];
  return { text: clip(text, LONGEST_FALLBACK), blocks };
}

export function renderStop(language: Language, { id, permit }: Frame): Block[] {
  if (!permit) return [];
  return [{ type: "actions", elements: [button(STOP[language], { kind: "stop", argument: permit, id })] }];
}

function renderAsked({ asked }: Frame): Block[] {
  if (!asked) return [];
  return context([
    `*${escapeText(clip(asked.by, 80))}*: ${escapeText(clip(asked.text.replace(/\s+/g, " "), LONGEST_ASKED))}`,
  ]);
}

interface Form {
  /** Characters in one block of text. */
  limit: number;
  /** Whether tables are blocks: a message holds one, so several are lines. */
  hasGrids: boolean;
}

function renderSection(section: Section, post: Post, { limit, hasGrids }: Form): Block[] {
  const grid = (table: Table) => (hasGrids ? tables(table, post.language) : sections(tableLines(table), limit));
  const prose = findTables(section.text).flatMap((stretch) =>
    stretch.type === "table" ? grid(stretch.table) : sections(stretch.markdown, limit),
  );
  const grids = section.tables.flatMap(grid);
  const notes = isPlain(post) ? [] : renderNotes(section);
  return [...(section.title ? [header(section.title)] : []), ...prose, ...grids, ...notes];
}

function renderNotes({ notes }: Section): Block[] {
  return context(notes.map((note) => inline(clip(note, 1000))));
}

function renderSources({ sources, language, state }: Post, { id }: Frame): Block[] {
  const lines = sources.map(renderSource);
  if (state === "working" || sources.length === 0) return context(lines);
  const press = (i: number) => ({ kind: "quote", argument: String(i), id }) as const;
  if (sources.length <= SOURCES_WITH_BUTTONS)
    return lines.map((text, i) => ({
      type: "section",
      text: { type: "mrkdwn", text, verbatim: true },
      accessory: button(SHOW_QUOTE[language], press(i)),
    }));
  const choices = sources.map(({ number, title }, i) => ({ label: `[${number}] ${plainOf(title)}`, press: press(i) }));
  return [...context(lines), { type: "actions", elements: [menu(SHOW_A_QUOTE[language], choices)] }];
}

function renderSource({ number, title, place, url }: Source): string {
  const name = plainOf(clip(title, TITLE)) || String(number);
  const where = place ? ` › ${escapeText(clip(place, TITLE))}` : "";
  return `[${number}] ${url ? link(url, name) : escapeText(name)}${where}`;
}

function renderActions({ actions, language }: Post, { id }: Frame): Block[] {
  const choices = actions.map(({ label }, i) => ({ label, press: { kind: "act", argument: String(i), id } as const }));
  if (choices.length === 0) return [];
  const buttons = choices.length > BUTTONS ? choices.slice(0, BUTTONS - 1) : choices;
  const rest = choices.slice(buttons.length);
  const elements: Json[] = buttons.map(({ label, press }) => button(label, press));
  return [{ type: "actions", elements: rest.length > 0 ? [...elements, menu(MORE[language], rest)] : elements }];
}

/** Packs blocks into messages; a message holds one table, as Slack demands. */
function paginate(blocks: readonly Block[], payload: number): Block[][] {
  const pages: Block[][] = [[]];
  let size = 0;
  for (const block of blocks) {
    const page = pages.at(-1)!;
    const length = JSON.stringify(block).length;
    const hasTable = block.type === "table" && page.some(({ type }) => type === "table");
    const isFull = page.length >= PAGE_BLOCKS || size + length > payload;
    if (page.length > 0 && (isFull || hasTable)) {
      pages.push([block]);
      size = length;
    } else {
      page.push(block);
      size += length;
    }
  }
  return pages;
}

function fallbackOf(post: Post): string {
  const [text = ""] = split(textOf(post), LONGEST_FALLBACK);
  return toMrkdwn(text) || inline(clip(post.status, LONGEST_FALLBACK)) || NOTHING_TO_SHOW[post.language];
}
