// Four vendors' failures become one set of codes. What the vendor said is kept for the log, without the key.

import { BotError } from "../core/errors.ts";
import { CutStreamError } from "./wire.ts";
import { CODES, phraseFor, type Incident, type Reason } from "./wording.ts";

/** When the failure came. */
interface Moment {
  now: number;
  /** Whether the model had begun to answer. */
  begun: boolean;
}

/** An error of ours, for any error of a vendor's package. A defect of our own stays what it is. */
export function foreseen(error: unknown, incident: Incident, moment: Moment): unknown {
  if (error instanceof BotError || isDefect(error)) return error;
  const failure = read(error);
  return failed(reasonOf(failure, error, moment.begun), incident, {
    cause: new Error(record(error, failure, incident.vendor.secret)),
    retryAfterMs: retryAfter(failure.headers, moment.now),
  });
}

export function failed(
  reason: Reason,
  incident: Incident,
  more: { cause?: unknown; retryAfterMs?: number | undefined } = {},
): BotError {
  return new BotError(CODES[reason], phraseFor(reason, { ...incident, retryAfterMs: more.retryAfterMs }), more);
}

/** The fields in which the three packages keep the same things. */
interface Failure {
  status: number | undefined;
  /** The vendor's code, type and message in one line. */
  words: string;
  headers: Headers | undefined;
}

function read(error: unknown): Failure {
  const { status, statusCode, headers, error: parsed, body, message } = fields(error);
  const said = parsed ?? (typeof body === "string" ? body : "");
  const words = [said, message ?? ""].map(inWords).join(" ");
  const code = [status, statusCode].find((value) => typeof value === "number");
  return { status: code ?? statusWithin(words), words, headers: headers instanceof Headers ? headers : undefined };
}

function inWords(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function fields(error: unknown): Record<string, unknown> {
  return typeof error === "object" && error !== null ? (error as Record<string, unknown>) : { message: error };
}

/** An error inside a stream that began with 200 may still name its status. */
function statusWithin(words: string): number | undefined {
  const found = /"(?:code|status|status_code|http_status_code)":\s*"?([45]\d\d)\b/.exec(words)?.[1];
  return found ? Number(found) : undefined;
}

const REFUSED = /content_filter|content_policy|content filter|content policy|content management policy|moderation/i;

/** Words before status: vendors agree on neither, but their words say more. The first match holds. */
const SIGNS: readonly [sign: RegExp, reason: Reason][] = [
  [
    /context_length|context length|context window|context size|prompt is too long|too large for model/i,
    "context-too-long",
  ],
  [/maximum context|request_too_large|too many tokens in|must be <= \d+/i, "context-too-long"],
  [REFUSED, "refused"],
  [/insufficient_quota|credit balance|billing|exceeded your (?:current|monthly)|payment required/i, "no-credit"],
  [/model_not_found|invalid_model|model_not_supported|invalid model|not_found_error/i, "no-such-model"],
  [/model\W.{0,200}\b(?:does not exist|not found|not supported)/i, "no-such-model"],
  [/rate[ _-]?limit|too many requests/i, "rate-limited"],
  [/overloaded|server_busy|capacity exceeded/i, "overloaded"],
  [/authentication_error|invalid_api_key|permission_error/i, "bad-key"],
];

const STATUSES: Readonly<Record<number, Reason>> = {
  401: "bad-key",
  402: "no-credit",
  403: "bad-key",
  404: "no-such-model",
  408: "unavailable",
  413: "context-too-long",
  429: "rate-limited",
  503: "overloaded",
  529: "overloaded",
};

function reasonOf({ status, words }: Failure, error: unknown, begun: boolean): Reason {
  if (error instanceof CutStreamError) return "connection-lost";
  if (isGarbage(error) || (status !== undefined && status < 400)) return "unreadable";
  const certain = status === 401 || status === 503 || status === 529 ? STATUSES[status] : undefined;
  const reason = certain ?? SIGNS.find(([sign]) => sign.test(words))?.[1] ?? STATUSES[status ?? 0];
  if (reason) return reason;
  if (status === undefined) return statusless(error, begun);
  return status >= 500 ? "unavailable" : "misconfigured";
}

/** A vendor's error inside the stream has a body; a broken line has none. */
function statusless(error: unknown, begun: boolean): Reason {
  if (fields(error).error !== undefined) return "unavailable";
  return begun ? "connection-lost" : "unreachable";
}

const GARBAGE = new Set(["SyntaxError", "ZodError", "$ZodError", "SDKValidationError", "ResponseValidationError"]);

function isGarbage(error: unknown): boolean {
  return error instanceof Error && (GARBAGE.has(error.name) || GARBAGE.has(error.constructor.name));
}

/** A network's TypeError has a cause or a known text; any other is ours. */
function isDefect(error: unknown): boolean {
  if (!(error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError)) return false;
  return error.cause === undefined && !/terminated|fetch failed|aborted/.test(error.message);
}

const LONGEST_RECORD = 2000;

/** For the log: what was said, down to the first cause, with the key struck out. */
function record(error: unknown, { status, words }: Failure, secret: string): string {
  const cause = error instanceof Error ? fields(error.cause) : {};
  const text = [status, words.trim(), cause.code, cause.message].filter(Boolean).join(" | ");
  const safe = secret ? text.replaceAll(secret, "***") : text;
  return safe.replace(/\b(?:sk|hf)[-_][\w-]{8,}/g, "***").slice(0, LONGEST_RECORD);
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
