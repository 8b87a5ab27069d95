// Reads a file that came with a question, with the formats, chunks and ranking of documents; stores nothing.

import type { FileReading, Hit, Passage, Upload } from "../../core/knowledge.ts";
import type { Phrase } from "../../core/language.ts";
import { entriesFor } from "./index-entry.ts";
import type { Ingest } from "./ingest.ts";
import { gainOf, inverseFrequency, saturate, TYPICAL } from "../search/lexical.ts";
import { bestSentences } from "../search/quote.ts";
import { retrieve } from "../search/retrieve.ts";
import type { Candidates, IndexedChunk, Query } from "../stores/store.ts";

/** A person waits for this, so of a very long file only the beginning is read: about 600 pages. */
export const MOST_PASSAGES = 3000;

/** Throws BotError "unreadable" or "too-large", like adding the file would. */
export async function readFile(
  { tokenize, read: readUpload, limits }: Pick<Ingest, "tokenize" | "read" | "limits">,
  upload: Upload,
  { question, limit }: { question: string; limit: number },
  signal: AbortSignal,
): Promise<FileReading> {
  const { chunks, pages, warnings } = await readUpload(upload, limits, signal);
  const read = chunks.slice(0, MOST_PASSAGES);
  const { name: title, url } = upload;
  const document = { documentId: upload.origin, title, ...(url !== undefined && { url }) };
  const passages = read.map((chunk): Passage => ({ ...document, ...chunk }));
  const { entries } = await entriesFor(read, title, tokenize, signal);
  const store = { search: async (query: Query) => rank(entries, passages, query) };
  const { hits } = await retrieve({ store, tokenize }, question, { workspaces: [""] }, signal);
  const found = hits.slice(0, limit);
  const seen = new Set(found.map(({ start }) => start));
  // What shares no word with the question may still answer it: "What is this about?" shares none with any passage.
  const rest = passages.filter(({ start }) => !seen.has(start)).slice(0, Math.max(0, limit - found.length));
  const opening = rest.map((passage): Hit => ({
    ...passage,
    score: 0,
    quote: bestSentences(passage, new Map(), tokenize).quote,
  }));
  const short = chunks.length > read.length ? [readInPart(read.length, chunks.length)] : [];
  return { hits: [...found, ...opening], passages: chunks.length, pages, warnings: [...warnings, ...short] };
}

/** The sum that a store would give for this one document; what all its passages share tells none of them apart. */
function rank(entries: readonly IndexedChunk[], passages: readonly Passage[], { terms, limit }: Query): Candidates {
  const asked = terms.filter(({ field }) => field === "text" || field === "pairs");
  const counts = asked.map(({ id }) => entries.map(({ terms }) => countOf(id, terms)));
  const idf = counts.map((each) => inverseFrequency(entries.length, each.filter(Boolean).length));
  const candidates = passages
    .map((passage, ordinal) => {
      const length = entries[ordinal]!.terms.length;
      const gains = asked.map(
        ({ weight }, i) => gainOf(weight, idf[i]!) * saturate(counts[i]![ordinal]!, length, TYPICAL.text),
      );
      return { passage, ordinal, score: gains.reduce((sum, gain) => sum + gain, 0) };
    })
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit);
  const frequencies = new Map(asked.flatMap(({ id }, i) => (counts[i]!.some(Boolean) ? [[id, idf[i]!]] : [])));
  return { candidates, frequencies, unseen: inverseFrequency(entries.length, 0) };
}

function countOf(id: number, { ids, counts }: IndexedChunk["terms"]): number {
  let [from, to] = [0, ids.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (ids[middle]! < id) from = middle + 1;
    else to = middle;
  }
  return ids[from] === id ? counts[from]! : 0;
}

function readInPart(read: number, all: number): Phrase {
  return {
    en: `It is long: I read the first ${read} of its ${all} passages. An admin can load all of it with \`/kb add\`.`,
    "zh-TW": `檔案很長，我只讀了 ${all} 個段落中的前 ${read} 個。管理員可以用 \`/kb add\` 把整份載入。`,
  };
}
