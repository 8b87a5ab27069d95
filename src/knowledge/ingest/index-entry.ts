// What a document is found by: the words of its passages, of its title and of the whole, and the passages' meaning where an embedder reads it.

import { setImmediate } from "node:timers/promises";
import type { Document, Embedder } from "../../core/knowledge.ts";
import type { Runtime } from "../../core/runtime.ts";
import { documentVectors } from "../search/dense.ts";
import { documentVector, passageVector } from "../search/lexical.ts";
import type { Chunk } from "./chunk.ts";
import type { IndexedChunk, IndexedDocument, Reindexing } from "../stores/store.ts";
import { fingerprint, type Tokenize, type Tokens } from "../search/tokens.ts";

/** Passages between two looks at what else there is to do: some ten milliseconds. */
const STRETCH = 100;

/** By its words alone: quick, and enough to be found at once. A long document never holds the loop for long. Throws the signal's reason. */
export async function indexEntryFor(
  document: Document,
  chunks: readonly Chunk[],
  tokenize: Tokenize,
  signal: AbortSignal,
): Promise<IndexedDocument> {
  const { entries, tokens } = await entriesFor(chunks, document.title, tokenize, signal);
  const whole = chunks.map(({ text }) => text).join("\n");
  return {
    document,
    entries,
    title: documentVector("title", document.title, tokenize(document.title, "passage").terms),
    article: documentVector(
      "article",
      whole,
      tokens.flatMap(({ terms }) => terms),
    ),
    version: { words: fingerprint(tokenize) },
  };
}

/** Passages with what they are found by, and their words. Throws the signal's reason. */
export async function entriesFor(
  chunks: readonly Chunk[],
  title: string,
  tokenize: Tokenize,
  signal: AbortSignal,
): Promise<{ entries: IndexedChunk[]; tokens: Tokens[] }> {
  const entries: IndexedChunk[] = [];
  const tokens: Tokens[] = [];
  for (const [i, chunk] of chunks.entries()) {
    if (i % STRETCH === STRETCH - 1) {
      await setImmediate();
      signal.throwIfAborted();
    }
    const words = tokenize(inPlace(chunk, title), "passage");
    tokens.push(words);
    entries.push({ chunk, terms: passageVector(chunk.text, words) });
  }
  return { entries, tokens };
}

/** The ways that hold in this process, for what was kept by others. */
export function createReindexing(
  tokenize: Tokenize,
  embedder: Embedder | undefined,
  runtime: Pick<Runtime, "sleep">,
): Reindexing {
  const words = fingerprint(tokenize);
  const version = { words, ...(embedder && { space: embedder.name }) };
  return {
    version,
    async describe(document, chunks, signal) {
      const indexed = await indexEntryFor(document, chunks, tokenize, signal);
      if (!embedder) return indexed;
      const texts = chunks.map((chunk) => `${document.title}\n${inPlace(chunk, document.title)}`);
      const vectors = await documentVectors(embedder, texts, runtime, signal);
      const entries = indexed.entries.map((entry, i): IndexedChunk => ({
        ...entry,
        ...(vectors[i] && { vector: vectors[i] }),
      }));
      return { ...indexed, entries, version };
    },
    measure: async (signal) => (await embedder?.embed(["How long is a vector?"], signal))?.[0]?.length ?? 0,
  };
}

/** A passage under the headings that it stands under but does not say: the second half of a section is found by its heading too. */
function inPlace({ headings, text }: Chunk, title: string): string {
  const unspoken = headings.filter((heading) => heading !== title && !text.includes(heading));
  return [...unspoken, text].join("\n");
}
