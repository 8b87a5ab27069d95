// The passages' dense vectors in memory, document by document, compared one by one: exact, and quick enough for what fits in memory.

import type { Query } from "../store.ts";

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
