// Reads a file by its format, chunks and indexes it, and stores it as a whole or not at all.

import { createHash } from "node:crypto";
import { BotError } from "../../core/errors.ts";
import type { Added, Document, Format, Reading, Upload } from "../../core/knowledge.ts";
import { fileTooLarge, LARGEST_FILE, LONGEST_TEXT, textTooLong } from "../../core/limits.ts";
import type { Log } from "../../core/runtime.ts";
import { oneLine, truncate } from "../../core/text.ts";
import { indexEntryFor } from "./index-entry.ts";
import { noText } from "../formats/define-format.ts";
import { chunkingRecipe, split, type Chunk } from "./chunk.ts";
import type { Store } from "../stores/store.ts";
import type { Tokenize } from "../search/tokens.ts";

/** Throws BotError "unreadable" where no format reads such a file. */
export type FormatFor = (name: string, mediaType: string | undefined, bytes: Uint8Array) => Format;

export interface Limits {
  bytes: number;
  /** UTF-16 units of the text that was read. */
  text: number;
  passages: number;
}

export const LIMITS: Limits = { bytes: LARGEST_FILE, text: LONGEST_TEXT, passages: 40_000 };

/** A file that was read and cut into passages. */
export interface ReadUpload extends Pick<Reading, "title" | "warnings"> {
  /** The format's name. */
  format: string;
  /** How many it has, 0 where it has no pages. */
  pages: number;
  chunks: readonly Chunk[];
}

/** Throws BotError "unreadable" or "too-large", or the signal's reason. */
export type Read = (upload: Upload, limits: Limits, signal: AbortSignal) => Promise<ReadUpload>;

export interface Ingest {
  store: Store;
  tokenize: Tokenize;
  formatFor: FormatFor;
  read: Read;
  now: () => number;
  limits: Limits;
}

/** Adding the same bytes of the same origin again does nothing. Throws BotError "unreadable" or "too-large". */
export async function ingest(
  { store, tokenize, formatFor, read, now, limits }: Ingest,
  upload: Upload,
  owner: { workspace: string; user: string },
  signal: AbortSignal,
): Promise<Added> {
  const { bytes, name, mediaType, origin, url } = upload;
  checkSize(upload, limits);
  const digest = bytesDigest(bytes);
  const before = await store.find(origin, owner.workspace);
  // A file that was read as another format once, such as mail as text, is read anew.
  const isKnown = before?.digest === digest && before.format === formatFor(name, mediaType, bytes).name;
  if (isKnown) return unchanged(store, before.id, owner.workspace);
  const { title, format, pages, chunks, warnings } = await read(upload, limits, signal);
  const document: Document = {
    id: before?.id ?? documentId(name, origin, owner.workspace),
    workspace: owner.workspace,
    title: documentTitle(title, name),
    origin,
    ...(url === undefined ? {} : { url }),
    format,
    digest,
    bytes: bytes.length,
    addedAt: now(),
    addedBy: owner.user,
  };
  await store.put(await indexEntryFor(document, chunks, tokenize, signal), signal);
  return { outcome: before ? "replaced" : "added", document, passages: chunks.length, pages, warnings };
}

/** By which the same file is recognised, as long as it would be cut as it was. */
export function bytesDigest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).update(chunkingRecipe()).digest("hex");
}

/** Reads in this very process: right for what comes with Heed, and inside the process that reads what comes from others. */
export function createRead(formatFor: FormatFor, log: Log): Read {
  return async (upload, limits, signal) => {
    const { bytes, name, mediaType } = upload;
    checkSize(upload, limits);
    const format = formatFor(name, mediaType, bytes);
    const reading = await format.read(bytes, { name, signal, log });
    signal.throwIfAborted();
    const { title, warnings, pages } = reading;
    const chunks = chunk(reading, limits);
    return { format: format.name, ...(title !== undefined && { title }), pages: pages.length, chunks, warnings };
  };
}

function checkSize({ bytes }: Upload, limits: Limits): void {
  if (bytes.length > limits.bytes) throw fileTooLarge(bytes.length, limits.bytes);
}

function chunk(reading: Reading, limits: Limits): Chunk[] {
  if (reading.text.length > limits.text) throw textTooLong(limits.text);
  const chunks = split(reading);
  if (chunks.length === 0) throw noText();
  if (chunks.length > limits.passages) throw tooManyPassages(chunks.length, limits.passages);
  return chunks;
}

async function unchanged(store: Store, id: string, workspace: string): Promise<Added> {
  const found = await store.get(id, workspace);
  if (!found) throw new BotError("unavailable", GONE);
  const pages = new Set(found.passages.flatMap(({ page }) => page ?? [])).size;
  return { outcome: "unchanged", document: found.document, passages: found.passages.length, pages, warnings: [] };
}

const LONGEST_SLUG = 24;
const HASH_DIGITS = 6;
const LONGEST_TITLE = 200;

/** Readable first, unique last: "employee-handbook-3f9a1c". It stays the same for an origin, whatever its bytes. */
function documentId(name: string, origin: string, workspace: string): string {
  const slug = withoutExtension(name)
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, "-");
  // By code points, so that an id never changes with what is known of characters.
  const short = Array.from(slug)
    .slice(0, LONGEST_SLUG)
    .join("")
    .replaceAll(/^-+|-+$/g, "");
  const hash = createHash("sha256").update(`${workspace}\0${origin}`).digest("hex").slice(0, HASH_DIGITS);
  return [short, hash].filter(Boolean).join("-");
}

function documentTitle(title: string | undefined, name: string): string {
  return truncate(oneLine(title?.trim() || withoutExtension(name)), LONGEST_TITLE);
}

function withoutExtension(name: string): string {
  return name.replace(/^.*[/\\]/, "").replace(/(?<=.)\.[^.]{1,8}$/, "");
}

function tooManyPassages(passages: number, most: number): BotError {
  return new BotError("too-large", {
    en: `It has ${passages} passages; at most ${most} fit. Split it into smaller files.`,
    "zh-TW": `檔案有 ${passages} 個段落，上限是 ${most} 個。請拆成幾個較小的檔案。`,
  });
}

const GONE = {
  en: "The document was removed while it was being added. Add it again.",
  "zh-TW": "加入途中這份文件被移除了，請再加入一次。",
};
