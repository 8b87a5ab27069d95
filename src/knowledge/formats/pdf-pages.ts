// Makes one running text of a PDF's pages: what repeats on every page goes, wrapped lines are joined, paragraphs stay apart.

import type { Reading } from "../../core/knowledge.ts";
import type { Line } from "./pdf-lines.ts";

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

/** Inside a paragraph: nothing between Han characters, a hyphen mended, a space otherwise. */
function joint(line: string, next: string): { keep: number; gap: string } {
  if (/\p{Ll}[-‐]$/u.test(line) && /^\p{Ll}/u.test(next)) return { keep: -1, gap: "" };
  const isWide = WIDE.test(line.at(-1) ?? "") && WIDE.test(next[0] ?? "");
  return { keep: 0, gap: isWide ? "" : " " };
}

function edgeAt(page: readonly Line[], line: Line): number {
  const column = page.filter(({ left }) => Math.abs(left - line.left) <= SAME_LEFT);
  return column.reduce((edge, { right }) => Math.max(edge, right), line.right);
}
