// Turns the bytes of a text file into text, whatever charset it was saved in: Taiwan's older files are Big5 more often than not.

import { truncate } from "../../core/text.ts";
import { refusal } from "./define-format.ts";

/** How much of a file is looked at to tell its charset, in bytes. */
const SAMPLE = 64 * 1024;
/** The share of control characters from which on bytes are no text. */
const BINARY = 0.005;
/** The longer first: UTF-32's begins with UTF-16's. */
const BYTE_ORDER_MARKS: readonly [mark: readonly number[], charset: string][] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe, 0, 0], "utf-32le"],
  [[0, 0, 0xfe, 0xff], "utf-32be"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];
/** What must stand in a text for a multi-byte guess to be believed over the next one. */
const COMMON =
  /(?<=[a-z])[éèàâêôûçœüöäßñáíóúãõåøæ’]|[éèàâêôûçœüöäßñáíóúãõåøæ](?=[a-z])|[的一是在不了有和人這这中大為上個个國国我以要他時时来來用們们生到作地于於出就分對对成會会可主發发年動动同工也能下過过子說说產产種种面而方後后多定行學学法所民得經经請请。，、のにはをたでしてとがか는은을를이가의에다고하지]/gu;
const WIDE = ["utf-16le", "utf-16be", "utf-32le", "utf-32be"];
/** Fewer bytes are too few to tell. */
const FEWEST_BYTES = 16;
/** What stands in texts of most languages. */
const PLAUSIBLE =
  /[\t\n\r\u0020-\u007e\u00a0-\u06ff\u0904-\u0eff\u1e00-\u206f\u3000-\u312f\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]|\p{Extended_Pictographic}/gu;
/** The share of it from which on bytes read like a text, and up to which they plainly do not. */
const LIKE_TEXT = 0.95;
const UNLIKE_TEXT = 0.75;
/** How many times as many zeros stand in one byte of a unit as in the other, where Latin letters are most of a text. */
const ONE_SIDED = 3;
/** Control characters other than tab, line end and form feed. */
const CONTROLS = /[^\P{Cc}\t\n\f]/gu;
/** What stands in a text that was read in the wrong charset: half-width kana, private, control and currency characters. */
const STRANGE = /[¡¤¥¦¨ª¬³´¸¹º¼½¾÷×\uff61-\uff9f\ue000-\uf8ff\u0080-\u009f]/gu;
/** Tab, line ends, form feed and escape (logs are coloured with it) do stand in texts. */
const isControl = (unit: number) => unit < 0x20 && !(unit >= 9 && unit <= 13) && unit !== 0x1b;

/**
 * The text of bytes in any charset, with line ends as "\n" and control characters left out.
 * `declared` is what the file says of itself; it is only asked where the bytes are not UTF-8.
 * Throws BotError "unreadable" where the bytes are no text.
 */
export async function decodeText(bytes: Uint8Array, declared?: string): Promise<string> {
  const text = byMark(bytes) ?? (await withoutMark(bytes, declared));
  if (shareOfControls(text) > BINARY) throw notText();
  return clean(text);
}

/** Whether the bytes are plainly text: valid UTF-8, or marked UTF-16, or some charset without control characters. */
export function looksLikeText(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, SAMPLE);
  const marked = byMark(sample);
  if (marked !== undefined) return shareOfControls(marked) <= BINARY;
  if (wideCharset(bytes)) return true;
  return !sample.includes(0) && shareOfControls(new TextDecoder("latin1").decode(sample)) <= BINARY;
}

/** The first `units` of a text, in UTF-8 or marked UTF-16: enough to tell a page by its tags in any charset. */
export function decodeBeginning(bytes: Uint8Array, units: number): string {
  const sample = bytes.subarray(0, 4 * units);
  const text = byMark(sample) ?? decodeAs(sample, wideCharset(sample) ?? "utf-8");
  return truncate(text, units);
}

function byMark(bytes: Uint8Array): string | undefined {
  const found = BYTE_ORDER_MARKS.find(([mark]) => mark.every((byte, i) => bytes[i] === byte));
  if (!found) return undefined;
  const [mark, charset] = found;
  return decodeAs(charset.startsWith("utf-32") ? bytes.subarray(mark.length) : bytes, charset);
}

/**
 * The charset of text in units of two or four bytes without a mark; undefined where the bytes are none. Read in the wrong order
 * or width, most of such a text is nothing that people write.
 */
function wideCharset(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, SAMPLE);
  if (bytes.length < FEWEST_BYTES || bytes.length % 2 !== 0 || !sample.includes(0)) return undefined;
  const shares = WIDE.map((charset) => ({ charset, share: plausible(decodeAs(sample, charset)) }));
  const [best, next] = shares.toSorted((one, other) => other.share - one.share);
  if (!best || best.share < LIKE_TEXT) return undefined;
  return next && next.share > UNLIKE_TEXT && !leansTo(best.charset, sample) ? undefined : best.charset;
}

/** Latin letters, digits and line ends have a zero in the higher byte of their unit; other bytes have theirs anywhere. */
function leansTo(charset: string, sample: Uint8Array): boolean {
  const zeros = [0, 0];
  for (const [i, byte] of sample.entries()) if (byte === 0) zeros[i % 2]! += 1;
  const [even = 0, odd = 0] = zeros;
  const [higher, lower] = charset.endsWith("le") ? [odd, even] : [even, odd];
  return higher >= ONE_SIDED * lower;
}

/** 0..1. A zero that is a character of its own stands in no text. */
function plausible(text: string): number {
  if (text.includes("\0")) return 0;
  return (text.match(PLAUSIBLE)?.length ?? 0) / Math.max(Array.from(text).length, 1);
}

function decodeAs(bytes: Uint8Array, charset: string): string {
  return charset.startsWith("utf-32") ? decodeWide(bytes, charset) : new TextDecoder(charset).decode(bytes);
}

/** UTF-32, which no decoder of the runtime knows; what is no character becomes the replacement character. */
function decodeWide(bytes: Uint8Array, charset: string): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const characters: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, charset === "utf-32le");
    characters.push(point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd");
  }
  return characters.join("");
}

async function withoutMark(bytes: Uint8Array, declared?: string): Promise<string> {
  const wide = wideCharset(bytes);
  if (wide) return decodeAs(bytes, wide);
  if (bytes.subarray(0, SAMPLE).includes(0)) throw notText();
  const shifted = isShifted(bytes) ? decode(bytes, "iso-2022-jp") : undefined;
  return shifted ?? decode(bytes, "utf-8") ?? decode(bytes, declared) ?? (await guess(bytes));
}

/** Seven-bit Japanese mail would pass for ASCII but for its escapes. */
function isShifted(bytes: Uint8Array): boolean {
  return /\p{Cc}\$[@B]/u.test(new TextDecoder("latin1").decode(bytes.subarray(0, SAMPLE)));
}

/** Undefined where the charset is unknown or the bytes are not in it. */
function decode(bytes: Uint8Array, charset: string | undefined): string | undefined {
  if (!charset) return undefined;
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch (error) {
    if (isUndecodable(error)) return undefined;
    throw error;
  }
}

/** What TextDecoder throws at bytes outside its charset, and at a charset it does not know. */
export function isUndecodable(error: unknown): boolean {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return code === "ERR_ENCODING_INVALID_ENCODED_DATA" || code === "ERR_ENCODING_NOT_SUPPORTED";
}

/** Of the charsets that statistics propose and that fit every byte, the one in which the text reads most like a language. */
async function guess(bytes: Uint8Array): Promise<string> {
  const { analyse } = await import("chardet");
  const proposed = analyse(bytes.subarray(0, SAMPLE)).toSorted((a, b) => b.confidence - a.confidence);
  const readable = proposed.flatMap(({ name, confidence }) => {
    const text = decode(bytes, name);
    return text === undefined ? [] : [{ text, score: confidence + 100 * naturalness(text) }];
  });
  const best = readable.toSorted((a, b) => b.score - a.score)[0];
  return best?.text ?? new TextDecoder("windows-1252").decode(bytes);
}

/** -1..1: the share of common characters less that of strange ones, ASCII aside. */
function naturalness(text: string): number {
  const sample = text.slice(0, SAMPLE);
  const telling = sample.replace(/\p{ASCII}/gu, "").length;
  const count = (pattern: RegExp) => sample.match(pattern)?.length ?? 0;
  return telling === 0 ? 0 : (count(COMMON) - count(STRANGE)) / telling;
}

function shareOfControls(text: string): number {
  let count = 0;
  const length = Math.min(text.length, SAMPLE);
  for (let i = 0; i < length; i += 1) if (isControl(text.charCodeAt(i))) count += 1;
  return count / Math.max(length, 1);
}

function clean(text: string): string {
  const lines = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  return lines.replace(CONTROLS, "");
}

function notText() {
  return refusal(
    "These bytes are no text. If it is a document, save it as PDF or as UTF-8 text and add that.",
    "這個檔案的內容不是文字。如果它是文件，請另存成 PDF 或 UTF-8 純文字再加入。",
  );
}
