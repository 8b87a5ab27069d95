// Why a PDF cannot be read, each with what would help.

import type { BotError } from "../../core/errors.ts";
import type { Phrase } from "../../core/language.ts";
import { firstOf, refusal } from "./define-format.ts";

/** Images are streams of their own, so their names stand in the file uncompressed. */
const IMAGE = /\/Subtype\s*\/Image\b/;

export function locked(cause: unknown): BotError {
  return refusal(
    "This PDF is protected by a password. Save a copy without one and add that.",
    "這份 PDF 有密碼保護。請另存一份沒有密碼的版本再加入。",
    { cause },
  );
}

export function tooSlow(seconds: number, cause: unknown): BotError {
  return refusal(
    `Reading this PDF took more than ${seconds} s. Split it, or print it to a new PDF, and add that.`,
    `這份 PDF 讀了超過 ${seconds} 秒。請拆成幾份，或重新列印成 PDF 再加入。`,
    { cause },
  );
}

export function tooManyPages(pages: number, most: number): BotError {
  return refusal(
    `This PDF has ${pages} pages; I read up to ${most}. Split it into smaller ones.`,
    `這份 PDF 有 ${pages} 頁，上限是 ${most} 頁。請拆成幾份較小的檔案。`,
    { code: "too-large" },
  );
}

/** For a PDF that has no text on any page: a scan, where it holds images. */
export function noText(pages: number, bytes: Uint8Array): BotError {
  const isScan = IMAGE.test(new TextDecoder("latin1").decode(bytes));
  if (!isScan) {
    return refusal(
      `No page of this PDF (${pages} in all) holds text that can be selected. Export it anew from where it was written.`,
      `這份 PDF 的 ${pages} 頁都沒有可選取的文字。請從原本的程式重新匯出。`,
    );
  }
  return refusal(
    `${pages === 1 ? "The only page of this PDF is a scanned image" : `All ${pages} pages of this PDF are scanned images`} without text. Run text recognition (OCR) over it and add the result.`,
    `這份 PDF 的 ${pages} 頁都是掃描影像，沒有文字。請先做文字辨識（OCR），再加入辨識後的檔案。`,
  );
}

/** For a PDF of which no page could be read, and of some because they are damaged. */
export function allDamaged(): BotError {
  return refusal(
    "The pages of this PDF are damaged: I could read no text. Open it, print it to a new PDF, and add that.",
    "這份 PDF 的頁面已損壞，讀不出文字。請開啟後重新列印成 PDF，再加入一次。",
  );
}

export function damagedPages(numbers: readonly number[]): Phrase {
  const some = firstOf(numbers);
  return {
    en: `${numbers.length === 1 ? "1 page is damaged and was" : `${numbers.length} pages are damaged and were`} left out (${some.en}).`,
    "zh-TW": `有 ${numbers.length} 頁已損壞，沒有讀取（第 ${some["zh-TW"]} 頁）。`,
  };
}

export function pagesWithoutText(numbers: readonly number[]): Phrase {
  const some = firstOf(numbers);
  return {
    en: `${numbers.length === 1 ? "1 page holds no text and was" : `${numbers.length} pages hold no text and were`} left out (${some.en}): images, or fonts without a character table.`,
    "zh-TW": `有 ${numbers.length} 頁讀不到文字，已略過（第 ${some["zh-TW"]} 頁）：可能是影像，或字型沒有字元對照表。`,
  };
}
