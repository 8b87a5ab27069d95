// Defines BotError: a code, whether trying again may help, and the words a person may read.

import type { Phrase } from "./language.ts";

export type ErrorCode =
  | "usage" // the person can fix it by asking differently
  | "forbidden"
  | "not-found"
  | "too-large"
  | "unreadable" // a file or page that cannot be turned into text
  | "bad-key"
  | "no-access" // the key is good, and not for this
  | "no-such-model"
  | "context-too-long"
  | "refused" // the model declined
  | "filtered" // its vendor's filter declined
  | "limit-spent" // the model used up its limit before its first word
  | "thoughts-only"
  | "tool-calls" // the model called for tools that it was not given
  | "empty"
  | "rate-limited"
  | "overloaded"
  | "connection-lost"
  | "timeout"
  | "unavailable"
  | "stopped" // the person pressed Stop
  | "misconfigured";

/** What a vendor suffers may pass; what a vendor or its model decides stays so, and is billed again. */
const RETRYABLE: ReadonlySet<string> = new Set<ErrorCode>([
  "rate-limited",
  "overloaded",
  "connection-lost",
  "timeout",
  "unavailable",
]);

/** An error that Heed foresaw. `phrase` is written for the person who asked, `cause` for the log. */
export class BotError extends Error {
  override readonly name = "BotError";
  readonly code: ErrorCode;
  readonly phrase: Phrase;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, phrase: Phrase, more: { cause?: unknown; retryAfterMs?: number | undefined } = {}) {
    super(phrase.en, { cause: more.cause });
    this.code = code;
    this.phrase = phrase;
    this.retryAfterMs = more.retryAfterMs;
  }
}

/** Whether what has this code may pass. `code` may come from a record, and be none of today's. */
export function isPassing(code: string): boolean {
  return RETRYABLE.has(code);
}

/** Whether the same job may succeed later. Anything unforeseen is a defect, and repeating a defect helps nobody. */
export function isRetryable(error: unknown): boolean {
  return error instanceof BotError && isPassing(error.code);
}

/** Whoever kept a person waiting to the end of a limit twice would do so again. */
const MOST_TIMEOUTS = 2;
/** The longest wait, in milliseconds, that a vendor may ask for and a person is kept waiting for. */
const LONGEST_ASKED_WAIT_MS = 5 * 60_000;

/** Whether a job is to be tried again by itself after its nth attempt, counted from 1, ended with this error. */
export function mayTryAgain(error: unknown, attempt: number): boolean {
  if (!(error instanceof BotError) || !isRetryable(error)) return false;
  if (error.code === "timeout" && attempt >= MOST_TIMEOUTS) return false;
  return (error.retryAfterMs ?? 0) <= LONGEST_ASKED_WAIT_MS;
}

const UNFORESEEN: Phrase = {
  en: "Something broke on my side; it has been logged. Asking again may help.",
  "zh-TW": "我這邊出了問題，已經記錄下來。再問一次也許就好了。",
};

/** The words that may reach a chat. What was not foreseen is kept for the log. */
export function explain(error: unknown): Phrase {
  return error instanceof BotError ? error.phrase : UNFORESEEN;
}
