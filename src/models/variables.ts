// Defines the kinds of variables that every provider asks for.

import { z } from "zod";

const Address = z.url({ protocol: /^https?$/, error: "an address that begins with http:// or https:// is needed" });

/** A server that has to be named. */
export function address(meaning: string) {
  return Address.describe(meaning);
}

/** Another server than the vendor's own. */
export function otherAddress(meaning: string) {
  return Address.optional().describe(meaning);
}

/** Ids with commas between them; the first is the default. */
export function modelIds(ids: string, meaning: string) {
  return z
    .string()
    .refine((text) => listOf(text).length > 0, "at least one model is needed")
    .default(ids)
    .describe(meaning);
}

export function listOf(text: string): readonly string[] {
  return text
    .split(",")
    .map((id) => id.trim())
    .filter(Boolean);
}

/** The window of a provider's models, in tokens. */
export function contextSize(meaning: string) {
  return z.coerce.number("a number of tokens is needed").int().min(1024).optional().describe(meaning);
}

/** An address without the slashes at its end and, where the vendor's package adds it itself, without "/v1". */
export function bareAddress(url: string): string {
  return url.replace(/\/+$/, "").replace(/\/v1$/, "");
}
