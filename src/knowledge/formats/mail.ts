// E-mail as programs save it: one message (.eml), a mailbox of many (.mbox), or a page with its pictures (.mhtml).
// Formats: RFC 5322, 2045 to 2047, 2231, 4155, 2557.

import type { Reading } from "../../core/knowledge.ts";
import { oneLine, truncate } from "../../core/text.ts";
import { decodeText } from "./charset.ts";
import { checkLength, defineFormat, firstOf, noText, refusal, type Reader } from "./define-format.ts";
import { joinProse, parsePage, titled, writeProse, type Prose } from "./prose.ts";

/** More is a whole server's mail. */
const MOST_MESSAGES = 20_000;
const MOST_PARTS = 1_000;
const DEEPEST = 10;
const LONGEST_HEADER = 64 * 1024;
/** What people look a message up by, as every program shows it. */
const SHOWN = ["from", "to", "cc", "date"];
/** What begins a message in a mailbox, after an empty line: "From anna@example.org Mon Nov  2 09:00:00 2026". */
const POSTMARK = /^From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +\d+ \d\d:\d\d.* \d{4}\b/;
/** Header lines that programs write and people do not. */
const WRITTEN_BY_PROGRAMS =
  /^(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,60}?(?:MIME-Version|Message-ID|Received|Return-Path):/i;

export const mail = defineFormat({
  name: "mail",
  extensions: ["eml", "mbox", "mht", "mhtml"],
  mediaTypes: ["message/rfc822", "application/mbox", "multipart/related"],
  label: { en: "e-mail", "zh-TW": "電子郵件" },
  signature: { opening: new RegExp(`${POSTMARK.source}|${WRITTEN_BY_PROGRAMS.source}`, "i") },
  async parse(bytes, reader) {
    const messages = messagesIn(new TextDecoder("latin1").decode(bytes));
    const read: Prose[] = [];
    const unread: string[] = [];
    const damaged: number[] = [];
    let length = 0;
    for (const [i, message] of messages.entries()) {
      reader.signal.throwIfAborted();
      const task = { reader, unread, number: i + 1, left: MOST_PARTS };
      const readThis = () => readMessage(entityOf(message), task);
      const prose = await reader.piece(`message ${i + 1}`, readThis);
      if (!prose) damaged.push(i + 1);
      if (!prose?.text) continue;
      read.push(prose);
      length += prose.text.length;
      checkLength(length);
    }
    const { text, headings } = joinProse(read, "\n\n");
    if (text === "") throw damaged.length > 0 ? allDamaged() : noText({ en: "in this mail", "zh-TW": "這封郵件裡" });
    const title = messages.length === 1 ? headings[0]?.text : undefined;
    const warnings = [...leftOut(unread), ...damagedMessages(damaged)];
    return { ...(title && { title }), text, headings, pages: [], warnings };
  },
});

/** A message or a part of one; `headers` by their names in small letters, everything in Latin-1, a character a byte. */
interface Entity {
  headers: ReadonlyMap<string, string>;
  body: string;
}

interface Task {
  reader: Reader;
  /** Names of what was not read. */
  unread: string[];
  number: number;
  /** How many more parts may be looked at. */
  left: number;
}

function messagesIn(mailbox: string): string[] {
  if (!POSTMARK.test(mailbox)) return [mailbox];
  const messages: string[][] = [];
  let isAfterEmpty = true;
  for (const line of mailbox.split("\n")) {
    const begins = isAfterEmpty && POSTMARK.test(line);
    isAfterEmpty = line === "" || line === "\r";
    if (!begins) messages.at(-1)?.push(line.replace(/^>(?=>*From )/, ""));
    else if (messages.length < MOST_MESSAGES) messages.push([]);
  }
  return messages.map((lines) => lines.join("\n"));
}

function entityOf(source: string): Entity {
  // A part without a header begins with the empty line.
  const gap = /^\r?\n|\r?\n\r?\n/.exec(truncate(source, LONGEST_HEADER));
  const head = gap ? source.slice(0, gap.index) : truncate(source, LONGEST_HEADER);
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n(?=[ \t])/g, "").split(/\r?\n/)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (name && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { headers, body: gap ? source.slice(gap.index + gap[0].length) : "" };
}

async function readMessage(entity: Entity, task: Task): Promise<Prose> {
  const subject = await headerOf(entity, "subject");
  const shown: string[] = [];
  for (const name of SHOWN) {
    const value = await headerOf(entity, name);
    if (value) shown.push(`${name[0]!.toUpperCase()}${name.slice(1)}: ${value}`);
  }
  const body = await readPart(entity, task, 0);
  if (body.text === "" && subject === "") return body;
  const head = { text: shown.join(" · "), headings: [] };
  return joinProse([...(subject ? [titled(1, subject)] : []), head, body], "\n\n");
}

/** What a part says; what it is made of is looked at in turn, no deeper and no more than the bounds. */
async function readPart(entity: Entity, task: Task, depth: number): Promise<Prose> {
  const { type, parameters } = contentOf(entity.headers.get("content-type") ?? "text/plain");
  task.left -= 1;
  if (task.left < 0 || depth > DEEPEST) return { text: "", headings: [] };
  if (type.startsWith("multipart/")) return readParts(entity.body, parameters.get("boundary") ?? "", type, task, depth);
  if (type === "message/rfc822") return readMessage(entityOf(entity.body), task);
  if (type === "text/plain" || type === "text/html") {
    const name = `message ${task.number}, ${type}`;
    const prose = await task.reader.piece(name, () => readText(entity, type, parameters.get("charset")));
    if (!prose) task.unread.push(type);
    return prose ?? NOTHING;
  }
  const disposition = contentOf(entity.headers.get("content-disposition") ?? "").parameters.get("filename");
  task.unread.push(oneLine(await decodeWords(disposition ?? parameters.get("name") ?? type)));
  return NOTHING;
}

const NOTHING: Prose = { text: "", headings: [] };

/** Of alternatives one is read: the plain one, unless it says nothing. What belongs together is read together. */
async function readParts(body: string, boundary: string, type: string, task: Task, depth: number): Promise<Prose> {
  const parts = boundary ? partsOf(body, boundary).map(entityOf) : [];
  const read: Prose[] = [];
  for (const part of parts) {
    const prose = await readPart(part, task, depth + 1);
    if (prose.text === "") continue;
    read.push(prose);
    if (type === "multipart/alternative") break;
  }
  return joinProse(read, "\n\n");
}

function partsOf(body: string, boundary: string): string[] {
  const parts: string[][] = [];
  for (const line of body.split("\n")) {
    const bare = line.trimEnd();
    if (bare === `--${boundary}--`) break;
    if (bare === `--${boundary}`) parts.push([]);
    else parts.at(-1)?.push(line);
    if (parts.length > MOST_PARTS) break;
  }
  return parts.map((lines) => lines.join("\n"));
}

async function readText({ headers, body }: Entity, type: string, charset: string | undefined): Promise<Prose> {
  const text = await decodeText(unpack(body, headers.get("content-transfer-encoding") ?? ""), charset);
  if (type === "text/html") return writeProse((await parsePage(text)).body);
  return { text: text.trim(), headings: [] };
}

function unpack(body: string, encoding: string): Uint8Array {
  if (/^\s*base64/i.test(encoding)) return Buffer.from(body, "base64");
  return Buffer.from(
    /^\s*quoted-printable/i.test(encoding) ? unquote(body.replace(/=[ \t]*\r?\n/g, "")) : body,
    "latin1",
  );
}

function unquote(text: string): string {
  return text.replace(/=([\dA-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** "text/plain" and its parameters, of which a long one comes in pieces ("name*0*") and may say its charset. */
function contentOf(header: string): { type: string; parameters: ReadonlyMap<string, string> } {
  const parameters = new Map<string, string>();
  for (const [, name = "", quoted, bare = ""] of header.matchAll(
    /;\s*([\w-]+)(?:\*\d+)?\*?\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g,
  )) {
    const key = name.toLowerCase();
    parameters.set(key, (parameters.get(key) ?? "") + (quoted?.replace(/\\(.)/g, "$1") ?? bare));
  }
  return { type: header.split(";")[0]!.trim().toLowerCase(), parameters };
}

async function headerOf({ headers }: Entity, name: string): Promise<string> {
  return oneLine(await decodeWords(headers.get(name) ?? ""));
}

const ENCODED = /=\?([\w-]+)(?:\*[\w-]+)?\?([bq])\?([^?\s]*)\?=/gi;
/** White space between two encoded words is none of the text. */
const BETWEEN = /(\?=)\s+(?==\?[\w-]+(?:\*[\w-]+)?\?[bq]\?)/gi;

/** A header as it is meant: "=?UTF-8?B?5oq86YeR?=" says 押金, and so may bytes of no named charset. */
async function decodeWords(header: string): Promise<string> {
  const extended = /^([\w-]+)'[\w-]*'(.*)$/.exec(header);
  if (extended) return decodeText(Buffer.from(unquote(extended[2]!.replaceAll("%", "=")), "latin1"), extended[1]);
  const joined = header.replace(BETWEEN, "$1");
  const pieces: string[] = [];
  let at = 0;
  let pending: { charset: string; bytes: Uint8Array[] } | undefined;
  const flush = async () => {
    if (pending) pieces.push(await decodeText(Buffer.concat(pending.bytes), pending.charset));
    pending = undefined;
  };
  for (const { 0: whole, 1: charset = "", 2: encoding = "", 3: words = "", index } of joined.matchAll(ENCODED)) {
    // A character may be cut in two by words of one charset that follow each other.
    if (index > at || pending?.charset !== charset) await flush();
    if (index > at) pieces.push(await plain(joined.slice(at, index)));
    pending ??= { charset, bytes: [] };
    pending.bytes.push(
      /b/i.test(encoding) ? Buffer.from(words, "base64") : Buffer.from(unquote(words.replaceAll("_", " ")), "latin1"),
    );
    at = index + whole.length;
  }
  await flush();
  return pieces.join("") + (await plain(joined.slice(at)));
}

async function plain(latin1: string): Promise<string> {
  return /^\p{ASCII}*$/u.test(latin1) ? latin1 : decodeText(Buffer.from(latin1, "latin1"));
}

function leftOut(names: readonly string[]): Reading["warnings"] {
  if (names.length === 0) return [];
  const some = firstOf(names);
  return [
    {
      en: `${names.length === 1 ? "1 attachment was" : `${names.length} attachments were`} not read (${some.en}). Save what you need and add it by itself.`,
      "zh-TW": `有 ${names.length} 個附件沒有讀取（${some["zh-TW"]}）。需要的請另存後再加入。`,
    },
  ];
}

function damagedMessages(numbers: readonly number[]): Reading["warnings"] {
  if (numbers.length === 0) return [];
  const some = firstOf(numbers);
  return [
    {
      en: `${numbers.length === 1 ? "1 message is damaged and was" : `${numbers.length} messages are damaged and were`} left out (${some.en}).`,
      "zh-TW": `有 ${numbers.length} 封郵件已損壞，沒有讀取（第 ${some["zh-TW"]} 封）。`,
    },
  ];
}

function allDamaged() {
  return refusal(
    "This mail is damaged: I could read nothing of it. Save it anew, as text or HTML, and add that.",
    "這封郵件已損壞，讀不出內容。請另存成純文字或 HTML 再加入。",
  );
}
