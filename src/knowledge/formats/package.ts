// ZIP packages, as office programs and e-books save them: members unpacked within bounds, their relations, their XML piece by piece.
// Formats: PKWARE APPNOTE 6.3, 4.3; ECMA-376, part 2.

import { inflateRawSync } from "node:zlib";
import type { Handler } from "htmlparser2";
import { refusal } from "./define-format.ts";

/** One member of an archive; `offset` is where its local header begins. */
export interface Member {
  name: string;
  offset: number;
  packed: number;
  isStored: boolean;
  isEncrypted: boolean;
}

/** The most that all members together may unpack to, in bytes. */
const LARGEST_CONTENT = 100 * 1024 * 1024;
const MOST_MEMBERS = 10_000;
const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 0xffff;

/** The members that the archive's directory lists; undefined where the directory is missing or damaged, as in a cut-off file. */
export function listZip(bytes: Uint8Array): Member[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === undefined) return undefined;
  const members: Member[] = [];
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0 && members.length < MOST_MEMBERS; left -= 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) return undefined;
    const nameLength = view.getUint16(at + 28, true);
    members.push(memberAt(view, at, bytes.subarray(at + 46, at + 46 + nameLength)));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return members;
}

function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - END_LENGTH;
  const first = Math.max(0, last - LONGEST_COMMENT);
  for (let at = last; at >= first; at -= 1) if (view.getUint32(at, true) === END) return at;
  return undefined;
}

function memberAt(view: DataView, at: number, name: Uint8Array): Member {
  return {
    name: new TextDecoder().decode(name),
    offset: view.getUint32(at + 42, true),
    packed: view.getUint32(at + 20, true),
    isStored: view.getUint16(at + 10, true) === 0,
    isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
  };
}

/** Unpacks members one by one; throws BotError "too-large" once all of them together pass the bound. */
export function createUnpacker(bytes: Uint8Array, bound = LARGEST_CONTENT): (member: Member) => Uint8Array {
  let left = bound;
  return (member) => {
    const content = unpack(bytes, member, left);
    left -= content.length;
    return content;
  };
}

function unpack(bytes: Uint8Array, member: Member, most: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(member.offset, true) !== LOCAL) throw new RangeError(`${member.name} is not where it should be`);
  const names = view.getUint16(member.offset + 26, true) + view.getUint16(member.offset + 28, true);
  const start = member.offset + 30 + names;
  const packed = bytes.subarray(start, start + member.packed);
  const content = member.isStored ? packed : inflate(packed, most);
  if (content.length > most) throw bomb();
  return content;
}

function inflate(packed: Uint8Array, most: number): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(most, 1) });
  } catch (error) {
    const isTooMuch =
      typeof error === "object" && error !== null && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    throw isTooMuch ? bomb(error) : error;
  }
}

function bomb(cause?: unknown) {
  return refusal(
    "This file unpacks into far more than its size promises, so I stopped. Open it, save it anew, and add that.",
    "這個檔案解壓縮後遠比看起來大，我沒有繼續讀。請開啟後重新儲存，再加入一次。",
    { code: "too-large", cause },
  );
}

export interface Parts {
  has(this: void, name: string): boolean;
  /** Throws RangeError where there is no such part, BotError "too-large" past the bound of the whole archive. */
  read(name: string): Uint8Array;
  /** The part as text; empty where there is none. */
  text(name: string): string;
  /** The part as text; throws like `read`. */
  requiredText(name: string): string;
}

const TITLE = /<dc:title>([^<]+)<\/dc:title>/;
const PLACEHOLDER =
  /^(?:(?:Microsoft )?(?:PowerPoint|Word|Excel) .*|Document\d*|Presentation\d*|Book\d*|文件\s?\d*|簡報\d*|活頁簿\d*|Untitled|未命名.*)$/i;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** `bound` is the most that all parts that are read may unpack to, in bytes. */
export function openParts(bytes: Uint8Array, bound = LARGEST_CONTENT): Parts {
  const byName = new Map((listZip(bytes) ?? []).map((member: Member) => [member.name, member]));
  const unpack = createUnpacker(bytes, bound);
  const read = (name: string) => {
    const member = byName.get(name);
    if (!member) throw new RangeError(`there is no ${name} in the archive`);
    return unpack(member);
  };
  const requiredText = (name: string) => new TextDecoder().decode(read(name));
  return {
    has: (name) => byName.has(name),
    read,
    text: (name) => (byName.has(name) ? requiredText(name) : ""),
    requiredText,
  };
}

/** The title in the file's properties, unless a program put it there. */
export function titleIn(parts: Parts): string | undefined {
  const title = TITLE.exec(parts.text("docProps/core.xml"))?.[1]
    ?.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .trim();
  return title && !PLACEHOLDER.test(title) ? title : undefined;
}

/** Where each relation of a part leads, by its id: names of other parts. */
export async function relationsOf(
  part: string,
  parts: Parts,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const at = part.lastIndexOf("/") + 1;
  const folder = part.slice(0, at);
  const relations = new Map<string, string>();
  const open = (name: string, { Id = "", Target = "", TargetMode }: Readonly<Record<string, string>>) => {
    if (name === "Relationship" && TargetMode !== "External") relations.set(Id, resolveFrom(part, Target, parts));
  };
  await readXml(parts.text(`${folder}_rels/${part.slice(at)}.rels`), { open }, signal);
  return relations;
}

/** The part that a target leads to from another part. Archives name their members with escapes ("%20") or without. */
export function resolveFrom(part: string, target: string, { has }: Pick<Parts, "has">): string {
  const escaped = URL.parse(target, new URL(encodeURI(part), "file:///").href)?.pathname.slice(1) ?? target;
  return has(escaped) ? escaped : unescaped(escaped);
}

function unescaped(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch (error) {
    // Not every "%" in a name begins an escape.
    if (error instanceof URIError) return name;
    throw error;
  }
}

/** What is told of each element; names come without their prefix. */
export type XmlHandler = Partial<{
  open: (name: string, attributes: Readonly<Record<string, string>>) => void;
  text: (text: string) => void;
  close: (name: string) => void;
}>;

/** People and programs nest a few dozen; each level costs the parser as much as all above it. */
const DEEPEST = 1_000;
/** UTF-16 units between two looks at the signal. */
const STRETCH = 1_000_000;

/** Throws the signal's reason where it is aborted, and RangeError where elements nest without end. */
export async function readXml(source: string, handler: XmlHandler, signal: AbortSignal): Promise<void> {
  const { Parser } = await import("htmlparser2");
  const parser = new Parser(handlerOf(handler), { xmlMode: true, decodeEntities: true });
  for (let at = 0; at < source.length; at += STRETCH) {
    parser.write(source.slice(at, at + STRETCH));
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
  parser.end();
}

function handlerOf({ open, text, close }: XmlHandler): Partial<Handler> {
  let depth = 0;
  return {
    onopentag(name, attributes) {
      depth += 1;
      if (depth > DEEPEST) throw new RangeError(`elements nest more than ${DEEPEST} deep`);
      open?.(local(name), attributes);
    },
    ...(text && { ontext: text }),
    onclosetag(name) {
      depth -= 1;
      close?.(local(name));
    },
  };
}

/** "x:row" and "row" are the same element: who writes the file chooses the prefix. */
function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
