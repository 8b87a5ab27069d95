// Reads PDF: the text of each page in reading order, with the reasons where a page has none.

import type { getDocumentProxy } from "unpdf";
import type { BotError } from "../../core/errors.ts";
import type { Reading } from "../../core/knowledge.ts";
import type { Phrase } from "../../core/language.ts";
import { drawCMap } from "./cmaps.ts";
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
import { dropRunningLines, headingsIn, joinPages, linesOf, outlineOf, type Line } from "./pdf-text.ts";
import { openPdfWorker } from "./pdf-worker.ts";

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

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
  mediaTypes: ["application/pdf", "application/x-pdf"],
  signature: { mark: "%PDF-" },
  async parse(bytes, reader) {
    const { document, close } = await openPdf(bytes);
    try {
      return await readPdf(document, bytes, reader);
    } finally {
      await reader.extra({ name: "closing" }, close, undefined);
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

async function readPdf(document: Pdf, bytes: Uint8Array, reader: Reader): Promise<Reading> {
  if (document.numPages > MOST_PAGES) throw tooManyPages(document.numPages, MOST_PAGES);
  const { lines, damaged } = await readPages(document, reader);
  const empty = lines.flatMap((page, i) => (page.length === 0 && !damaged.includes(i + 1) ? [i + 1] : []));
  if (empty.length === lines.length) throw noTextIn(lines.length, bytes);
  if (lines.every((page) => page.length === 0)) throw allDamaged();
  const kept = await reader.extra({ name: "running lines" }, () => dropRunningLines(lines), lines);
  const { text, pages } = joinPages(kept);
  const findHeadings = async () => headingsIn(text, pages, await outlineOf(document, reader.signal));
  const headings = await reader.extra(NO_OUTLINE, findHeadings, []);
  const title = await reader.extra(NO_TITLE, () => titleOf(document), undefined);
  const warnings = [
    ...(damaged.length > 0 ? [damagedPages(damaged)] : []),
    ...(empty.length > 0 ? [pagesWithoutText(empty)] : []),
  ];
  return { ...(title && { title }), text, headings, pages, warnings };
}

/** The lines of each page, none for one that is damaged; `damaged` numbers these from 1. */
async function readPages(document: Pdf, { signal, piece }: Reader) {
  const lines: Line[][] = [];
  const damaged: number[] = [];
  let length = 0;
  for (let number = 1; number <= document.numPages; number += 1) {
    signal.throwIfAborted();
    const page = await piece(`page ${number}`, () => readPage(document, number));
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

/** Images are streams of their own, so their names stand in the file uncompressed. */
const IMAGE = /\/Subtype\s*\/Image\b/;

function locked(cause: unknown): BotError {
  return refusal(
    "This PDF is protected by a password. Save a copy without one and add that.",
    "這份 PDF 有密碼保護。請另存一份沒有密碼的版本再加入。",
    { cause },
  );
}

function tooManyPages(pages: number, most: number): BotError {
  return refusal(
    `This PDF has ${pages} pages; I read up to ${most}. Split it into smaller ones.`,
    `這份 PDF 有 ${pages} 頁，上限是 ${most} 頁。請拆成幾份較小的檔案。`,
    { code: "too-large" },
  );
}

/** For a PDF that has no text on any page: a scan, where it holds images. */
function noTextIn(pages: number, bytes: Uint8Array): BotError {
  const isScan = IMAGE.test(new TextDecoder("latin1").decode(bytes));
  const place = {
    en: pages === 1 ? "on the only page of this PDF" : `on any of the ${pages} pages of this PDF`,
    "zh-TW": `這份 PDF 的 ${pages} 頁都`,
  };
  return noText(place, isScan ? SCAN : DRAWN);
}

const SCAN: Phrase = {
  en: "They are scanned images: run text recognition (OCR) over them and add the result.",
  "zh-TW": "這些是掃描影像，請先做文字辨識（OCR），再加入辨識後的檔案。",
};
const DRAWN: Phrase = {
  en: "What looks like text cannot be selected. Export it anew from where it was written.",
  "zh-TW": "看起來像文字的部分無法選取。請從原本的程式重新匯出。",
};

/** For a PDF of which no page could be read, and of some because they are damaged. */
function allDamaged(): BotError {
  return refusal(
    "The pages of this PDF are damaged: I could read no text. Open it, print it to a new PDF, and add that.",
    "這份 PDF 的頁面已損壞，讀不出文字。請開啟後重新列印成 PDF，再加入一次。",
  );
}

function damagedPages(numbers: readonly number[]): Phrase {
  const some = firstOf(numbers);
  return {
    en: `${numbers.length === 1 ? "1 page is damaged and was" : `${numbers.length} pages are damaged and were`} left out (${some.en}).`,
    "zh-TW": `有 ${numbers.length} 頁已損壞，沒有讀取（第 ${some["zh-TW"]} 頁）。`,
  };
}

function pagesWithoutText(numbers: readonly number[]): Phrase {
  const some = firstOf(numbers);
  return {
    en: `${numbers.length === 1 ? "1 page holds no text and was" : `${numbers.length} pages hold no text and were`} left out (${some.en}): images, or fonts without a character table.`,
    "zh-TW": `有 ${numbers.length} 頁讀不到文字，已略過（第 ${some["zh-TW"]} 頁）：可能是影像，或字型沒有字元對照表。`,
  };
}
