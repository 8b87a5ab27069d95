// One request to one checked address: no redirect is followed, and neither the connection nor the body can outgrow its bounds.

import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import type { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { fileTooLarge } from "../core/limits.ts";
import { readBounded } from "../core/read-bounded.ts";
import * as refusals from "./fetch-refusals.ts";

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
