// The thread in which the bundled encoder counts, so that the event loop never waits for it.

import { parentPort, workerData } from "node:worker_threads";
import type { Trace } from "../model.ts";
import { Tokenizer } from "./tokenizer.ts";
import { MOST_PIECES, Transformer } from "./transformer.ts";
import { readVocabulary, readWeights } from "./weights.ts";

/** What the thread is asked: everything on the way, or only the vector for the whole text. */
export interface Question {
  id: number;
  text: string;
  want: "trace" | "vector";
}

export type Answer = { id: number } & ({ trace: Trace } | { vector: Float32Array } | { failure: string });

const folder = String(workerData);
const ready = Promise.all([readVocabulary(folder), readWeights(folder)]).then(([vocabulary, tensors]) => ({
  tokenizer: new Tokenizer(vocabulary),
  transformer: new Transformer(tensors),
}));

parentPort!.on("message", (question: Question) => void answer(question));

async function answer({ id, text, want }: Question): Promise<void> {
  try {
    const trace = await encode(text);
    send(want === "trace" ? { id, trace } : { id, vector: trace.vector });
  } catch (error) {
    send({ id, failure: String(error) });
  }
}

function send(reply: Answer): void {
  parentPort!.postMessage(reply, []);
}

async function encode(text: string): Promise<Trace & { vector: Float32Array }> {
  const { tokenizer, transformer } = await ready;
  const all = tokenizer.tokenize(text);
  const pieces = all.slice(0, MOST_PIECES);
  const { layers, embedding, vector } = transformer.encode(pieces.map(({ id }) => id));
  const width = embedding.length / Math.max(1, pieces.length);
  return {
    pieces,
    cut: all.length - pieces.length,
    causal: false,
    layers,
    embedding: { width, rows: embedding },
    vector,
  };
}
