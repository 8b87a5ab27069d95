// What Slack sends over HTTP, from bytes to a body: signed, fresh, whole, and of a shape that can be gone on with.

import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { readBounded } from "../../../src/core/read-bounded.ts";
import { Body } from "./payloads.ts";

const LARGEST_BYTES = 4 * 1024 * 1024;
/** How far a request's time stamp may be from this machine's clock, either way: who holds an old one may not use it. */
const FRESH_MS = 5 * 60_000;
const FORM = "application/x-www-form-urlencoded";

/** A request that gets no more than a status; the rest is for the log. */
export class HttpError extends Error {
  readonly status: number;
  readonly level: "info" | "warn";

  constructor(status: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.status = status;
    this.level = status < 500 ? "info" : "warn";
  }
}

/** Throws HttpError 413 where there is too much, 400 where it breaks off. */
export async function readBytes(request: IncomingMessage): Promise<Uint8Array> {
  try {
    return await readBounded(request, LARGEST_BYTES, () => new HttpError(413, "the body is too large"));
  } catch (cause) {
    throw cause instanceof HttpError ? cause : new HttpError(400, "the body broke off", cause);
  }
}

/** Throws HttpError 401 where Slack did not sign these bytes with `secret`, or not lately. `now` in milliseconds since 1970. */
export function verify(headers: IncomingHttpHeaders, bytes: Uint8Array, secret: string, now: number): void {
  const [stamp, signature] = [headers["x-slack-request-timestamp"], headers["x-slack-signature"]];
  if (typeof stamp !== "string" || typeof signature !== "string") throw new HttpError(401, "there is no signature");
  // Also where it is no number.
  if (!(Math.abs(now - Number(stamp) * 1000) <= FRESH_MS)) throw new HttpError(401, "the time stamp is not of now");
  const wanted = `v0=${createHmac("sha256", secret).update(`v0:${stamp}:`).update(bytes).digest("hex")}`;
  const [given, own] = [Buffer.from(signature), Buffer.from(wanted)];
  if (given.length !== own.length || !timingSafeEqual(given, own)) throw new HttpError(401, "the signature is another");
}

/** Whether Slack only looks if a port is there. It does not sign that. */
export function isSslCheck(bytes: Uint8Array, contentType: string | undefined): boolean {
  return isForm(contentType) && new URLSearchParams(Buffer.from(bytes).toString()).get("ssl_check") === "1";
}

/** Throws HttpError 400 where it is nothing that Slack says. */
export function parseBody(bytes: Uint8Array, contentType: string | undefined): Body {
  const text = decode(bytes);
  const parsed = Body.safeParse(isForm(contentType) ? fieldsOf(text) : parse(text));
  if (!parsed.success) throw new HttpError(400, "the body is none of Slack's", parsed.error);
  return parsed.data;
}

function isForm(contentType = ""): boolean {
  return contentType.split(";")[0]?.trim().toLowerCase() === FORM;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new HttpError(400, "the body is not UTF-8", cause);
  }
}

/** A form is a command's fields, or an interaction as JSON in the field "payload". */
function fieldsOf(text: string): unknown {
  const fields = [...new URLSearchParams(text)];
  const named = Object.fromEntries(fields);
  // Two readers could take different ones of the two.
  if (Object.keys(named).length < fields.length) throw new HttpError(400, "a field stands twice");
  return named["payload"] === undefined ? named : parse(named["payload"]);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new HttpError(400, "the body is no JSON", cause);
  }
}
