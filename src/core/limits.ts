// Sets how much of a file Heed takes, and says so of one that has more.

import { BotError } from "./errors.ts";

const MEBIBYTE = 1024 * 1024;

/** The most bytes that one file may have, whatever way it comes: 25 MiB. */
export const LARGEST_FILE = 25 * MEBIBYTE;

/** The most text that one file may turn into, in UTF-16 units: about 4,000 pages. */
export const LONGEST_TEXT = 8_000_000;

/** For a file of more than `limit` bytes; `bytes` is its size, undefined where nobody counted to its end. */
export function fileTooLarge(bytes?: number, limit = LARGEST_FILE): BotError {
  const most = Math.round(limit / MEBIBYTE);
  if (bytes === undefined) {
    return new BotError("too-large", {
      en: `It is larger than ${most} MB, the most I read. Split it, or save it with fewer pictures.`,
      "zh-TW": `檔案超過上限 ${most} MB。請拆開，或減少圖片後再存一次。`,
    });
  }
  const size = Math.ceil((bytes / MEBIBYTE) * 10) / 10;
  return new BotError("too-large", {
    en: `It is ${size} MB; at most ${most} MB fit. Split it, or save it with fewer pictures.`,
    "zh-TW": `檔案有 ${size} MB，上限是 ${most} MB。請拆開，或減少圖片後再存一次。`,
  });
}

/** For a file whose text has more than `limit` UTF-16 units. */
export function textTooLong(limit = LONGEST_TEXT): BotError {
  return new BotError("too-large", {
    en: `It turns into more than ${limit / 1_000_000} million characters. Split it into smaller files.`,
    "zh-TW": `檔案的文字超過 ${limit / 10_000} 萬字，請拆成幾個較小的檔案。`,
  });
}
