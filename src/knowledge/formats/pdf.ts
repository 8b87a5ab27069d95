// PDF: the text of each page in reading order, with the reasons where a page has none.

import type { Format, Reading } from "../../core/knowledge.ts";
import { drawCMap } from "./cmaps.ts";
import { checkLength, defineFormat } from "./define-format.ts";
import { linesOf, type Line } from "./pdf-lines.ts";
import { headingsIn, outlineOf } from "./pdf-outline.ts";
import { dropRunningLines, joinPages } from "./pdf-pages.ts";
import { locked, noText, pagesWithoutText, tooManyPages, tooSlow } from "./pdf-refusals.ts";

type Pdf = Awaited<ReturnType<typeof openPdf>>;

/** How long one document may take, in milliseconds. */
const TIME_LIMIT = 60_000;
const MOST_PAGES = 5_000;
/** Titles that programs write by themselves. */
const PLACEHOLDER =
  /^(?:microsoft (?:word|powerpoint|excel) - .*|untitled.*|document\d*|slide \d+|.*\.(?:docx?|pptx?|xlsx?|indd|tex|dvi|pdf|odt))$/i;

export const pdf: Format = defineFormat({
  name: "PDF",
  extensions: ["pdf"],
  mediaTypes: ["application/pdf"],
  async read(bytes, _name, signal) {
    const limit = AbortSignal.timeout(TIME_LIMIT);
    const document = await openPdf(bytes);
    try {
      return await readPdf(document, bytes, AbortSignal.any([signal, limit]));
    } catch (error) {
      throw limit.aborted && !signal.aborted ? tooSlow(TIME_LIMIT / 1000, error) : error;
    } finally {
      await document.loadingTask.destroy();
    }
  },
});

/** What pdf.js asks for the tables of named encodings. It takes an error for "there is none". */
class TableReader {
  async fetch({ filename }: { filename: string }): Promise<Uint8Array> {
    const table = drawCMap(filename);
    if (!table) throw new RangeError(`there is no table ${filename}`);
    return table;
  }
}

async function openPdf(bytes: Uint8Array) {
  const { getDocumentProxy } = await import("unpdf");
  try {
    // pdf.js keeps the bytes it is given and refuses a Buffer, so it gets its own plain copy; a Buffer.slice() is neither.
    return await getDocumentProxy(new Uint8Array(bytes), {
      verbosity: 0,
      maxImageSize: 1,
      useWorkerFetch: false,
      cMapPacked: false,
      cMapUrl: "cmap:/",
      BinaryDataFactory: TableReader,
    });
  } catch (error) {
    if (error instanceof Error && error.name === "PasswordException") throw locked(error);
    throw error;
  }
}

async function readPdf(document: Pdf, bytes: Uint8Array, signal: AbortSignal): Promise<Reading> {
  if (document.numPages > MOST_PAGES) throw tooManyPages(document.numPages, MOST_PAGES);
  const lines: Line[][] = [];
  let length = 0;
  for (let number = 1; number <= document.numPages; number += 1) {
    signal.throwIfAborted();
    const page = await readPage(document, number);
    length += page.reduce((sum, line) => sum + line.text.length, 0);
    checkLength(length);
    lines.push(page);
  }
  const empty = lines.flatMap((page, i) => (page.length === 0 ? [i + 1] : []));
  if (empty.length === lines.length) throw noText(lines.length, bytes);
  const { text, pages } = joinPages(dropRunningLines(lines));
  const headings = headingsIn(text, pages, await outlineOf(document));
  const title = await titleOf(document);
  return {
    ...(title && { title }),
    text,
    headings,
    pages,
    warnings: empty.length > 0 ? [pagesWithoutText(empty)] : [],
  };
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
