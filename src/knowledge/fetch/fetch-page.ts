// Fetches a page or file that a person named, and nothing that is not public.

import * as refusals from "./refusals.ts";
import { abortable } from "../../core/async.ts";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { BotError } from "../../core/errors.ts";
import type { Upload } from "../../core/knowledge.ts";
import { LARGEST_FILE, fileTooLarge } from "../../core/limits.ts";
import { nameOfPage, readableType, textInUtf8 } from "./response-file.ts";
import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import type { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { readBounded } from "../../core/read-bounded.ts";
import ipaddr from "ipaddr.js";

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
    const upload: Upload = { name: nameOfPage(last, headers), bytes, origin: asked.href, url: asked.href };
    return mediaType === undefined ? upload : { ...upload, mediaType };
  } finally {
    response.discard();
  }
}

/** What a name resolved to; `family` is 4 or 6. */
export interface Address {
  address: string;
  family: number;
}

export interface PageResponse {
  status: number;
  headers: IncomingHttpHeaders;
  /** The body, unpacked. Throws BotError "too-large" past the limit. */
  read(): Promise<Uint8Array>;
  /** Closes the connection; what was not read is lost. */
  discard(): void;
}

const HEADERS = {
  accept: "text/html, text/markdown, text/plain, application/pdf, */*;q=0.5",
  "accept-encoding": "gzip, deflate, br",
  "accept-language": "zh-TW, zh;q=0.8, en;q=0.7",
  "user-agent": "Heed (team chat bot; fetches pages that a person asked for)",
};

/** Connects to one of the given addresses whatever the name says by now; `limit` counts bytes. */
export async function requestPage(
  url: URL,
  addresses: readonly Address[],
  { limit, signal }: { limit: number; signal: AbortSignal },
): Promise<PageResponse> {
  const response = await send(url, { lookup: pinnedTo(addresses), agent: false, headers: HEADERS, signal });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    read: () => readBody(response, limit),
    discard: () => response.destroy(),
  };
}

function send(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    request(url, options, resolve).on("error", reject).end();
  });
}

/** Answers every question for the name with the addresses that were checked, so that it cannot change in between. */
function pinnedTo(addresses: readonly Address[]): NonNullable<RequestOptions["lookup"]> {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all) callback(null, [...addresses]);
    else callback(null, first?.address ?? "", first?.family);
  };
}

async function readBody(response: IncomingMessage, limit: number): Promise<Uint8Array> {
  if (Number(response.headers["content-length"] ?? 0) > limit) throw fileTooLarge(undefined, limit);
  return readBounded(unpacked(response), limit, () => fileTooLarge(undefined, limit));
}

/** The body as it was before it was packed. Unpacking goes chunk by chunk, so a small body that unpacks without end is cut off. */
function unpacked(response: IncomingMessage): Readable {
  const coding = response.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  const unpack = { gzip: createGunzip, "x-gzip": createGunzip, deflate: createInflate, br: createBrotliDecompress }[
    coding
  ];
  if (coding === "identity" || coding === "") return response;
  if (!unpack) throw refusals.unknownCoding(coding);
  const stream = unpack();
  response
    .on("error", (error) => stream.destroy(error))
    .on("aborted", () => stream.destroy(new Error("connection lost")));
  return response.pipe(stream);
}

/** Global unicast addresses of IPv6 all lie in this block (RFC 4291, 2.4); NAT64 and the like lie outside. */
const GLOBAL = ipaddr.parseCIDR("2000::/3");
/** Blocks inside the public ranges that are not: documentation (RFC 9637), and the host that Azure's machines ask for their keys. */
const INNER = ["3fff::/20", "168.63.129.16/32"].map((block) => ipaddr.parseCIDR(block));

/** True for an address that anyone on the internet could reach; false for everything else, what is no address included. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.IPv6.isValid(address) && !ipaddr.IPv4.isValidFourPartDecimal(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  const isInner = INNER.some((block) => block[0].kind() === parsed.kind() && parsed.match(block));
  return !isInner && (parsed.kind() === "ipv4" || parsed.match(GLOBAL));
}
