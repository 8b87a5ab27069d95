// The text of a PDF's pages: its lines, what runs along every page left out, paragraphs joined, and its own table of contents found again.

import type { Reading } from "../../core/knowledge.ts";

/** A run of glyphs, as pdf.js gives it; lengths in points. */
export interface Run {
  str: string;
  transform: readonly number[];
  width: number;
  height: number;
  hasEOL: boolean;
}

/** One line of text and where it stands; lengths in points, `bottom` from the page's lower edge. */
export interface Line {
  text: string;
  left: number;
  right: number;
  bottom: number;
  height: number;
}

/** Radicals that fonts put in place of the characters they look like, so that a search would miss them. */
const RADICAL = /[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]/g;
const INVISIBLE = /[^\P{Cc}\t\n]|[\u00ad\u200b\ufeff\ufffd]/gu;
const HAN_GAP = /(?<=[\p{Script=Han}\u3000-\u303f\uff00-\uffef]) (?=[\p{Script=Han}\u3000-\u303f\uff00-\uffef])/gu;
/** Gaps between Han characters are spacing, not spaces, where at least this share of them is followed by one. */
const SPACED = 0.5;

export function linesOf(runs: readonly Run[]): Line[] {
  const lines: Line[] = [];
  let line: Run[] = [];
  for (const run of runs) {
    line.push(run);
    if (!run.hasEOL) continue;
    lines.push(lineOf(line));
    line = [];
  }
  if (line.length > 0) lines.push(lineOf(line));
  return lines.filter(({ text }) => text !== "");
}

function lineOf(runs: readonly Run[]): Line {
  const seen = runs.filter(({ str }) => str.trim() !== "");
  const text = tidy(runs.map(({ str }) => str).join(""));
  if (seen.length === 0) return { text: "", left: 0, right: 0, bottom: 0, height: 0 };
  return {
    text,
    left: Math.min(...seen.map(({ transform }) => transform[4] ?? 0)),
    right: Math.max(...seen.map(({ transform, width }) => (transform[4] ?? 0) + width)),
    bottom: seen[0]!.transform[5] ?? 0,
    height: Math.max(...seen.map(({ height }) => height)),
  };
}

function tidy(text: string): string {
  const plain = text
    .replace(RADICAL, (one) => one.normalize("NFKC"))
    .replace(INVISIBLE, "")
    .replace(/\s+/g, " ")
    .trim();
  const gaps = plain.match(HAN_GAP)?.length ?? 0;
  const han = plain.match(/\p{Script=Han}/gu)?.length ?? 0;
  return gaps > 1 && gaps >= SPACED * han ? plain.replace(HAN_GAP, "") : plain;
}

/** How many lines at a page's head and foot may repeat. */
const EDGE = 2;
/** A line is running when it stands on at least this many pages: a chapter's title may head but a few. */
const FEWEST_REPEATS = 3;
/** A line was wrapped when it ends within this share of its column's width from the right edge. */
const WRAPPED = 0.15;
/** A gap of more than this many line heights begins a paragraph, and so does this change of type size. */
const PARAGRAPH_GAP = 1.9;
const SAME_SIZE = 0.15;
/** Lines that begin within this many points of each other are of one column, a first line's indent included. */
const SAME_LEFT = 40;
const PAGE_NUMBER = /^(?:[-–—] ?)?(?:\d{1,4}|[ivxlc]{1,7})(?: ?[-–—])?$/i;
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;
const ITEM =
  /^(?:[•●◦▪■□–*‧・]|\(?\d{1,3}[.)、]|[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十百\d]{1,4}[章節條])/;

type Pages = readonly (readonly Line[])[];

/** Headers, footers and page numbers out: lines at the edges that repeat from page to page, whatever number they hold. */
export function dropRunningLines(pages: Pages): Line[][] {
  const counts = new Map<string, number>();
  for (const page of pages) {
    for (const key of new Set(edgesOf(page).map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return pages.map((page) => {
    const running = new Set(edgesOf(page).filter((line) => (counts.get(keyOf(line)) ?? 0) >= FEWEST_REPEATS));
    return page.filter((line) => !running.has(line));
  });
}

function edgesOf(page: readonly Line[]): Line[] {
  return [...new Set([...page.slice(0, EDGE), ...page.slice(-EDGE)])];
}

/** The same words at the same height; a page's number may stand anywhere. */
function keyOf({ text, bottom }: Line): string {
  return PAGE_NUMBER.test(text) ? "number" : `${Math.round(bottom / 4)} ${text.replace(/\d+|\b[ivxlc]+\b/gi, "#")}`;
}

/** The text with each page's beginning; a paragraph that runs over the page's end stays one. */
export function joinPages(pages: Pages): Pick<Reading, "text" | "pages"> {
  const parts: string[] = [];
  const starts: { number: number; start: number }[] = [];
  let length = 0;
  let above: Above | undefined;
  for (const [i, page] of pages.entries()) {
    for (const [j, line] of page.entries()) {
      const { keep, gap } = above ? between(above, line) : { keep: 0, gap: "" };
      if (keep < 0) parts.push(parts.pop()!.slice(0, keep));
      parts.push(gap);
      length += keep + gap.length;
      if (j === 0) starts.push({ number: i + 1, start: length });
      parts.push(line.text);
      length += line.text.length;
      above = { line, edge: edgeAt(page, line), isLast: j === page.length - 1 };
    }
    if (page.length === 0) starts.push({ number: i + 1, start: length });
  }
  return { text: parts.join(""), pages: starts };
}

/** The line before, the right edge of its column, and whether its page ends with it. */
type Above = { line: Line; edge: number; isLast: boolean };

/** What stands between two lines, and how much of the first one's end goes (a hyphen). */
function between({ line, edge, isLast }: Above, next: Line): { keep: number; gap: string } {
  const isWrapped = edge - line.right < WRAPPED * (edge - line.left) && !ITEM.test(next.text);
  const isSameSize = Math.abs(line.height - next.height) <= SAME_SIZE * Math.max(line.height, next.height);
  if (isLast)
    return isWrapped && isSameSize && !/[.!?。！？：:」』]$/.test(line.text) ? joint(line.text, next.text) : PARAGRAPH;
  const drop = line.bottom - next.bottom;
  const isFar = drop > PARAGRAPH_GAP * Math.max(line.height, next.height) || !isSameSize;
  if (isFar) return PARAGRAPH;
  return isWrapped ? joint(line.text, next.text) : { keep: 0, gap: "\n" };
}

const PARAGRAPH = { keep: 0, gap: "\n\n" };

/** Inside a paragraph: nothing between Han characters, a hyphen undone, a space otherwise. */
function joint(line: string, next: string): { keep: number; gap: string } {
  if (/\p{Ll}[-‐]$/u.test(line) && /^\p{Ll}/u.test(next)) return { keep: -1, gap: "" };
  const isWide = WIDE.test(line.at(-1) ?? "") && WIDE.test(next[0] ?? "");
  return { keep: 0, gap: isWide ? "" : " " };
}

function edgeAt(page: readonly Line[], line: Line): number {
  const column = page.filter(({ left }) => Math.abs(left - line.left) <= SAME_LEFT);
  return column.reduce((edge, { right }) => Math.max(edge, right), line.right);
}

/** One entry: `page` counts from 1, `level` 1 is the highest. */
export interface Entry {
  title: string;
  level: number;
  page: number;
}

/** What pdf.js says of a document's outline. */
export interface Outlined {
  getOutline(): Promise<readonly Branch[] | null>;
  getDestination(name: string): Promise<unknown[] | null>;
  getPageIndex(page: { num: number; gen: number }): Promise<number>;
}

interface Branch {
  title: string;
  dest: string | unknown[] | null;
  items: readonly Branch[];
}

const MOST_ENTRIES = 2_000;
const DEEPEST = 6;
/** In UTF-16 units, white space aside. */
const LONGEST_TITLE = 300;
/** How far into its page, and the one after, a title is looked for; in UTF-16 units. */
const LONGEST_WINDOW = 50_000;

/** The entries that lead to a page, in their order; those met before `limit` was aborted. */
export async function outlineOf(document: Outlined, limit: AbortSignal): Promise<Entry[]> {
  const entries: Entry[] = [];
  let seen = 0;
  const walk = async (branches: readonly Branch[], level: number): Promise<void> => {
    for (const { title, dest, items } of branches) {
      seen += 1;
      if (seen > MOST_ENTRIES || limit.aborted) return;
      const page = await pageOf(document, dest);
      if (page !== undefined) entries.push({ title, level, page });
      if (level < DEEPEST) await walk(items, level + 1);
    }
  };
  await walk((await document.getOutline()) ?? [], 1);
  return entries;
}

/** Undefined for an entry that leads nowhere in this document; a damaged one costs no other. */
async function pageOf(document: Outlined, dest: Branch["dest"]): Promise<number | undefined> {
  const place = typeof dest === "string" ? await document.getDestination(dest).catch(() => null) : dest;
  const target = place?.[0];
  if (typeof target === "number") return target + 1;
  if (typeof target !== "object" || target === null || !("num" in target) || !("gen" in target)) return undefined;
  const index = await document
    .getPageIndex({ num: Number(target.num), gen: Number(target.gen) })
    .catch(() => undefined);
  return index === undefined ? undefined : index + 1;
}

/** The entries that stand as a line of the page they lead to; the others (numbers left out, other words) are not headings. */
export function headingsIn(text: string, pages: Reading["pages"], entries: readonly Entry[]): Reading["headings"] {
  const starts = new Map(pages.map(({ number, start }) => [number, start]));
  let from = 0;
  return entries.flatMap(({ title, level, page }) => {
    const begin = Math.max(starts.get(page) ?? text.length, from);
    const end = Math.min(starts.get(page + 2) ?? text.length, begin + LONGEST_WINDOW);
    const found = findLine(text.slice(begin, end), title);
    if (!found) return [];
    const start = begin + found.start;
    from = begin + found.end;
    return [{ level, text: text.slice(start, from).replace(/\s+/g, " "), start }];
  });
}

/**
 * Where a line of a text begins with a title, whatever white space stands between its characters, as that of a title and of a
 * page seldom agree. A line may have a number before it that the title leaves out.
 */
function findLine(text: string, title: string): { start: number; end: number } | undefined {
  const wanted = title.replace(/\s/g, "");
  if (wanted === "" || wanted.length > LONGEST_TITLE) return undefined;
  for (const { index, 0: number } of text.matchAll(/^(?:[\d.]{1,20} {0,3})?/gm)) {
    const end = endOf(wanted, text, index) ?? endOf(wanted, text, index + number.length);
    if (end !== undefined) return { start: index, end };
  }
  return undefined;
}

/** Where `wanted` ends in a text that holds it at `at`, white space aside; undefined where it does not. */
function endOf(wanted: string, text: string, at: number): number | undefined {
  let end = at;
  for (let i = 0; i < wanted.length; end += 1) {
    if (end >= text.length) return undefined;
    if (text[end] === wanted[i]) i += 1;
    else if (i === 0 || !/\s/.test(text[end]!)) return undefined;
  }
  return end;
}
