// Opens a ZIP archive with bounds: a file of a few kilobytes may claim to unpack into gigabytes. Format: PKWARE APPNOTE 6.3, 4.3.

import { inflateRawSync } from "node:zlib";
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
const LARGEST_CONTENT = 200 * 1024 * 1024;
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
