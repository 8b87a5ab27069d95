// Calls Slack's Web API with time limits, retries after 429 and 5xx, and named refusals.

import { z } from "zod";
import { retry } from "../../src/core/async.ts";
import { BotError } from "../../src/core/errors.ts";
import type { Json, Runtime } from "../../src/core/runtime.ts";

/** Slack understood the call and said no. `code` is Slack's own word, such as "channel_not_found". */
export class SlackRefusal extends Error {
  override readonly name = "SlackRefusal";
  readonly method: string;
  readonly code: string;
  /** The scope that Heed lacks, where Slack names one. */
  readonly needed: string | undefined;

  /** `details`: what Slack found wrong, for the log. */
  constructor(method: string, code: string, details: readonly string[] = [], needed?: string) {
    super([`${method}: ${code}`, ...details, ...(needed ? [`needs ${needed}`] : [])].join("; "));
    this.method = method;
    this.code = code;
    this.needed = needed;
  }
}

/** Nobody knows whether the call took effect: the connection broke, or Slack failed after it had arrived. */
export class SlackSilence extends Error {
  override readonly name = "SlackSilence";
}

export type Arguments = Readonly<Record<string, Json | undefined>>;
export type SlackResponse = Readonly<Record<string, Json>>;
/** Calls one method with one workspace's token. Throws SlackRefusal, SlackSilence or BotError "rate-limited". */
export type CallSlack = (method: string, args: Arguments, signal?: AbortSignal) => Promise<SlackResponse>;

const CALL_LIMIT_MS = 10_000;
const TRIES = 4;
const FIRST_PAUSE_MS = 400;
/** A longer wait than this is the queue's to keep. */
const LONGEST_WAIT_MS = 30_000;
const DEFAULT_WAIT_MS = 1000;
/** Methods that make something new each time: after a silence the caller must look before it asks again. */
const CREATES = /^chat\.(?:postMessage|postEphemeral|startStream|appendStream)$|completeUploadExternal$/;
/** Mere courtesies: an answer does not wait for a second try. */
const COURTESIES = /^assistant\./;
const PASSING = new Set([
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
]);

const NOT_IMPLEMENTED = 501;

const Reply = z.looseObject({
  ok: z.boolean(),
  error: z.string().optional(),
  needed: z.string().optional().catch(undefined),
  response_metadata: z.looseObject({ messages: z.array(z.string()).optional() }).nullish(),
});

export interface Slack {
  as(token: string): CallSlack;
}

export function createSlack(url: string, runtime: Pick<Runtime, "fetch" | "sleep">): Slack {
  const base = url.endsWith("/") ? url : `${url}/`;
  return {
    as: (token) => (method, args, signal) =>
      retry(
        () => send(base, token, method, args, runtime, signal),
        (error, attempt) => waitAfter(error, method, attempt),
        runtime,
        signal,
      ),
  };
}

/** As long as Slack asks after a 429, a little longer each time after a 5xx: milliseconds, or undefined where no try helps. */
function waitAfter(error: unknown, method: string, attempt: number): number | undefined {
  if (attempt >= TRIES || COURTESIES.test(method)) return undefined;
  if (error instanceof BotError && error.code === "rate-limited") {
    const wait = error.retryAfterMs ?? DEFAULT_WAIT_MS;
    return wait <= LONGEST_WAIT_MS ? wait : undefined;
  }
  return error instanceof SlackSilence && !CREATES.test(method) ? FIRST_PAUSE_MS * 2 ** (attempt - 1) : undefined;
}

async function send(
  base: string,
  token: string,
  method: string,
  args: Arguments,
  runtime: Pick<Runtime, "fetch">,
  signal?: AbortSignal,
): Promise<SlackResponse> {
  const limit = AbortSignal.timeout(CALL_LIMIT_MS);
  const headers: Record<string, string> = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
  if (token) headers["authorization"] = `Bearer ${token}`;
  let response: Response;
  let text: string;
  try {
    const body = formOf(args).toString();
    response = await runtime.fetch(base + method, {
      method: "POST",
      headers,
      body,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    text = await response.text();
  } catch (cause) {
    signal?.throwIfAborted();
    throw new SlackSilence(`${method}: no answer`, { cause });
  }
  return judge(method, response, text);
}

function judge(method: string, { status, headers }: Response, text: string): SlackResponse {
  const wait = Number(headers.get("retry-after")) * 1000 || DEFAULT_WAIT_MS;
  if (status === 429) throw rateLimited(wait);
  if (status >= 500 && status !== NOT_IMPLEMENTED) throw new SlackSilence(`${method}: ${status}`);
  const parsed = Reply.safeParse(parseJson(text));
  if (!parsed.success && status >= 400) throw new SlackRefusal(method, `http_${status}`);
  if (!parsed.success) throw new SlackSilence(`${method}: ${status}, not an answer of Slack's`);
  const { ok, error = "unknown_error", ...rest } = parsed.data;
  if (ok) return rest as SlackResponse;
  if (error === "ratelimited" || error === "rate_limited") throw rateLimited(wait);
  if (PASSING.has(error)) throw new SlackSilence(`${method}: ${error}`);
  throw new SlackRefusal(method, error, rest.response_metadata?.messages, rest.needed);
}

/** As Slack's own clients send it: a form, with JSON for what is no plain value. */
function formOf(args: Arguments): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(args))
    if (value !== undefined && value !== null)
      form.set(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  return form;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function rateLimited(retryAfterMs: number): BotError {
  return new BotError(
    "rate-limited",
    { en: "Slack asks me to slow down.", "zh-TW": "Slack 要求我放慢速度。" },
    { retryAfterMs },
  );
}
