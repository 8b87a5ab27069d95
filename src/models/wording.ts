// What a person reads when a model fails: what happened, and the mend. Never a vendor's own words, which may hold anything.

import type { ErrorCode } from "../core/errors.ts";
import { inEveryLanguage, type Phrase } from "../core/language.ts";
import type { Vendor } from "./vendor.ts";

/** Everything a sentence may speak of. */
export interface Incident {
  vendor: Vendor;
  /** The model's id. */
  id: string;
  retryAfterMs?: number | undefined;
  /** The limit that ran out, in milliseconds. */
  waitedMs?: number | undefined;
  /** Whether words of the answer stand above. */
  hasText?: boolean | undefined;
}

/** The codes a model fails with, and the finer reasons behind some of them. */
export type Reason =
  | Extract<ErrorCode, "bad-key" | "no-such-model" | "context-too-long" | "refused" | "rate-limited" | "overloaded">
  | Extract<ErrorCode, "connection-lost" | "unavailable" | "misconfigured">
  | "no-credit"
  | "slow-start"
  | "silence"
  | "too-slow"
  | "unreachable"
  | "unreadable";

export const CODES: Readonly<Record<Reason, ErrorCode>> = {
  "bad-key": "bad-key",
  "no-credit": "bad-key",
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
  misconfigured: "misconfigured",
};

/** What happened, whether a part of the answer stands above it, and the mend. */
export function phraseFor(reason: Reason, incident: Incident): Phrase {
  const phrase = PHRASES[reason](incident);
  if (!incident.hasText) return phrase;
  return inEveryLanguage((language) => phrase[language] + INCOMPLETE[language]);
}

const INCOMPLETE: Phrase = { en: " What stands above is incomplete.", "zh-TW": "上面的內容不完整。" };

const PHRASES: Readonly<Record<Reason, (incident: Incident) => Phrase>> = {
  "bad-key": ({ vendor: { label, variables } }) => ({
    en: `${label} does not accept the key that I have. An admin can mend it: check ${variables.key}.`,
    "zh-TW": `${label} 不接受目前的金鑰，請管理員檢查 ${variables.key}。`,
  }),
  "no-credit": ({ vendor: { label, variables } }) => ({
    en: `The ${label} account has no credit left. An admin can top it up or change ${variables.key}.`,
    "zh-TW": `${label} 帳戶的額度用完了，請管理員儲值或更換 ${variables.key}。`,
  }),
  "no-such-model": ({ vendor, id }) => ({
    en: `${vendor.label} has no model called "${id}" for me. Configured are: ${vendor.models.join(", ")}. ${vendor.hint?.(id).en ?? `An admin can change ${vendor.variables.model}.`}`,
    "zh-TW": `${vendor.label} 沒有可用的模型「${id}」。目前設定的有：${vendor.models.join("、")}。${vendor.hint?.(id)["zh-TW"] ?? `管理員可以修改 ${vendor.variables.model}。`}`,
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
  misconfigured: ({ vendor: { label, variables }, id }) => ({
    en: `${label} did not accept the request for ${id}; the log says why. An admin should check ${variables.model} and ${variables.url}.`,
    "zh-TW": `${label} 不接受送給 ${id} 的請求，原因記在日誌裡。請管理員檢查 ${variables.model} 和 ${variables.url}。`,
  }),
};

const MINUTE = 60_000;

function wait(ms = MINUTE): Phrase {
  if (ms > 1.5 * MINUTE) return { en: `${Math.ceil(ms / MINUTE)} minutes`, "zh-TW": `${Math.ceil(ms / MINUTE)} 分鐘` };
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return seconds === 60 ? { en: "a minute", "zh-TW": "一分鐘" } : { en: `${seconds} s`, "zh-TW": ` ${seconds} 秒` };
}
