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

export async function outlineOf(document: Outlined): Promise<Entry[]> {
  const entries: Entry[] = [];
  const walk = async (branches: readonly Branch[], level: number): Promise<void> => {
    for (const { title, dest, items } of branches) {
      if (entries.length >= MOST_ENTRIES) return;
      const page = await pageOf(document, dest);
      if (page !== undefined) entries.push({ title: title.replace(/\s+/g, " ").trim(), level, page });
      if (level < DEEPEST) await walk(items, level + 1);
    }
  };
  await walk((await document.getOutline()) ?? [], 1);
  return entries;
}

/** Undefined for an entry that leads nowhere in this document. */
async function pageOf(document: Outlined, dest: Branch["dest"]): Promise<number | undefined> {
  const place = typeof dest === "string" ? await document.getDestination(dest) : dest;
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
    const end = starts.get(page + 2) ?? text.length;
    const found = find(text.slice(begin, end), title);
    if (!found) return [];
    const start = begin + found.index;
    from = start + found.length;
    return [{ level, text: text.slice(start, from).replace(/\s+/g, " "), start }];
  });
}

/** White space in a title and on the page seldom agree, so that between any two characters there may be some. */
function find(text: string, title: string): { index: number; length: number } | undefined {
  const characters = Array.from(title.replace(/\s/g, ""), (one) => one.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  if (characters.length === 0 || characters.length > 300) return undefined;
  const match = new RegExp(`(?<=^|\\n)(?:[\\d.]+ {0,3})?${characters.join("\\s{0,3}")}`, "u").exec(text);
  return match ? { index: match.index, length: match[0].length } : undefined;
}
