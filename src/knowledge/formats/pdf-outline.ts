// A PDF's own table of contents, found again in its text.

import type { Reading } from "../../core/knowledge.ts";

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
