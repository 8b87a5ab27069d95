// Which characters a WOFF2 font really has. The renderer draws nothing, or boxes to the end of the line, for one that is missing.

import { brotliDecompressSync } from "node:zlib";

/** WOFF2, sections 4 and 5: a header of 48 bytes, then the table directory, then all tables in one Brotli stream. */
const HEADER = 48;
const TABLE_COUNT_AT = 12;
const COMPRESSED_SIZE_AT = 20;
/** Tables are numbered in the directory; 63 means that the tag itself follows. */
const CMAP = 0;
const GLYF = 10;
const LOCA = 11;
const SPELLED_TAG = 63;

export function readCoverage(woff2: Uint8Array): Set<number> {
  const font = Buffer.from(woff2.buffer, woff2.byteOffset, woff2.byteLength);
  const reader = { font, at: HEADER };
  let before = 0;
  let found: { from: number; length: number } | undefined;
  for (let table = font.readUInt16BE(TABLE_COUNT_AT); table > 0; table--) {
    const { kind, length } = readEntry(reader);
    if (kind === CMAP) found = { from: before, length };
    before += length;
  }
  if (!found) return new Set();
  const size = font.readUInt32BE(COMPRESSED_SIZE_AT);
  const tables = brotliDecompressSync(font.subarray(reader.at, reader.at + size));
  return readMap(tables.subarray(found.from, found.from + found.length));
}

interface Reader {
  font: Buffer;
  at: number;
}

/** One entry of the table directory: its kind, and how long the table is in the stream. */
function readEntry(reader: Reader): { kind: number; length: number } {
  const flags = reader.font.readUInt8(reader.at++);
  const kind = flags & 63;
  if (kind === SPELLED_TAG) reader.at += 4;
  const length = readVariable(reader);
  // Glyphs are rewritten unless their version says 3, everything else unless it says 0.
  const rewritten = kind === GLYF || kind === LOCA ? flags >> 6 !== 3 : flags >> 6 !== 0;
  return { kind, length: rewritten ? readVariable(reader) : length };
}

/** UIntBase128: seven bits a byte, the highest first. */
function readVariable(reader: Reader): number {
  let value = 0;
  for (let more = true; more;) {
    const byte = reader.font.readUInt8(reader.at++);
    value = value * 128 + (byte & 127);
    more = byte > 127;
  }
  return value;
}

/** The characters of a cmap table, from its subtables of format 4 (16 bits) and 12 (32 bits). */
function readMap(cmap: Buffer): Set<number> {
  const characters = new Set<number>();
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const table = cmap.subarray(cmap.readUInt32BE(8 + i * 8));
    const format = table.readUInt16BE(0);
    if (format === 4) addSegments(table, characters);
    if (format === 12) addGroups(table, characters);
  }
  return characters;
}

function addGroups(table: Buffer, characters: Set<number>): void {
  for (let i = 0; i < table.readUInt32BE(12); i++) {
    const last = table.readUInt32BE(20 + i * 12);
    for (let character = table.readUInt32BE(16 + i * 12); character <= last; character++) characters.add(character);
  }
}

/** A segment's glyph is its delta added to the character, or looked up beside it; glyph 0 is "missing". */
function addSegments(table: Buffer, characters: Set<number>): void {
  const double = table.readUInt16BE(6);
  const [ends, starts, deltas, offsets] = [14, 16 + double, 16 + 2 * double, 16 + 3 * double];
  for (let i = 0; i < double; i += 2) {
    const [first, last] = [table.readUInt16BE(starts + i), table.readUInt16BE(ends + i)];
    const [delta, offset] = [table.readUInt16BE(deltas + i), table.readUInt16BE(offsets + i)];
    for (let character = first; character <= last && character < 0xffff; character++) {
      const at = offsets + i + offset + (character - first) * 2;
      const glyph = offset === 0 ? (character + delta) & 0xffff : at + 2 <= table.length ? table.readUInt16BE(at) : 0;
      if (glyph !== 0) characters.add(character);
    }
  }
}
