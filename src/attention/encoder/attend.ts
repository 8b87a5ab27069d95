// Computes scaled dot-product attention, softmax(Q K^T / sqrt(d)) V (Vaswani et al. 2017, section 3.2).

import type { Layer, Working } from "../model.ts";

/** How a block of numbers is to be read. */
export interface Shape {
  pieces: number;
  heads: number;
  /** Of q, k and v each: heads x headWidth. */
  width: number;
  /** What was projected; only passed on. */
  input: Float32Array;
}

/** `projected` is [pieces, 3 x width]: each piece's q, k and v side by side. */
export function attend(projected: Float32Array, shape: Shape): Layer & { working: Working } {
  const { pieces, heads, width, input } = shape;
  const headWidth = width / heads;
  const [q, k, v] = [0, 1, 2].map((part) => takePart(projected, pieces, width, part)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const scores = new Float32Array(heads * pieces * pieces);
  const weights = new Float32Array(heads * pieces * pieces);
  const context = new Float32Array(pieces * width);
  for (let head = 0; head < heads; head++) {
    for (let piece = 0; piece < pieces; piece++) {
      const at = (head * pieces + piece) * pieces;
      const row = scores.subarray(at, at + pieces);
      score(row, q, k, { from: piece * width + head * headWidth, start: head * headWidth, width, headWidth });
      weights.set(softmax(row), at);
      mix(context, weights.subarray(at, at + pieces), v, {
        from: piece * width + head * headWidth,
        start: head * headWidth,
        width,
        headWidth,
      });
    }
  }
  return { heads, weights, working: { headWidth, input, inputWidth: input.length / pieces, q, k, v, scores, context } };
}

/** Shifted by the largest score, so that nothing overflows. */
export function softmax(scores: Float32Array): Float32Array {
  const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = scores.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((value) => value / sum);
}

/** Where one head's numbers of the asking piece begin (`from`), and of the first piece (`start`). */
interface Offset {
  from: number;
  start: number;
  width: number;
  headWidth: number;
}

function score(row: Float32Array, q: Float32Array, k: Float32Array, { from, start, width, headWidth }: Offset): void {
  const scale = 1 / Math.sqrt(headWidth);
  for (let other = 0; other < row.length; other++) {
    let sum = 0;
    for (let i = 0; i < headWidth; i++) sum += q[from + i]! * k[other * width + start + i]!;
    row[other] = sum * scale;
  }
}

function mix(
  context: Float32Array,
  row: Float32Array,
  v: Float32Array,
  { from, start, width, headWidth }: Offset,
): void {
  for (let other = 0; other < row.length; other++) {
    const weight = row[other]!;
    for (let i = 0; i < headWidth; i++) context[from + i]! += weight * v[other * width + start + i]!;
  }
}

function takePart(projected: Float32Array, pieces: number, width: number, part: number): Float32Array {
  const taken = new Float32Array(pieces * width);
  for (let piece = 0; piece < pieces; piece++) {
    const from = (piece * 3 + part) * width;
    taken.set(projected.subarray(from, from + width), piece * width);
  }
  return taken;
}
