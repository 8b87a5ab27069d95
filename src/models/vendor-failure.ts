// Exports what a vendor's error says: its status, its machine words apart from its sentences, and the reason that these amount to.

import type { ErrorCode } from "../core/errors.ts";
import { truncate } from "../core/text.ts";
import { CutStreamError, OversizeError } from "./wire.ts";

/** The codes a model fails with, and the finer reasons behind some of them. */
export type Reason =
  | Extract<ErrorCode, "bad-key" | "no-access" | "no-such-model" | "context-too-long" | "refused" | "rate-limited">
  | Extract<ErrorCode, "overloaded" | "connection-lost" | "unavailable" | "misconfigured">
  | "no-credit"
  | "too-little-memory"
  | "slow-start"
  | "silence"
  | "too-slow"
  | "unreachable"
  | "unreadable"
  | "oversize";

export interface VendorFailure {
  status: number | undefined;
  /** The vendor's codes and types, such as "rate_limit_exceeded". */
  codes: readonly string[];
  /** The vendor's sentences, without addresses: where a text refers to says nothing of what it means. */
  sentences: readonly string[];
  headers: Headers | undefined;
}

/** Reads the fields in which the vendors' packages keep the same things. */
export function readFailure(error: unknown): VendorFailure {
  const { status, statusCode, headers, error: parsed, body, message } = fieldsOf(error);
  const said = [...stringsIn(parsed ?? parsedBody(body))];
  const words = said.length > 0 ? said : [...stringsIn(message)];
  const code = [status, statusCode].find((value) => typeof value === "number");
  const isCode = ({ key, text }: Word) => CODE_KEYS.test(key) && !/\s/.test(text);
  return {
    status: code ?? statusWithin(words.filter(isCode)),
    codes: words.filter(isCode).map(({ text }) => text),
    sentences: words.filter((word) => !isCode(word)).map(({ text }) => text.replace(/https?:\/\/\S+/gi, "")),
    headers: headers instanceof Headers ? headers : undefined,
  };
}

/** What happened. `begun` is whether anything of an answer had come. */
export function reasonOf(failure: VendorFailure, error: unknown, begun: boolean): Reason {
  if (error instanceof CutStreamError) return "connection-lost";
  if (error instanceof OversizeError) return "oversize";
  const { status } = failure;
  if (isGarbage(error) || (status !== undefined && status < 400)) return "unreadable";
  if (status === 401) return "bad-key";
  const sign = SIGNS.find((each) => isShown(each, failure));
  const reason = sign?.reason ?? STATUSES[status ?? 0];
  if (reason) return reason;
  if (status === undefined) return statusless(error, begun);
  return status >= 500 ? "unavailable" : "misconfigured";
}

export function fieldsOf(error: unknown): Record<string, unknown> {
  return typeof error === "object" && error !== null ? (error as Record<string, unknown>) : { message: error };
}

const MOST_STRINGS = 40;
const LONGEST_STRING = 2000;
const DEEPEST = 5;

/** A string or number of an error, and the field that holds it. */
interface Word {
  key: string;
  text: string;
}

const CODE_KEYS = /^(?:error|type|reason|status|kind)$|code$/i;

/** Every string and number in a value, the outermost first, within bounds: a vendor's error may hold anything. */
function* stringsIn(value: unknown): Generator<Word> {
  let level: readonly (readonly [string, unknown])[] = [["", value]];
  let left = MOST_STRINGS;
  for (let depth = 0; depth < DEEPEST; depth++) {
    for (const [key, each] of level)
      if ((typeof each === "string" || typeof each === "number") && left-- > 0)
        yield { key, text: truncate(String(each).trim(), LONGEST_STRING) };
    level = level.flatMap(([, each]) => (typeof each === "object" && each !== null ? Object.entries(each) : []));
  }
}

function parsedBody(body: unknown): unknown {
  if (typeof body !== "string") return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** An error inside a stream that began with 200 may still name its status. */
function statusWithin(words: readonly Word[]): number | undefined {
  const found = words.find(({ text }) => /^[45]\d\d$/.test(text));
  return found && Number(found.text);
}

interface Sign {
  reason: Reason;
  /** One of the vendor's codes as a whole, or a part of one of its sentences. */
  code?: RegExp;
  sentence?: RegExp;
  /** Under which statuses it counts; under any without them. A failure inside a stream has none. */
  under?: readonly number[];
}

const REQUEST = [400, 403, 404, 413, 422, 451];

/** Words before status: vendors agree on neither, but their words say more. The first that is shown holds. */
const SIGNS: readonly Sign[] = [
  {
    reason: "too-little-memory",
    sentence: /requires more (?:\w+ )?memory|not enough (?:\w+ )?memory|out of memory|insufficient memory/i,
  },
  {
    reason: "context-too-long",
    code: /context_length|prompt_too_long|input_too_long|string_above_max_length|request_too_large|max_prompt_tokens/i,
  },
  {
    reason: "context-too-long",
    sentence:
      /context (?:length|window|size)|maximum context|(?:prompt|input|request|message)s? (?:is |are |was )?too (?:long|large)|too large for model|too many (?:input )?tokens|reduce the length|tokens.{0,80}must be <= \d/i,
  },
  {
    reason: "misconfigured",
    code: /unsupported_(?:parameter|value)|unknown_(?:parameter|field)|invalid_parameter|extra_forbidden/i,
    sentence:
      /\b(?:unsupported|unknown|unrecognized|invalid) (?:parameter|value|argument|field)|(?:parameter|argument|field|value)s?\b.{0,80}\bnot (?:be )?support|not support the (?:parameter|argument|field)|extra inputs are not permitted/i,
    under: [400, 422],
  },
  {
    reason: "refused",
    code: /content_?(?:filter|policy|moderation)|invalid_prompt|inspection_?failed|guardrail|moderation|prohibited_content|policy_?violation|safety/i,
    sentence:
      /content[ _-](?:filter|policy|management policy|exists risk|moderation)|usage polic|\bflagged\b|guardrail|moderation|inappropriate content|(?:sensitive|harmful|unsafe) (?:content|information)|safety (?:system|filter|polic|check)|敏感|违规|違規/i,
    under: REQUEST,
  },
  {
    reason: "no-credit",
    code: /insufficient_(?:quota|balance|credits?|funds)|quota_exceeded|billing|payment_required|arrears|credit/i,
    sentence:
      /insufficient (?:quota|balance|credits?|funds)|credit balance|(?:no|out of) credits?\b|exceeded your (?:current|monthly)|payment required|billing (?:hard )?limit|in arrears|余额不足|餘額不足/i,
    under: [400, 402, 403, 429],
  },
  {
    reason: "no-such-model",
    code: /model_(?:not_found|not_supported|not_available|does_not_exist)|(?:invalid|unknown)_model|not_found_error/i,
  },
  {
    reason: "no-access",
    code: /permission|access_denied|forbidden|not_allowed/i,
    sentence: /\bmodel.{0,200}(?:not (?:allowed|permitted|authori[sz]ed|entitled|enabled)|permission|access)/i,
    under: [403],
  },
  {
    reason: "no-such-model",
    sentence:
      /\bmodel\b.{0,200}\b(?:does not exist|not found|not supported|not available|decommissioned)|(?:unknown|invalid|no such) model/i,
    under: [400, 404, 410, 422],
  },
  { reason: "bad-key", code: /authentication_error|invalid_api_key|api_key_invalid|invalid_token/i },
  { reason: "bad-key", sentence: /api[ -]?key (?:is )?(?:not valid|invalid|expired|missing)/i, under: [400, 403] },
  {
    reason: "rate-limited",
    code: /rate[_-]?limit|too_many_requests|throttl|resource_exhausted/i,
    sentence: /\brate[ _-]?limit|too many requests/i,
  },
  {
    reason: "overloaded",
    code: /overloaded|server_busy|engine_overloaded|over_capacity/i,
    sentence: /\boverloaded|capacity exceeded|(?:at|over) capacity|server is busy/i,
  },
];

function isShown({ code, sentence, under }: Sign, { status, codes, sentences }: VendorFailure): boolean {
  if (under && status !== undefined && !under.includes(status)) return false;
  return (
    (code !== undefined && codes.some((word) => code.test(word))) ||
    (sentence !== undefined && sentences.some((text) => sentence.test(text)))
  );
}

const STATUSES: Readonly<Record<number, Reason>> = {
  402: "no-credit",
  403: "no-access",
  404: "no-such-model",
  408: "unavailable",
  413: "context-too-long",
  429: "rate-limited",
  503: "overloaded",
  529: "overloaded",
};

/** A vendor's error inside the stream has a body; a broken line has none. */
function statusless(error: unknown, begun: boolean): Reason {
  if (fieldsOf(error).error !== undefined) return "unavailable";
  return begun ? "connection-lost" : "unreachable";
}

const GARBAGE = new Set(["SyntaxError", "ZodError", "$ZodError", "SDKValidationError", "ResponseValidationError"]);

function isGarbage(error: unknown): boolean {
  return error instanceof Error && (GARBAGE.has(error.name) || GARBAGE.has(error.constructor.name));
}
