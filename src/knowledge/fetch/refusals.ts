// Why an address was not fetched, each with what would help. An inner address is never said to exist or not.

import { BotError, type ErrorCode } from "../../core/errors.ts";
import { clip, LONGEST_ECHO } from "../../core/text.ts";
import { namesOfFormats } from "../formats/index.ts";

const HINT = {
  en: "Save the page or file and add it as an attachment.",
  "zh-TW": "請把網頁或檔案存下來，改用附件加入。",
};

export function noAddress(): BotError {
  return because(
    "usage",
    "That is no web address. It looks like https://example.com/page.",
    "這不是有效的網址。網址的樣子像 https://example.com/page。",
  );
}

export function noWebAddress(): BotError {
  return because(
    "usage",
    "I fetch only addresses that begin with http:// or https://.",
    "我只能讀取 http:// 或 https:// 開頭的網址。",
  );
}

export function hasPassword(): BotError {
  return because(
    "usage",
    `An address with a name or password in it is not fetched: everyone could read them. ${HINT.en}`,
    `網址裡含有帳號或密碼，所有人都看得到，所以我不讀取。${HINT["zh-TW"]}`,
  );
}

export function notPublic(host: string): BotError {
  return because(
    "forbidden",
    `${host} is not a public address, and I fetch only what anyone on the internet can open. ${HINT.en}`,
    `${host} 不是公開的網址，我只讀取網際網路上任何人都打得開的內容。${HINT["zh-TW"]}`,
  );
}

export function noSuchHost(host: string, cause: unknown): BotError {
  return because(
    "not-found",
    `I found no server named ${host}. Check the address for a slip.`,
    `找不到名為 ${host} 的伺服器。請檢查網址有沒有打錯。`,
    { cause },
  );
}

export function unreachable(host: string, cause: unknown): BotError {
  return because(
    "connection-lost",
    `The connection to ${host} failed. Try again in a minute, or: ${HINT.en}`,
    `和 ${host} 的連線失敗。請過一會兒再試；若還是不行，${HINT["zh-TW"]}`,
    { cause },
  );
}

export function tooSlow(host: string, milliseconds: number, cause: unknown): BotError {
  const seconds = Math.ceil(milliseconds / 1000);
  return because(
    "timeout",
    `${host} had not sent everything after ${seconds} s. Try again later, or: ${HINT.en}`,
    `${host} 過了 ${seconds} 秒還沒把內容傳完。請稍後再試；若還是不行，${HINT["zh-TW"]}`,
    { cause },
  );
}

export function tooManyRedirects(most: number): BotError {
  return because(
    "unreadable",
    `This address leads on to another more than ${most} times. Open it in a browser and give me the address it ends at.`,
    `這個網址轉址超過 ${most} 次。請用瀏覽器打開，再給我最後停留的網址。`,
  );
}

export function wrongType(mediaType: string): BotError {
  const type = clip(mediaType.split(";")[0]!.trim(), LONGEST_ECHO);
  const names = namesOfFormats();
  return because(
    "unreadable",
    `This address holds ${type}; I read ${names.en}.`,
    `這個網址的內容是 ${type}；我讀得懂的是${names["zh-TW"]}。`,
  );
}

export function unknownCoding(coding: string): BotError {
  return because(
    "unreadable",
    `The server packed its answer in a way I did not ask for (${clip(coding, LONGEST_ECHO)}). ${HINT.en}`,
    `伺服器用我沒有要求的方式壓縮內容（${clip(coding, LONGEST_ECHO)}）。${HINT["zh-TW"]}`,
  );
}

export function badStatus(host: string, status: number, retryAfter: string | undefined): BotError {
  if (status === 404 || status === 410) {
    return because(
      "not-found",
      `${host} has nothing at this address (${status}).`,
      `${host} 的這個網址沒有內容（${status}）。`,
    );
  }
  if (status === 401 || status === 403 || status === 407) {
    return because(
      "forbidden",
      `${host} shows this page only to those who sign in (${status}). ${HINT.en}`,
      `${host} 不讓未登入的人看這一頁（${status}）。${HINT["zh-TW"]}`,
    );
  }
  const isLater = status === 429 || status >= 500;
  const seconds = Number(retryAfter);
  return because(
    isLater ? "unavailable" : "unreadable",
    `${host} did not give the page out (${status}). Try again later, or: ${HINT.en}`,
    `${host} 沒有給出這一頁（${status}）。請稍後再試；若還是不行，${HINT["zh-TW"]}`,
    isLater && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {},
  );
}

function because(
  code: ErrorCode,
  en: string,
  zh: string,
  more: { cause?: unknown; retryAfterMs?: number } = {},
): BotError {
  return new BotError(code, { en, "zh-TW": zh }, more);
}
