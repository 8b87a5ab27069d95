// A document's vectors as one blob, so that an index opens by reading few and large values.

import type { TermVector } from "../lexical.ts";

export interface DocumentVectors {
  title: TermVector;
  article: TermVector;
  passages: readonly TermVector[];
}

const WORD = 4;
/** Per vector: its length and how many terms it has. */
const HEAD = 2;

/** Layout, in little-endian 32-bit words and then bytes: the heads of all vectors, the ids of all, the counts of all. */
export function packVectors({ title, article, passages }: DocumentVectors): Uint8Array {
  const vectors = [title, article, ...passages];
  const terms = vectors.reduce((sum, { ids }) => sum + ids.length, 0);
  const words = new Uint32Array(vectors.length * HEAD + terms);
  const bytes = new Uint8Array(words.byteLength + WORD + terms);
  let at = vectors.length * HEAD;
  let count = WORD + words.byteLength;
  for (const [i, { ids, counts, length }] of vectors.entries()) {
    words.set([length, ids.length], i * HEAD);
    words.set(ids, at);
    bytes.set(counts, count);
    at += ids.length;
    count += ids.length;
  }
  bytes.set(new Uint8Array(words.buffer), WORD);
  new Uint32Array(bytes.buffer, 0, 1)[0] = vectors.length;
  return bytes;
}

export function unpackVectors(blob: Uint8Array): DocumentVectors {
  // A copy, because typed arrays of words must begin at a multiple of four.
  const bytes = blob.slice();
  const many = new Uint32Array(bytes.buffer, 0, 1)[0] ?? 0;
  const heads = new Uint32Array(bytes.buffer, WORD, many * HEAD);
  let terms = 0;
  for (let i = 0; i < many; i++) terms += heads[i * HEAD + 1]!;
  const ids = new Uint32Array(bytes.buffer, WORD + heads.byteLength, terms);
  const counts = bytes.subarray(WORD + heads.byteLength + ids.byteLength);
  let at = 0;
  const [title, article, ...passages] = Array.from({ length: many }, (_, i): TermVector => {
    const to = at + heads[i * HEAD + 1]!;
    const vector = { ids: ids.subarray(at, to), counts: counts.subarray(at, to), length: heads[i * HEAD]! };
    at = to;
    return vector;
  });
  if (!title || !article) throw new Error("the vectors of a document are cut short");
  return { title, article, passages };
}
