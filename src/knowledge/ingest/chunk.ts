// Cuts a reading into passages: whole sentences packed to about one screen of a phone, never across a heading of the same rank or a higher one.

import type { Passage, Reading } from "../../core/knowledge.ts";
import { isTableRow, linesOf, readLine } from "../../core/markdown.ts";
import { sentencesIn, trimSpan, type Span } from "../../core/sentences.ts";
import { wholePairs } from "../../core/text.ts";

/** A passage before it belongs to a document. */
export type Chunk = Pick<Passage, "headings" | "page" | "text" | "start" | "end">;

/** UTF-16 units. Sentences are packed to `TARGET`; a code block or a table may stay whole up to `LONGEST`. */
export const TARGET = 400;
export const LONGEST = 800;
/** A section shorter than this, heading included, is read together with its first subsection. */
const SHORT_SECTION = 120;
/** A rest shorter than this joins the passage before it, as far as `LOOSE` allows. */
const SHORT_REST = 80;
const LOOSE = TARGET + SHORT_REST;

/** Passages in the order of the text: every character but white space lies in exactly one, and `text.slice(start, end)` is its text. */
export function split(reading: Pick<Reading, "text" | "headings" | "pages">): Chunk[] {
  return sectionsOf(reading).flatMap(({ span, headings }) =>
    pack(reading.text, unitsOf(reading.text, span)).map(({ start, end }) => {
      const page = pageAt(reading.pages, start);
      return { headings, ...(page === undefined ? {} : { page }), text: reading.text.slice(start, end), start, end };
    }),
  );
}

/** Some of everything that a cut depends on: headings of two ranks, a short section, a list, a table, code, a long sentence, Chinese. */
const SAMPLE = [
  "# Title\n\nShort.\n\n## One\n\n",
  `${"A sentence of some words, e.g. Lee et al. (2023). ".repeat(20)}\n\n- one\n- two\n\n\`\`\`\ncode\n\`\`\`\n\n| a | b |\n|---|---|\n`,
  `## 二\n\n${"這是一個很長的句子，".repeat(60)}結束。${"短句。".repeat(90)}`,
].join("");

/** Changes with where texts are cut. */
export function chunkingRecipe(): string {
  const headings = [...SAMPLE.matchAll(/^(#+) (.*)$/gm)].map(({ 1: marks = "", 2: text = "", index: start }) => ({
    level: marks.length,
    text,
    start,
  }));
  return JSON.stringify(split({ text: SAMPLE, headings, pages: [] }).map(({ start, end }) => [start, end]));
}

interface Section {
  span: Span;
  headings: readonly string[];
  /** The rank of its last heading: 1 is the highest, 0 stands for the text before the first heading. */
  level: number;
}

function sectionsOf({ text, headings }: Pick<Reading, "text" | "headings">): Section[] {
  const sections: Section[] = [];
  const path: { level: number; text: string }[] = [];
  const ordered = headings.toSorted((a, b) => a.start - b.start);
  const first = ordered[0]?.start ?? text.length;
  if (text.slice(0, first).trim()) sections.push({ span: { start: 0, end: first }, headings: [], level: 0 });
  for (const [i, heading] of ordered.entries()) {
    while (path.length && path.at(-1)!.level >= heading.level) path.pop();
    path.push(heading);
    const end = ordered[i + 1]?.start ?? text.length;
    const before = sections.at(-1);
    const words = path.map((each) => each.text);
    if (before && before.level > 0 && before.level < heading.level && isShort(text, before.span)) {
      if (isBare(text, before.span)) before.headings = words;
      before.span.end = end;
      before.level = heading.level;
    } else sections.push({ span: { start: heading.start, end }, headings: words, level: heading.level });
  }
  return sections;
}

function isShort(text: string, span: Span): boolean {
  return text.slice(span.start, span.end).trim().length < SHORT_SECTION;
}

/** Headings and nothing under them yet: such a section is known by the next heading. */
function isBare(text: string, span: Span): boolean {
  const lines = text.slice(span.start, span.end).trim().split(/\n\s*/);
  return lines.length === 1;
}

/** A piece that must not be torn. `whole` marks a code block or a table, which belongs to the words that introduce it. */
interface Unit extends Span {
  whole?: boolean;
}

/** In order: sentences of prose, whole code blocks and tables where they fit, else their lines. */
function unitsOf(text: string, section: Span): Unit[] {
  return blocksIn(text, section).flatMap((block): Unit[] => {
    const size = block.end - block.start;
    if (block.kind !== "prose" && size <= LONGEST) return [{ start: block.start, end: block.end, whole: true }];
    const parts = block.kind === "prose" ? sentencesIn(text, block.start, block.end) : linesIn(text, block);
    return parts.flatMap((part) => cutLong(text, part));
  });
}

function linesIn(text: string, { start, end }: Block): Span[] {
  const spans: Span[] = [];
  for (let from = start; from < end;) {
    const stop = text.indexOf("\n", from);
    const to = stop < 0 || stop >= end ? end : stop + 1;
    spans.push({ start: from, end: to });
    from = to;
  }
  return spans;
}

const PAUSE = /[，,;；、：:\s][^，,;；、：:\s]*$/u;

/** A sentence that is too long is cut after its last pause, or anywhere but inside a character. */
function cutLong(text: string, { start, end }: Span): Span[] {
  const spans: Span[] = [];
  let from = start;
  while (end - from > TARGET) {
    const pause = text.slice(from, from + TARGET).search(PAUSE);
    const to = wholePairs(text, pause > TARGET / 3 ? from + pause + 1 : from + TARGET);
    spans.push({ start: from, end: to });
    from = to;
  }
  return [...spans, { start: from, end }];
}

function pack(text: string, units: readonly Unit[]): Span[] {
  const packed: Span[] = [];
  for (const raw of units) {
    const unit = trimSpan(text, raw);
    if (unit.end === unit.start) continue;
    const last = packed.at(-1);
    if (last && unit.end - last.start <= (raw.whole ? LONGEST : TARGET)) last.end = unit.end;
    else packed.push(unit);
  }
  const [before, rest] = packed.slice(-2);
  if (before && rest && rest.end - rest.start < SHORT_REST && rest.end - before.start <= LOOSE) {
    packed.splice(-2, 2, { start: before.start, end: rest.end });
  }
  return packed;
}

function pageAt(pages: Reading["pages"], offset: number): number | undefined {
  return pages.findLast(({ start }) => start <= offset)?.number;
}

export interface Block extends Span {
  kind: "prose" | "code" | "table";
}

/** Marks of code at a line's end, at its beginning, or in it: none of them is at home in a sentence of either language. */
const CODE =
  /[;{}[(]$|\w\([^)]*\)[;,)]*$|^\s*(?:const |let |var |def |await |async |export |function |import \w+$|\/\/|[}\])])|^\s*[\w.[\]]+\s*=\s|^\s*["']?\w+["']?:\s["'{[]|=>/;
/** An item of a list may end with a semicolon, too. */
const ITEM = /^\s*(?:[-*+•]|\d+[.)])\s/;
const OPENING = "```\n";

/** The blocks of a passage, of which the cut may have taken the fence that opens its code. */
export function blocksOfChunk(text: string): Block[] {
  if (!beginsInCode(text)) return blocksIn(text, { start: 0, end: text.length });
  const fenced = OPENING + text;
  return blocksIn(fenced, { start: 0, end: fenced.length }).map(({ kind, start, end }) => ({
    kind,
    start: Math.max(0, start - OPENING.length),
    end: end - OPENING.length,
  }));
}

/** Whether most lines before the first fence are code. */
function beginsInCode(text: string): boolean {
  const lines = text.split("\n");
  const fence = lines.findIndex((line) => readLine(line).role === "opens");
  const before = lines.slice(0, fence < 0 ? lines.length : fence).filter((line) => line.trim() !== "");
  return (
    before.length > 0 &&
    before.filter((line) => !ITEM.test(line) && CODE.test(line.trimEnd())).length * 2 > before.length
  );
}

/** Blocks that lie end to end over `within`. A fence that never closes runs to the end. */
export function blocksIn(text: string, within: Span): Block[] {
  const blocks: Block[] = [];
  for (const line of linesOf(text.slice(within.start, within.end))) {
    const end = Math.min(within.start + line.end + 1, within.end);
    const kind = line.role !== "outside" ? "code" : isTableRow(line.text) ? "table" : "prose";
    const last = blocks.at(-1);
    if (last?.kind === kind && line.role !== "opens") last.end = end;
    else blocks.push({ kind, start: within.start + line.start, end });
  }
  return blocks.filter(({ start, end }) => end > start);
}
