// The sentence vector of the bundled encoder, offered to the knowledge base: English without a key, a server or a download.

import type { Attention } from "../core/attention.ts";
import type { Embedder } from "../core/knowledge.ts";

export function bundledEmbedder({ embed }: Pick<Attention, "embed">): Embedder {
  return {
    name: "bundled/use-lite",
    languages: ["en"],
    // On the development split: docs/decisions/0003-dense.md.
    vouchesFrom: 0.5,
    async embed(texts, signal) {
      const vectors: Float32Array[] = [];
      // One after the other, so that a question waits for one passage and not for sixteen.
      for (const text of texts) vectors.push(await embed(text, signal));
      return vectors;
    },
  };
}
