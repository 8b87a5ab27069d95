// E-books in EPUB: the chapters in their reading order, under the titles that the book's own table of contents gives them.
// Format: EPUB 3.3 and 2.0.1 (container, package document, navigation document, NCX).

import type { Reading } from "../../core/knowledge.ts";
import { oneLine } from "../../core/text.ts";
import { decodeText } from "./charset.ts";
import {
  checkLength,
  defineFormat,
  firstOf,
  NO_TITLE,
  noText,
  refusal,
  type Extra,
  type Reader,
} from "./define-format.ts";
import { declaredCharset } from "./html.ts";
import { openParts, readXml, resolveFrom, type Parts } from "./package.ts";
import { parsePage, writeProse, type PageElement, type Prose } from "./prose.ts";

const CONTAINER = "META-INF/container.xml";
const ENCRYPTION = "META-INF/encryption.xml";
const CHAPTER_TYPES = new Set(["application/xhtml+xml", "text/html"]);
/** More would be no book. */
const MOST_CHAPTERS = 5_000;
/** In bytes of its source. */
const LARGEST_CHAPTER = 10 * 1024 * 1024;
const DEEPEST_TITLE = 6;

const NO_CONTENTS: Extra = {
  name: "table of contents",
  lost: {
    en: "Its table of contents could not be read, so chapters without a heading of their own have none.",
    "zh-TW": "讀不到書的目錄，沒有標題的章節因此沒有名稱。",
  },
};

export const epub = defineFormat({
  name: "EPUB",
  extensions: ["epub"],
  mediaTypes: ["application/epub+zip"],
  signature: { member: CONTAINER },
  async parse(bytes, reader) {
    const parts = openParts(bytes);
    const book = await readPackage(parts, reader.signal);
    const titles = await reader.extra(NO_CONTENTS, () => readContents(book, parts, reader.signal), new Map());
    const locked = await reader.extra({ name: "encryption" }, () => lockedIn(parts, reader.signal), new Set<string>());
    const chapters = book.chapters.filter((part) => part !== book.navigation);
    if (chapters.length > 0 && chapters.every((part) => locked.has(part))) throw copyProtected();
    const { text, headings, damaged } = await readChapters(chapters, titles, parts, reader);
    if (!text) throw damaged.length > 0 ? allDamaged() : noText({ en: "in this book", "zh-TW": "這本書裡" });
    const title = await reader.extra(NO_TITLE, () => oneLine(book.title), "");
    return { ...(title && { title }), text, headings, pages: [], warnings: unread(damaged) };
  },
});

/** A chapter's title in the table of contents, and how deep it stands there, from 1. */
interface Entry {
  title: string;
  level: number;
}

/** The package document, as far as reading needs it; `chapters`, `navigation` and `ncx` are names of parts. */
interface Book {
  title: string;
  chapters: readonly string[];
  navigation: string | undefined;
  ncx: string | undefined;
}

/** Throws where there is no package document to be found: without it nobody knows what to read. */
async function readPackage(parts: Parts, signal: AbortSignal): Promise<Book> {
  const path = await findPackage(parts, signal);
  const items = new Map<string, { part: string; type: string; properties: string }>();
  const spine: string[] = [];
  let [title, isTitle, toc] = ["", false, ""];
  const handler = {
    open(name: string, attributes: Readonly<Record<string, string>>) {
      const { id = "", href = "", "media-type": type = "", properties = "", idref = "" } = attributes;
      isTitle = name === "title" && title === "";
      if (name === "item") items.set(id, { part: resolveFrom(path, href, parts), type, properties });
      if (name === "spine") toc = attributes["toc"] ?? "";
      if (name === "itemref" && spine.length < MOST_CHAPTERS) spine.push(idref);
    },
    text(text: string) {
      if (isTitle) title += text;
    },
    close() {
      isTitle = false;
    },
  };
  await readXml(await decodeText(parts.read(path)), handler, signal);
  const chapters = spine.flatMap((id) => {
    const item = items.get(id);
    return item && CHAPTER_TYPES.has(item.type.toLowerCase()) ? [item.part] : [];
  });
  const all = [...items.values()];
  const navigation = all.find(({ properties }) => properties.split(/\s+/).includes("nav"))?.part;
  const ncx = items.get(toc)?.part ?? all.find(({ type }) => type === "application/x-dtbncx+xml")?.part;
  return { title, chapters: [...new Set(chapters)], navigation, ncx };
}

async function findPackage(parts: Parts, signal: AbortSignal): Promise<string> {
  let path = "";
  const open = (name: string, { "full-path": fullPath = "" }: Readonly<Record<string, string>>) => {
    if (name === "rootfile") path ||= fullPath;
  };
  await readXml(await decodeText(parts.read(CONTAINER)), { open }, signal);
  return path;
}

/** The title of each part that the table of contents leads to: by its first entry, in EPUB 3's own list or in EPUB 2's. */
async function readContents(
  { navigation, ncx }: Book,
  parts: Parts,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Entry>> {
  const titles = new Map<string, Entry>();
  const add = (from: string, href: string, words: string, level: number) => {
    const part = resolveFrom(from, href.split("#")[0]!, parts);
    const title = oneLine(words);
    if (title && !titles.has(part)) titles.set(part, { title, level: Math.min(level, DEEPEST_TITLE) });
  };
  if (navigation !== undefined) {
    const page = await parsePage(await sourceOf(navigation, parts));
    const lists = [...page.querySelectorAll("nav")];
    const list = lists.find((nav) => nav.getAttribute("epub:type")?.split(/\s+/).includes("toc")) ?? lists[0];
    if (list) walkList(list, 0, (href, words, level) => add(navigation, href, words, level));
  } else if (ncx !== undefined) {
    await walkNcx(await decodeText(parts.read(ncx)), (href, words, level) => add(ncx, href, words, level), signal);
  }
  return titles;
}

type Found = (href: string, words: string, level: number) => void;

/** `level` counts the lists around an element. */
function walkList(element: PageElement, level: number, found: Found): void {
  for (const child of element.children) {
    const href = child.tagName === "A" ? child.getAttribute("href") : null;
    if (href) found(href, child.textContent ?? "", level);
    else if (level <= DEEPEST_TITLE) walkList(child, level + (child.tagName === "OL" ? 1 : 0), found);
  }
}

async function walkNcx(source: string, found: Found, signal: AbortSignal): Promise<void> {
  const open: string[] = [];
  let isText = false;
  const handler = {
    open(name: string, { src = "" }: Readonly<Record<string, string>>) {
      if (name === "navPoint") open.push("");
      isText = name === "text" && open.length > 0;
      if (name === "content" && open.length > 0) found(src, open.at(-1)!, open.length);
    },
    text(text: string) {
      if (isText) open[open.length - 1] += text;
    },
    close(name: string) {
      isText = false;
      if (name === "navPoint") open.pop();
    },
  };
  await readXml(source, handler, signal);
}

/** The parts that only the shop's own program can open. Fonts are often scrambled in books that anyone may read. */
async function lockedIn(parts: Parts, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const locked = new Set<string>();
  const open = (name: string, { URI = "" }: Readonly<Record<string, string>>) => {
    if (name === "CipherReference") locked.add(resolveFrom("", URI, parts));
  };
  await readXml(parts.text(ENCRYPTION), { open }, signal);
  return locked;
}

async function readChapters(
  chapters: readonly string[],
  titles: ReadonlyMap<string, Entry>,
  parts: Parts,
  { piece, signal }: Reader,
): Promise<Prose & { damaged: readonly string[] }> {
  const texts: string[] = [];
  const headings: Reading["headings"][number][] = [];
  const damaged: string[] = [];
  let length = 0;
  for (const [i, part] of chapters.entries()) {
    signal.throwIfAborted();
    const chapter = await piece(`chapter ${i + 1}`, () => readChapter(part, titles.get(part), parts));
    if (!chapter) damaged.push(titles.get(part)?.title ?? String(i + 1));
    if (!chapter?.text) continue;
    headings.push(...chapter.headings.map((heading) => ({ ...heading, start: length + heading.start })));
    texts.push(chapter.text);
    length += chapter.text.length + 2;
    checkLength(length);
  }
  return { text: texts.join("\n\n"), headings, damaged };
}

/** A chapter that begins with a heading, or says its title in one, keeps that; any other gets its title from the contents. */
async function readChapter(part: string, entry: Entry | undefined, parts: Parts): Promise<Prose> {
  const prose = writeProse((await parsePage(await sourceOf(part, parts))).body);
  const saysTitle = prose.headings.some(({ text, start }) => start === 0 || oneLine(text) === entry?.title);
  if (!entry || prose.text === "" || saysTitle) return prose;
  const line = `${"#".repeat(entry.level)} ${entry.title}\n\n`;
  return {
    text: line + prose.text,
    headings: [
      { level: entry.level, text: entry.title, start: 0 },
      ...prose.headings.map((heading) => ({ ...heading, start: heading.start + line.length })),
    ],
  };
}

async function sourceOf(part: string, parts: Parts): Promise<string> {
  const bytes = parts.read(part);
  if (bytes.length > LARGEST_CHAPTER) throw new RangeError(`${part} has ${bytes.length} bytes`);
  return decodeText(bytes, declaredCharset(bytes));
}

function unread(chapters: readonly string[]): Reading["warnings"] {
  if (chapters.length === 0) return [];
  const some = firstOf(chapters);
  return [
    {
      en: `${chapters.length === 1 ? "1 chapter is damaged and was" : `${chapters.length} chapters are damaged and were`} left out (${some.en}).`,
      "zh-TW": `有 ${chapters.length} 章已損壞，沒有讀取（${some["zh-TW"]}）。`,
    },
  ];
}

function allDamaged() {
  return refusal(
    "The chapters of this book are damaged: I could read none. Get it again, check that it opens, and add it again.",
    "這本電子書的章節已損壞，一章都讀不出來。請重新取得、確認打得開，再加入一次。",
  );
}

function copyProtected() {
  return refusal(
    "This book is protected against copying (DRM), so only its shop's program can open it. Add a version without protection.",
    "這本電子書有防拷保護（DRM），只有書店的程式打得開。請改加入沒有保護的版本。",
  );
}
