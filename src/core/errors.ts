// What can go wrong, in one shape: a code, whether trying again may help, and the words a person may read.

import type { Phrase } from "./language.ts";

export type ErrorCode =
  | "usage" // the person can mend it by asking differently
  | "forbidden"
  | "not-found"
  | "too-large"
  | "unreadable" // a file or page that cannot be turned into text
  | "bad-key"
  | "no-such-model"
  | "context-too-long"
  | "refused" // the model declined, or its vendor's filter did
  | "rate-limited"
  | "overloaded"
  | "connection-lost"
  | "timeout"
  | "unavailable"
  | "stopped" // the person pressed Stop
  | "misconfigured";

const RETRYABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
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

/** Whether the same job may succeed later. Anything unforeseen is a defect, and repeating a defect helps nobody. */
export function isRetryable(error: unknown): boolean {
  return error instanceof BotError && RETRYABLE.has(error.code);
}

const UNFORESEEN: Phrase = {
  en: "Something broke on my side; it has been logged. Asking again may help.",
  "zh-TW": "我這邊出了問題，已經記錄下來。再問一次也許就好了。",
};

/** The words that may reach a chat. What was not foreseen is kept for the log. */
export function explain(error: unknown): Phrase {
  return error instanceof BotError ? error.phrase : UNFORESEEN;
}
