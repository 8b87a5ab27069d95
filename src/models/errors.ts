// Exports the errors that a model fails with: what happened and how to fix it, never a vendor's own words, which may hold anything.

import { BotError, type ErrorCode } from "../core/errors.ts";
import { inEveryLanguage, type Phrase } from "../core/language.ts";
import { truncate } from "../core/text.ts";
import { retirementOf } from "./catalog/index.ts";
import { fieldsOf, readFailure, reasonOf, type Reason, type VendorFailure } from "./vendor-failure.ts";
import type { Vendor } from "./vendor.ts";

/** When the failure came. */
interface Moment {
  /** Milliseconds since 1970. */
  now: number;
  /** Whether anything of an answer had come. */
  begun: boolean;
}

/** An error of ours for any error of a vendor's package, with what the vendor said kept for the log. A defect of our own stays what it is. */
export function toBotError(error: unknown, incident: Incident, moment: Moment): unknown {
  if (error instanceof BotError || isDefect(error)) return error;
  const failure = readFailure(error);
  return modelError(
    reasonOf(failure, error, moment.begun),
    { ...incident, now: moment.now },
    {
      cause: new Error(record(error, failure, incident.vendor.secret)),
      retryAfterMs: retryAfter(failure.headers, moment.now),
    },
  );
}

export function modelError(
  reason: Reason,
  incident: Incident,
  more: { cause?: unknown; retryAfterMs?: number | undefined } = {},
): BotError {
  return new BotError(CODES[reason], phraseFor(reason, { ...incident, retryAfterMs: more.retryAfterMs }), more);
}

/** Everything a sentence may speak of. */
export interface Incident {
  vendor: Vendor;
  /** The model's id. */
  id: string;
  retryAfterMs?: number | undefined;
  /** The limit that ran out, in milliseconds. */
  waitedMs?: number | undefined;
  /** Milliseconds since 1970. */
  now?: number;
  /** Whether words of the answer stand above. */
  hasText?: boolean | undefined;
}

export const CODES: Readonly<Record<Reason, ErrorCode>> = {
  "bad-key": "bad-key",
  "no-credit": "bad-key",
  "no-access": "no-access",
  "too-little-memory": "misconfigured",
  "no-such-model": "no-such-model",
  "context-too-long": "context-too-long",
  refused: "refused",
  "rate-limited": "rate-limited",
  overloaded: "overloaded",
  "connection-lost": "connection-lost",
  "slow-start": "timeout",
  silence: "timeout",
  "too-slow": "timeout",
  unavailable: "unavailable",
  unreachable: "unavailable",
  unreadable: "unavailable",
  oversize: "too-large",
  misconfigured: "misconfigured",
};

/** What happened, whether a part of the answer stands above it, and the fix. */
export function phraseFor(reason: Reason, incident: Incident): Phrase {
  const phrase = PHRASES[reason](incident);
  if (!incident.hasText) return phrase;
  return inEveryLanguage((language) => phrase[language] + INCOMPLETE[language]);
}

const INCOMPLETE: Phrase = { en: " What stands above is incomplete.", "zh-TW": "上面的內容不完整。" };

const PHRASES: Readonly<Record<Reason, (incident: Incident) => Phrase>> = {
  "bad-key": ({ vendor: { label, variables } }) => ({
    en: `${label} does not accept the key that I have. An admin can fix it: check ${variables.key}.`,
    "zh-TW": `${label} 不接受目前的金鑰，請管理員檢查 ${variables.key}。`,
  }),
  "no-credit": ({ vendor: { label, variables } }) => ({
    en: `The ${label} account has no credit left. An admin can top it up or change ${variables.key}.`,
    "zh-TW": `${label} 帳戶的額度用完了，請管理員儲值或更換 ${variables.key}。`,
  }),
  "no-access": ({ vendor: { label, variables }, id }) => ({
    en: `${label} does not open ${id} to the key that I have. An admin can check what ${variables.key} may use, or change ${variables.model}.`,
    "zh-TW": `${label} 不開放目前的金鑰使用 ${id}。請管理員檢查 ${variables.key} 的權限，或修改 ${variables.model}。`,
  }),
  "too-little-memory": ({ vendor: { variables }, id }) => ({
    en: `The machine that runs ${id} has too little memory for it. Ask another model; an admin can choose a smaller one in ${variables.model}.`,
    "zh-TW": `執行 ${id} 的機器記憶體不足。請改問其他模型；管理員可以在 ${variables.model} 換成較小的模型。`,
  }),
  "no-such-model": ({ vendor, id, now }) => ({
    en: `${retired(vendor, id, now).en}${vendor.label} has no model called "${id}" for me. Configured are: ${vendor.models.join(", ")}. ${vendor.hint?.(id).en ?? `An admin can change ${vendor.variables.model}.`}`,
    "zh-TW": `${retired(vendor, id, now)["zh-TW"]}${vendor.label} 沒有可用的模型「${id}」。目前設定的有：${vendor.models.join("、")}。${vendor.hint?.(id)["zh-TW"] ?? `管理員可以修改 ${vendor.variables.model}。`}`,
  }),
  "context-too-long": ({ id }) => ({
    en: `This is too long for ${id}. Ask something shorter, or pick a model that reads more at once.`,
    "zh-TW": `內容太長，${id} 一次讀不完。請縮短問題，或換一個能讀更多內容的模型。`,
  }),
  refused: ({ id }) => ({
    en: `${id} declined to answer this. Put the question differently, or ask another model.`,
    "zh-TW": `${id} 拒絕回答這個問題。請換個問法，或改問其他模型。`,
  }),
  "rate-limited": ({ vendor: { label }, retryAfterMs }) => ({
    en: `${label} takes no more requests right now. Try again in ${wait(retryAfterMs).en}.`,
    "zh-TW": `${label} 目前暫停接受新的請求。請在${wait(retryAfterMs)["zh-TW"]}後再試。`,
  }),
  overloaded: ({ vendor: { label }, retryAfterMs }) => ({
    en: `${label} is overloaded. Try again in ${wait(retryAfterMs).en}, or ask another model.`,
    "zh-TW": `${label} 目前負載過重。請在${wait(retryAfterMs)["zh-TW"]}後再試，或改問其他模型。`,
  }),
  "connection-lost": ({ vendor: { label }, id, hasText }) =>
    hasText
      ? {
          en: `The connection to ${label} broke while ${id} was answering. Ask again.`,
          "zh-TW": `${id} 回答到一半時，與 ${label} 的連線中斷了。請再問一次。`,
        }
      : {
          en: `The connection to ${label} broke before ${id} had written anything. Ask again.`,
          "zh-TW": `${id} 還沒寫出內容，與 ${label} 的連線就中斷了。請再問一次。`,
        },
  "slow-start": ({ id, waitedMs }) => ({
    en: `${id} did not begin to answer within ${wait(waitedMs).en}. Try again, or ask another model.`,
    "zh-TW": `等了${wait(waitedMs)["zh-TW"]}，${id} 還沒有開始回答。請再試一次，或改問其他模型。`,
  }),
  silence: ({ id, waitedMs, hasText }) =>
    hasText
      ? {
          en: `${id} fell silent for ${wait(waitedMs).en} in the middle of its answer. Ask again.`,
          "zh-TW": `${id} 回答到一半，停了${wait(waitedMs)["zh-TW"]}沒有下文。請再問一次。`,
        }
      : {
          en: `${id} fell silent for ${wait(waitedMs).en} before it had written anything. Ask again.`,
          "zh-TW": `${id} 還沒寫出內容，就停了${wait(waitedMs)["zh-TW"]}沒有下文。請再問一次。`,
        },
  "too-slow": ({ id, waitedMs }) => ({
    en: `${id} was still writing after ${wait(waitedMs).en}, so I stopped it. Ask for something shorter.`,
    "zh-TW": `${id} 寫了${wait(waitedMs)["zh-TW"]}還沒寫完，我先停下來了。請問得更精簡一些。`,
  }),
  unavailable: ({ vendor: { label } }) => ({
    en: `${label} had a fault on its side. Try again in a minute, or ask another model.`,
    "zh-TW": `${label} 那邊發生錯誤。請過一分鐘再試，或改問其他模型。`,
  }),
  unreachable: ({ vendor: { label, variables } }) => ({
    en: `I cannot reach ${label}. Try again in a minute; if it stays so, an admin should check the network and ${variables.url}.`,
    "zh-TW": `我連不上 ${label}。請過一分鐘再試；如果還是不行，請管理員檢查網路和 ${variables.url}。`,
  }),
  unreadable: ({ vendor: { label, variables } }) => ({
    en: `What ${label} sent back is no answer that I can read. Try again; if it stays so, an admin should check ${variables.url}.`,
    "zh-TW": `${label} 傳回來的內容我看不懂。請再試一次；如果還是不行，請管理員檢查 ${variables.url}。`,
  }),
  oversize: ({ id }) => ({
    en: `What ${id} sent back in one piece is more than I can take in. Ask for something shorter.`,
    "zh-TW": `${id} 一次傳回的內容太長，我讀不完。請問得更精簡一些。`,
  }),
  misconfigured: ({ vendor: { label, variables }, id }) => ({
    en: `${label} did not accept the request for ${id}; the log says why. An admin should check ${variables.model} and ${variables.url}.`,
    "zh-TW": `${label} 不接受送給 ${id} 的請求，原因記在日誌裡。請管理員檢查 ${variables.model} 和 ${variables.url}。`,
  }),
};

/** A sentence before the others, where the model's own vendor has ended it. */
function retired({ provider, label }: Vendor, id: string, now: number | undefined): Phrase {
  const end = ENDING_VENDORS.has(provider) ? retirementOf(id) : undefined;
  if (!end || now === undefined || Date.parse(end.on) > now) return { en: "", "zh-TW": "" };
  const { on, replacedBy } = end;
  return {
    en: `${label} ended ${id} on ${on}${replacedBy ? ` and names ${replacedBy} in its place` : ""}. `,
    "zh-TW": `${label} 已在 ${on} 停用 ${id}${replacedBy ? `，建議改用 ${replacedBy}` : ""}。`,
  };
}

/** Others go on to serve what these have ended. */
const ENDING_VENDORS = new Set(["openai", "anthropic", "mistral"]);

const MINUTE = 60_000;

function wait(ms = MINUTE): Phrase {
  if (ms > 1.5 * MINUTE) return { en: `${Math.ceil(ms / MINUTE)} minutes`, "zh-TW": `${Math.ceil(ms / MINUTE)} 分鐘` };
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return seconds === 60 ? { en: "a minute", "zh-TW": "一分鐘" } : { en: `${seconds} s`, "zh-TW": ` ${seconds} 秒` };
}

/** A network's TypeError has a cause or a known text; any other is ours. */
function isDefect(error: unknown): boolean {
  if (!(error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError)) return false;
  return error.cause === undefined && !/terminated|fetch failed|aborted/.test(error.message);
}

const LONGEST_RECORD = 2000;

/** For the log: what was said, down to the first cause, with the key struck out. */
function record(error: unknown, { status, codes, sentences }: VendorFailure, secret: string): string {
  const cause = error instanceof Error ? fieldsOf(error.cause) : {};
  const text = [status, ...codes, ...sentences, cause.code, cause.message].filter(Boolean).join(" | ");
  const safe = secret ? text.replaceAll(secret, "***") : text;
  return truncate(safe.replace(/\b(?:sk|hf)[-_][\w-]{8,}/g, "***"), LONGEST_RECORD);
}

const LONGEST_WAIT = 3_600_000;

/** Milliseconds, from `retry-after-ms`, or `Retry-After` in seconds or as a date (RFC 9110, 10.2.3). */
function retryAfter(headers: Headers | undefined, now: number): number | undefined {
  const exact = headers?.get("retry-after-ms");
  const after = headers?.get("retry-after");
  const candidates = [
    exact ? Number(exact) : Number.NaN,
    after ? Number(after) * 1000 : Number.NaN,
    after ? Date.parse(after) - now : Number.NaN,
  ];
  const ms = candidates.find((value) => !Number.isNaN(value));
  return ms === undefined ? undefined : Math.min(Math.max(0, Math.round(ms)), LONGEST_WAIT);
}
