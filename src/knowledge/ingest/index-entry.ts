// What a document is found by: the words of its passages, of its title and of the whole, and the passages' meaning where an embedder reads it.

import type { Document, Embedder } from "../../core/knowledge.ts";
import type { Runtime } from "../../core/runtime.ts";
import { vectorsOf } from "../search/dense.ts";
import { documentVector, passageVector } from "../search/lexical.ts";
import type { Chunk } from "./chunk.ts";
import type { IndexedChunk, IndexedDocument, Reindexing } from "../stores/store.ts";
import { fingerprint, type Tokenize, type Tokens } from "../search/tokens.ts";

/** By its words alone: quick, and enough to be found at once. */
export function indexEntryFor(document: Document, chunks: readonly Chunk[], tokenize: Tokenize): IndexedDocument {
  const tokens = chunks.map((each) => tokensOf(each, document.title, tokenize));
  const entries: IndexedChunk[] = chunks.map((each, i) => ({
    chunk: each,
    terms: passageVector(each.text, tokens[i]!),
  }));
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
      const indexed = indexEntryFor(document, chunks, tokenize);
      if (!embedder) return indexed;
      const texts = chunks.map((chunk) => `${document.title}\n${inPlace(chunk, document.title)}`);
      const vectors = await vectorsOf(embedder, texts, runtime, signal);
      const entries = indexed.entries.map((entry, i): IndexedChunk => ({
        ...entry,
        ...(vectors[i] && { vector: vectors[i] }),
      }));
      return { ...indexed, entries, version };
    },
    measure: async (signal) => (await embedder?.embed(["How long is a vector?"], signal))?.[0]?.length ?? 0,
  };
}

/** The words of a passage and of the headings above it. */
export function tokensOf(chunk: Chunk, title: string, tokenize: Tokenize): Tokens {
  return tokenize(inPlace(chunk, title), "passage");
}

/** A passage under the headings that it stands under but does not say: the second half of a section is found by its heading too. */
function inPlace({ headings, text }: Chunk, title: string): string {
  const unspoken = headings.filter((heading) => heading !== title && !text.includes(heading));
  return [...unspoken, text].join("\n");
}
