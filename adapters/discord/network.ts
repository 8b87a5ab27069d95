// Gives discord.js its network: each refusal in Discord's own form, each broken line by its code.

import { z } from "zod";
import type { Runtime } from "../../src/core/runtime.ts";
import { truncate } from "../../src/core/text.ts";

/** Of a refusal that is not Discord's own, for the log. */
const LONGEST_WORDS = 200;
/** After a 429 that does not say how long to wait, in seconds. */
const USUAL_WAIT = 1;

const Refusal = z.object({ code: z.union([z.number(), z.string()]) });
const Limit = z.object({ retry_after: z.number().optional(), global: z.boolean().optional() });
const Coded = z.object({ code: z.string() });

export async function fetchForDiscord(url: string, init: object, { fetch }: Pick<Runtime, "fetch">): Promise<Response> {
  try {
    const response = await fetch(url, init);
    const isRefused = response.status >= 400 && response.status < 500;
    return isRefused ? spellOut(response, await response.text()) : response;
  } catch (error) {
    throw networkError(error);
  }
}

/** Undefined for what is not JSON. */
export function bodyOf(text: string): unknown {
  try {
    return text ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

/** A proxy's page or an empty body would break discord.js, and after a 429 without a header it would not wait at all. */
function spellOut({ status, statusText, headers: own }: Response, text: string): Response {
  const body = bodyOf(text);
  const isDiscords = Refusal.safeParse(body).success;
  const headers = new Headers(own);
  headers.set("content-type", "application/json");
  if (status === 429) {
    const { retry_after: wait = USUAL_WAIT, global = false } = Limit.safeParse(body).data ?? {};
    if (!headers.has("retry-after")) headers.set("retry-after", String(wait));
    if (global) headers.set("x-ratelimit-global", "true");
  }
  const words = isDiscords ? text : JSON.stringify({ code: 0, message: truncate(text, LONGEST_WORDS) });
  return new Response(words, { status, statusText, headers });
}

/** fetch() hides the reason in `cause`; discord.js looks for it on the error itself before it tries again. */
function networkError(error: unknown): Error {
  const { name, message, cause } = error instanceof Error ? error : new Error(String(error), { cause: error });
  const code = Coded.safeParse(cause).data?.code;
  const isAborted = Object(error).name === "AbortError";
  return Object.assign(new Error(code ? `${message} (${code})` : message, { cause: error }), {
    name: isAborted ? "AbortError" : name,
    ...(code && { code: code === "UND_ERR_SOCKET" ? "ECONNRESET" : code }),
  });
}
