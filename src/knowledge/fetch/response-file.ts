// What a web response is as a file: its name, whether a format may read it, and its text in a charset that needs no header.

import type { IncomingHttpHeaders } from "node:http";
import { oneLine, truncate } from "../../core/text.ts";
import { isUndecodable } from "../formats/charset.ts";
import { essenceOf, formats } from "../formats/index.ts";

/** What servers call a file of which they know no more, and data whose own name ends in what it is written in. */
const ANYTHING =
  /^(?:text\/|(?:application|binary)\/(?:octet-stream|x-download|force-download)$|application\/[\w.-]+\+(?:json|xml)$)/;
const TEXTUAL = /^(?:text\/|application\/(?:json|xml|xhtml\+xml|[\w.-]+\+(?:json|xml)))/i;
const CHARSET = /;\s*charset\s*=\s*"?([\w:.-]+)/i;
const LONGEST_NAME = 200;

/** Whether a format may read this type. None at all may be anything: its bytes will tell. */
export function readableType(mediaType = ""): boolean {
  const essence = essenceOf(mediaType);
  return essence === "" || ANYTHING.test(essence) || formats.some(({ mediaTypes }) => mediaTypes.includes(essence));
}

/** A text whose charset only the header knew, in UTF-8. Other bytes are left as they are. */
export function textInUtf8(bytes: Uint8Array, mediaType = ""): Uint8Array {
  const charset = CHARSET.exec(mediaType)?.[1]?.toLowerCase();
  if (!charset || !TEXTUAL.test(mediaType.trim()) || /^utf-?8$/.test(charset)) return bytes;
  try {
    return new TextEncoder().encode(new TextDecoder(charset, { fatal: true }).decode(bytes));
  } catch (error) {
    // The header is wrong or names nothing known: the bytes speak for themselves.
    if (isUndecodable(error)) return bytes;
    throw error;
  }
}

/** The name that the server gives the file, else the last part of its address, else its host. */
export function nameOfPage(url: URL, headers: IncomingHttpHeaders): string {
  const last = url.pathname.split("/").findLast((part) => part !== "") ?? "";
  const given = fromDisposition(headers["content-disposition"] ?? "") ?? decoded(last);
  const name = truncate(oneLine(given.replace(/[\p{Cc}\\/]/gu, " ")), LONGEST_NAME);
  return name === "" || name === "." || name === ".." ? url.hostname : name;
}

/** RFC 6266: `filename*` carries its charset; many servers write a bare `filename` in UTF-8, which arrives as Latin-1. */
function fromDisposition(header: string): string | undefined {
  const encoded = /filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(header)?.[1];
  if (encoded) return decoded(encoded);
  const [, quoted, bare] = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header) ?? [];
  const name = quoted?.replace(/\\(.)/g, "$1") ?? bare;
  if (name === undefined) return undefined;
  const bytes = Buffer.from(name, "latin1");
  const isUtf8 = Buffer.from(bytes.toString("utf8"), "utf8").equals(bytes);
  return decoded(isUtf8 ? bytes.toString("utf8") : name);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // Not every "%" in a name begins an escape.
    if (error instanceof URIError) return text;
    throw error;
  }
}
