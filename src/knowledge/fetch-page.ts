// Fetches a page or file that a person named, and nothing that the person could not reach from outside.

import { abortable } from "../core/async.ts";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { BotError } from "../core/errors.ts";
import type { Upload } from "../core/knowledge.ts";
import { LARGEST_FILE } from "../core/limits.ts";
import { isPublicAddress } from "./public-address.ts";
import * as refusals from "./fetch-refusals.ts";
import { nameOf, readableType, textInUtf8 } from "./response-file.ts";
import { requestPage, type Address, type PageResponse } from "./request-page.ts";

export type FetchPage = (url: string, signal: AbortSignal) => Promise<Upload>;

/** What a fetch goes by; each has a default, and tests put in their own. */
export interface FetchRules {
  /** Every address of a name. */
  resolve: (hostname: string) => Promise<readonly Address[]>;
  /** Whether an address may be connected to. */
  permits: (address: string) => boolean;
  /** For everything together, redirects included; in milliseconds. */
  timeLimit: number;
  /** The most bytes of one body, unpacked. */
  sizeLimit: number;
}

const MOST_REDIRECTS = 5;
const LONGEST_URL = 2_000;
const RULES: FetchRules = {
  resolve: (hostname) => lookup(hostname, { all: true, verbatim: true }),
  permits: isPublicAddress,
  timeLimit: 30_000,
  sizeLimit: LARGEST_FILE,
};

/**
 * A function that reads public addresses into uploads. It connects only to addresses that it has checked itself, at every
 * redirect anew, so that neither a redirect nor a name that changes its address leads inside.
 */
export function createFetchPage(rules: Partial<FetchRules> = {}): FetchPage {
  const all = { ...RULES, ...rules };
  return async (address, signal) => {
    signal.throwIfAborted();
    const limit = AbortSignal.timeout(all.timeLimit);
    const asked = parse(address);
    try {
      return await follow(asked, all, AbortSignal.any([signal, limit]));
    } catch (error) {
      signal.throwIfAborted();
      if (limit.aborted) throw refusals.tooSlow(asked.host, all.timeLimit, error);
      throw error instanceof BotError ? error : refusals.unreachable(asked.host, error);
    }
  };
}

function parse(address: string, base?: URL): URL {
  const url = address.length <= LONGEST_URL ? URL.parse(address, base?.href) : null;
  if (!url) throw refusals.noAddress();
  if (url.protocol !== "http:" && url.protocol !== "https:") throw refusals.noWebAddress();
  if (url.username !== "" || url.password !== "") throw refusals.hasPassword();
  url.hash = "";
  return url;
}

async function follow(asked: URL, rules: FetchRules, signal: AbortSignal): Promise<Upload> {
  let url = asked;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const response = await requestPage(url, await permitted(url, rules, signal), { limit: rules.sizeLimit, signal });
    if (response.status < 300 || response.status >= 400) return await toUpload(asked, url, response);
    const location = response.headers.location;
    response.discard();
    if (!location) throw refusals.badStatus(url.host, response.status, undefined);
    url = parse(location, url);
  }
  throw refusals.tooManyRedirects(MOST_REDIRECTS);
}

/** The addresses of a host, if every one of them may be connected to. One that may not makes the whole host suspect. */
async function permitted(url: URL, { resolve, permits }: FetchRules, signal: AbortSignal): Promise<readonly Address[]> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const family = isIP(host);
  const found = family === 0 ? resolve(host) : Promise.resolve([{ address: host, family }]);
  // The operating system's look-up cannot be stopped, only left behind.
  const addresses = await abortable(found, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw refusals.noSuchHost(url.hostname, error);
  });
  if (addresses.length === 0) throw refusals.noSuchHost(url.hostname, undefined);
  if (!addresses.every(({ address }) => permits(address))) throw refusals.notPublic(url.hostname);
  return addresses;
}

async function toUpload(asked: URL, last: URL, response: PageResponse): Promise<Upload> {
  const { status, headers } = response;
  const mediaType = headers["content-type"];
  try {
    if (status !== 200) throw refusals.badStatus(last.host, status, headers["retry-after"]);
    if (!readableType(mediaType)) throw refusals.wrongType(mediaType ?? "");
    const bytes = textInUtf8(await response.read(), mediaType);
    const upload: Upload = { name: nameOf(last, headers), bytes, origin: asked.href, url: asked.href };
    return mediaType === undefined ? upload : { ...upload, mediaType };
  } finally {
    response.discard();
  }
}
