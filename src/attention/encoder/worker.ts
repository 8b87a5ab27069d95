// Runs the bundled encoder in a thread, so that the event loop never waits for it.

import { workerData } from "node:worker_threads";
import { serveRequests } from "../../core/worker-rpc.ts";
import type { Trace } from "../model.ts";
import { Tokenizer } from "./tokenizer.ts";
import { MOST_PIECES, Transformer } from "./transformer.ts";
import { readVocabulary, readWeights } from "./weights.ts";

/** Everything on the way, or only the vector for the whole text. */
export interface EncoderRequest {
  text: string;
  want: "trace" | "vector";
}

export type Encoded = Trace | { vector: Float32Array };

const folder = String(workerData);
const ready = Promise.all([readVocabulary(folder), readWeights(folder)]).then(([vocabulary, tensors]) => ({
  tokenizer: new Tokenizer(vocabulary),
  transformer: new Transformer(tensors),
}));
// A model that cannot be read is told to whoever asks, not to the process.
ready.catch(() => undefined);

serveRequests(async ({ text, want }: EncoderRequest): Promise<Encoded> => {
  const { tokenizer, transformer } = await ready;
  const all = tokenizer.tokenize(text);
  const pieces = all.slice(0, MOST_PIECES);
  const { layers, embedding, vector } = transformer.encode(pieces.map(({ id }) => id));
  if (want === "vector") return { vector };
  const width = embedding.length / Math.max(1, pieces.length);
  return {
    pieces,
    cut: all.length - pieces.length,
    causal: false,
    layers,
    embedding: { width, rows: embedding },
    vector,
  };
});
