// What every format owes its caller, in one place: bounds on bytes and text, no empty reading, and no error but a BotError.

import { BotError, type ErrorCode } from "../../core/errors.ts";
import { LARGEST_FILE, type Format, type Reading } from "../../core/knowledge.ts";

/** The most text that one file may turn into, in UTF-16 units: about 5,000 pages. */
export const LONGEST_TEXT = 10_000_000;

const MEBIBYTE = 1024 * 1024;
const WORDS = /[\p{L}\p{N}]/u;

type Cause = { code?: ErrorCode; cause?: unknown };

/** A file's refusal: what is the matter and what would help, in both languages. */
export function refusal(en: string, zh: string, { code = "unreadable", cause }: Cause = {}): BotError {
  return new BotError(code, { en, "zh-TW": zh }, { cause });
}

/** Wraps a reader of bytes with what holds for every format. */
export function defineFormat(format: Format): Format {
  return {
    ...format,
    async read(bytes, name, signal) {
      signal.throwIfAborted();
      checkSize(bytes);
      const reading = await format.read(bytes, name, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        throw error instanceof BotError ? error : broken(format.name, error);
      });
      signal.throwIfAborted();
      checkText(reading);
      return reading;
    },
  };
}

/** Throws BotError where a file holds nothing or more than Heed reads. */
export function checkSize(bytes: Uint8Array): void {
  if (bytes.length > LARGEST_FILE) throw tooLarge(bytes.length);
  if (bytes.every(isBlank)) throw empty();
}

/** Throws BotError where a text grew past what Heed keeps. */
export function checkLength(length: number): void {
  if (length <= LONGEST_TEXT) return;
  throw refusal(
    `This file turns into more than ${LONGEST_TEXT / 1_000_000} million characters. Split it into smaller files.`,
    `這個檔案的文字超過 ${LONGEST_TEXT / 10_000} 萬字，請拆成幾個較小的檔案。`,
    { code: "too-large" },
  );
}

function checkText({ text }: Reading): void {
  checkLength(text.length);
  if (!WORDS.test(text)) throw empty();
}

function isBlank(byte: number): boolean {
  return byte <= 0x20;
}

function empty(): BotError {
  return refusal(
    "There is no text in this file. Check that it was saved, then add it again.",
    "這個檔案裡沒有文字。請確認內容已經存檔，再加入一次。",
  );
}

function tooLarge(bytes: number): BotError {
  const size = (bytes / MEBIBYTE).toFixed(1);
  const limit = LARGEST_FILE / MEBIBYTE;
  return refusal(
    `This file has ${size} MB; I read up to ${limit} MB. Split it, or export only its text.`,
    `這個檔案有 ${size} MB，上限是 ${limit} MB。請拆成幾個檔案，或只匯出文字部分。`,
    { code: "too-large" },
  );
}

function broken(name: string, cause: unknown): BotError {
  return refusal(
    `This file is damaged or not really ${name}: I could not read it. Open it, save it anew, and add it again.`,
    `這個檔案已損壞，或不是真正的 ${name}，我讀不出來。請開啟後重新儲存，再加入一次。`,
    { cause },
  );
}
