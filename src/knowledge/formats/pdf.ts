// PDF: the text of each page in reading order, with the reasons where a page has none.

import type { Reading } from "../../core/knowledge.ts";
import type { getDocumentProxy } from "unpdf";
import { drawCMap } from "./cmaps.ts";
import { abortable, checkLength, defineFormat, NO_TITLE, type Extra, type Reader } from "./define-format.ts";
import { linesOf, type Line } from "./pdf-lines.ts";
import { headingsIn, outlineOf } from "./pdf-outline.ts";
import { dropRunningLines, joinPages } from "./pdf-pages.ts";
import { allDamaged, damagedPages, locked, noText, pagesWithoutText, tooManyPages, tooSlow } from "./pdf-refusals.ts";
import { openPdfWorker } from "./pdf-worker.ts";

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** How long one document may take, in milliseconds. */
const TIME_LIMIT = 60_000;
const MOST_PAGES = 5_000;
/** Titles that programs write by themselves. */
const PLACEHOLDER =
  /^(?:microsoft (?:word|powerpoint|excel) - .*|untitled.*|document\d*|slide \d+|.*\.(?:docx?|pptx?|xlsx?|indd|tex|dvi|pdf|odt))$/i;

const NO_OUTLINE: Extra = {
  name: "outline",
  lost: {
    en: "Its table of contents could not be read, so its passages stand under no headings.",
    "zh-TW": "讀不到文件的目錄，段落因此沒有所屬的章節。",
  },
};

export const pdf = defineFormat({
  name: "PDF",
  extensions: ["pdf"],
  mediaTypes: ["application/pdf"],
  async parse(bytes, reader) {
    const limit = AbortSignal.timeout(TIME_LIMIT);
    const { document, close } = await openPdf(bytes);
    try {
      return await readPdf(document, bytes, { ...reader, limit });
    } catch (error) {
      throw limit.aborted && !reader.signal.aborted ? tooSlow(TIME_LIMIT / 1000, error) : error;
    } finally {
      await reader.extra({ name: "closing" }, close, undefined);
    }
  },
});

/** `limit` is aborted when the document has taken its time. */
type TimedReader = Reader & { limit: AbortSignal };

/** What pdf.js asks for the tables of named encodings. It takes an error for "there is none". */
class TableReader {
  async fetch({ filename }: { filename: string }): Promise<Uint8Array> {
    const table = drawCMap(filename);
    if (!table) throw new RangeError(`there is no table ${filename}`);
    return table;
  }
}

async function openPdf(bytes: Uint8Array): Promise<{ document: Pdf; close: () => Promise<void> }> {
  const { getDocumentProxy, getResolvedPDFJS } = await import("unpdf");
  const worker = openPdfWorker(await getResolvedPDFJS());
  try {
    // pdf.js keeps the bytes it is given and refuses a Buffer, so it gets its own plain copy; a Buffer.slice() is neither.
    const document = await getDocumentProxy(new Uint8Array(bytes), {
      worker,
      verbosity: 0,
      maxImageSize: 1,
      useWorkerFetch: false,
      cMapPacked: false,
      cMapUrl: "cmap:/",
      BinaryDataFactory: TableReader,
    });
    const close = async () => {
      await document.loadingTask.destroy();
      worker.destroy();
    };
    return { document, close };
  } catch (error) {
    worker.destroy();
    if (error instanceof Error && error.name === "PasswordException") throw locked(error);
    throw error;
  }
}

async function readPdf(document: Pdf, bytes: Uint8Array, reader: TimedReader): Promise<Reading> {
  if (document.numPages > MOST_PAGES) throw tooManyPages(document.numPages, MOST_PAGES);
  const { lines, damaged } = await abortable(readPages(document, reader), reader.limit);
  const empty = lines.flatMap((page, i) => (page.length === 0 && !damaged.includes(i + 1) ? [i + 1] : []));
  if (empty.length === lines.length) throw noText(lines.length, bytes);
  if (lines.every((page) => page.length === 0)) throw allDamaged();
  const kept = await reader.extra({ name: "running lines" }, () => dropRunningLines(lines), lines);
  const { text, pages } = joinPages(kept);
  const findHeadings = async () => headingsIn(text, pages, await outlineOf(document, reader.limit));
  const headings = await reader.extra(NO_OUTLINE, () => abortable(findHeadings(), reader.limit), []);
  const title = await reader.extra(NO_TITLE, () => titleOf(document), undefined);
  const warnings = [
    ...(damaged.length > 0 ? [damagedPages(damaged)] : []),
    ...(empty.length > 0 ? [pagesWithoutText(empty)] : []),
  ];
  return { ...(title && { title }), text, headings, pages, warnings };
}

/** The lines of each page, none for one that is damaged; `damaged` numbers these from 1. */
async function readPages(document: Pdf, { signal, limit, extra }: TimedReader) {
  const lines: Line[][] = [];
  const damaged: number[] = [];
  let length = 0;
  for (let number = 1; number <= document.numPages; number += 1) {
    signal.throwIfAborted();
    limit.throwIfAborted();
    const page = await extra({ name: `page ${number}` }, () => readPage(document, number), undefined);
    if (!page) damaged.push(number);
    length += page?.reduce((sum, line) => sum + line.text.length, 0) ?? 0;
    checkLength(length);
    lines.push(page ?? []);
  }
  return { lines, damaged };
}

async function readPage(document: Pdf, number: number): Promise<Line[]> {
  const page = await document.getPage(number);
  const { items } = await page.getTextContent();
  page.cleanup();
  return linesOf(items.flatMap((item) => ("str" in item ? [item] : [])));
}

async function titleOf(document: Pdf): Promise<string | undefined> {
  const { info } = await document.getMetadata();
  const title: unknown = "Title" in info ? info.Title : undefined;
  const words = typeof title === "string" ? title.replace(/\s+/g, " ").trim() : "";
  return words === "" || PLACEHOLDER.test(words) ? undefined : words;
}
