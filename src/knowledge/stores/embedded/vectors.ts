// Packs a document's vectors into one blob, so that an index opens by few large reads.

import type { TermVector } from "../../search/lexical.ts";
import type { Query } from "../store.ts";

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

/** Numbers of one document's passages end to end; all zeros for a passage that has no vector. */
export type DenseRows = Float32Array;

export class DenseIndex {
  #space: string | undefined;
  #rows = new Map<number, DenseRows | undefined>();

  /** The keys of `all` that have not been looked up in this space yet. Another space's vectors are given up. */
  missing(all: ReadonlySet<number>, space: string): readonly number[] {
    if (space !== this.#space) [this.#space, this.#rows] = [space, new Map()];
    return [...all].filter((key) => !this.#rows.has(key));
  }

  /** `rows` is undefined where the document has no vectors in this space. */
  add(key: number, rows: DenseRows | undefined): void {
    this.#rows.set(key, rows);
  }

  drop(key: number): void {
    this.#rows.delete(key);
  }

  /** Of a document's passages in order, 0 for one without a vector; undefined where there is nothing to compare. */
  cosines(key: number, { space, vector }: NonNullable<Query["dense"]>, passages: number): Float32Array | undefined {
    const rows = space === this.#space ? this.#rows.get(key) : undefined;
    // A model that now gives vectors of another size is another space under the same name.
    if (rows?.length !== passages * vector.length) return undefined;
    return Float32Array.from({ length: passages }, (_, i) => dot(rows, i * vector.length, vector));
  }
}

/** Four sums at a time, because each addition waits for the one before it. */
function dot(rows: DenseRows, from: number, vector: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const even = vector.length - (vector.length % 4);
  for (let i = 0; i < even; i += 4) {
    a += rows[from + i]! * vector[i]!;
    b += rows[from + i + 1]! * vector[i + 1]!;
    c += rows[from + i + 2]! * vector[i + 2]!;
    d += rows[from + i + 3]! * vector[i + 3]!;
  }
  for (let i = even; i < vector.length; i++) a += rows[from + i]! * vector[i]!;
  return a + b + c + d;
}

/** A document's vectors as they are kept, little-endian; undefined where no passage has one. */
export function packRows(vectors: readonly (Float32Array | undefined)[]): Uint8Array | undefined {
  const size = vectors.find((vector) => vector)?.length;
  if (size === undefined) return undefined;
  const rows = new Float32Array(vectors.length * size);
  for (const [i, vector] of vectors.entries()) if (vector) rows.set(vector, i * size);
  return new Uint8Array(rows.buffer);
}

export function unpackRows(blob: Uint8Array): DenseRows {
  // A copy, because numbers of four bytes must begin at a multiple of four.
  return new Float32Array(blob.slice().buffer);
}
