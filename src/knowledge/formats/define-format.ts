// What every format owes its caller, in one place: bounds on bytes and text, no empty reading, no error but a BotError,
// and a text that outlives whatever fails beside it.

import { abortable } from "../../core/async.ts";
import { BotError, type ErrorCode } from "../../core/errors.ts";
import type { Format, ReadContext, Reading } from "../../core/knowledge.ts";
import type { Phrase } from "../../core/language.ts";
import { fileTooLarge, LARGEST_FILE, LONGEST_TEXT, textTooLong } from "../../core/limits.ts";

const WORDS = /[\p{L}\p{N}]/u;

type Cause = { code?: ErrorCode; cause?: unknown };

/** A file's refusal: what is the matter and what would help, in both languages. */
export function refusal(en: string, zh: string, { code = "unreadable", cause }: Cause = {}): BotError {
  return new BotError(code, { en, "zh-TW": zh }, { cause });
}

/** Something beside a document's text, whose failure costs no more than itself. */
export interface Extra {
  /** For the log: "outline". */
  name: string;
  /** What the reader of the document misses without it; left out where nothing is missed. */
  lost?: Phrase;
}

/** What a format reads with. */
export interface Reader {
  signal: AbortSignal;
  /** What `work` makes, or `without` where that fails: the failure is logged with its cause, and never costs the rest. */
  extra<Value>(this: void, extra: Extra, work: () => Value | Promise<Value>, without: Value): Promise<Value>;
  /**
   * One piece of many ("slide 3"): undefined where it fails, which is logged likewise, and the format says which are missing.
   * BotError "too-large" passes, since it speaks of the whole.
   */
  piece<Value>(this: void, name: string, work: () => Value | Promise<Value>): Promise<Value | undefined>;
}

/** By what a file's bytes are known for a format's, whatever the file is called. */
export type Signature =
  /** Stands at the beginning, or near it in what is no text. */
  | { mark: string }
  /** The member of a ZIP archive. */
  | { member: string }
  /** The beginning of a text. */
  | { opening: RegExp };

export interface FormatDefinition extends Omit<Format, "read"> {
  /** How people call it, where they use another word than its name. */
  label?: Phrase;
  /** A format without one is text, and known by a file's name or media type. */
  signature?: Signature;
  /** Turns bytes into text. Whatever only adorns the text goes through `extra`, and one piece of many through `piece`. */
  parse(bytes: Uint8Array, reader: Reader): Promise<Reading>;
}

export const NO_TITLE: Extra = {
  name: "title",
  lost: {
    en: "Its title could not be read, so it goes by its file name.",
    "zh-TW": "讀不到文件的標題，改用檔名稱呼。",
  },
};

/** More failures of one file than this are not logged one by one. */
const MOST_LOGGED = 20;

/** Wraps a parser of bytes with what holds for every format. */
export function defineFormat(definition: FormatDefinition): FormatDefinition & Format {
  return {
    ...definition,
    async read(bytes, context) {
      const { signal } = context;
      signal.throwIfAborted();
      checkSize(bytes);
      const losses = new Set<Phrase>();
      const reader = createReader(definition.name, context, losses);
      const reading = await abortable(definition.parse(bytes, reader), signal).catch((error: unknown) => {
        signal.throwIfAborted();
        throw error instanceof BotError ? error : broken(definition.name, context, error);
      });
      signal.throwIfAborted();
      checkText(reading);
      const warnings = [...reading.warnings, ...losses, ...(isMostlyData(reading.text) ? [MOSTLY_DATA] : [])];
      return { ...reading, warnings };
    },
  };
}

function createReader(format: string, { name, signal, log }: ReadContext, losses: Set<Phrase>): Reader {
  let failures = 0;
  const note = (part: string, error: unknown) => {
    signal.throwIfAborted();
    failures += 1;
    if (failures <= MOST_LOGGED) log.warn("a part of a document could not be read", { name, format, part, error });
  };
  return {
    signal,
    async extra({ name: part, lost }, work, without) {
      try {
        return await work();
      } catch (error) {
        note(part, error);
        if (lost) losses.add(lost);
        return without;
      }
    },
    async piece(part, work) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof BotError && error.code === "too-large") throw error;
        note(part, error);
        return undefined;
      }
    },
  };
}

/** Throws BotError where a file holds nothing or more than Heed reads. */
export function checkSize(bytes: Uint8Array): void {
  if (bytes.length > LARGEST_FILE) throw fileTooLarge(bytes.length);
  if (bytes.every(isBlank)) throw noText();
}

/** Throws BotError where a text grew past what Heed keeps. */
export function checkLength(length: number): void {
  if (length > LONGEST_TEXT) throw textTooLong();
}

function checkText({ text }: Reading): void {
  checkLength(text.length);
  if (!WORDS.test(text)) throw noText();
}

/** How many things a warning names one by one. */
const NAMED = 10;

/** The first of a list, as a sentence names them: "2, 5, ..." */
export function firstOf(list: readonly (number | string)[]): Phrase {
  const some = list.slice(0, NAMED).join(", ");
  const more = list.length > NAMED;
  return { en: `${some}${more ? ", ..." : ""}`, "zh-TW": `${some.replaceAll(", ", "、")}${more ? "等" : ""}` };
}

/** Bytes written as letters (base64, hexadecimal) are found by no question and fill passages all the same. */
const DATA = /[\w+/=-]{200,}/g;
const MOSTLY_DATA: Phrase = {
  en: "Most of this file is encoded data rather than words, so little of it can be found.",
  "zh-TW": "這個檔案大部分是編碼過的資料而不是文字，能查到的內容不多。",
};

function isMostlyData(text: string): boolean {
  const data = (text.match(DATA) ?? []).reduce((sum, run) => sum + run.length, 0);
  return data > text.length / 2;
}

function isBlank(byte: number): boolean {
  return byte <= 0x20;
}

const IN_THIS_FILE: Phrase = { en: "in this file", "zh-TW": "這個檔案裡" };
const SAVED: Phrase = {
  en: "Check that it was saved, then add it again.",
  "zh-TW": "請確認內容已經存檔，再加入一次。",
};
const PICTURES: Phrase = {
  en: "If it holds only pictures, add its text, or a PDF in which the text can be selected.",
  "zh-TW": "如果裡面只有圖片，請加入文字內容，或文字可以選取的 PDF。",
};

/** For a file without a word: `where` there is none ("on the slides"), and what helps; what may have been lost with pictures by default. */
export function noText(where?: Phrase, fix: Phrase = where ? PICTURES : SAVED): BotError {
  const place = where ?? IN_THIS_FILE;
  return refusal(`There is no text ${place.en}. ${fix.en}`, `${place["zh-TW"]}沒有文字。${fix["zh-TW"]}`);
}

/** No reader is meant to fail so: what it was is for the log, what may help for the person. */
function broken(format: string, { name, log }: ReadContext, cause: unknown): BotError {
  log.warn("a document could not be read", { name, format, error: cause });
  return refusal(
    `This file is damaged or not really ${format}: I could not read it. Open it, save it anew, and add it again.`,
    `這個檔案已損壞，或不是真正的 ${format}，我讀不出來。請開啟後重新儲存，再加入一次。`,
    { cause },
  );
}
