// Defines a grid of attention: the row asks, the column is looked at.

import type { Layer } from "./model.ts";
import type { Token } from "./tokens.ts";

export interface Grid {
  size: number;
  /** [size, size], row after row; every row sums to 1. */
  values: Float32Array;
}

export function weightOf({ size, values }: Grid, row: number, column: number): number {
  return values[row * size + column]!;
}

export function rowOf({ size, values }: Grid, row: number): number[] {
  return Array.from(values.subarray(row * size, (row + 1) * size));
}

export function columnOf({ size, values }: Grid, column: number): number[] {
  return Array.from({ length: size }, (_, row) => values[row * size + column]!);
}

export function headGrid({ heads, weights }: Layer, head: number): Grid {
  const size = Math.sqrt(weights.length / heads);
  return { size, values: weights.subarray(head * size * size, (head + 1) * size * size) };
}

/**
 * From pieces to words: attention to a word is the sum over its pieces, attention from a word the mean over its pieces
 * (Clark et al. 2019, section 4.1), so that rows still sum to 1.
 */
export function mergeGrid(grid: Grid, tokens: readonly Token[]): Grid {
  const size = tokens.length;
  const values = new Float32Array(size * size);
  tokens.forEach((from, row) =>
    tokens.forEach((to, column) => {
      let sum = 0;
      for (const asking of from.pieces) for (const asked of to.pieces) sum += weightOf(grid, asking, asked);
      values[row * size + column] = sum / from.pieces.length;
    }),
  );
  return { size, values };
}

/** Leaves the first column out and gives its weight to the others in proportion; the first row has nothing else. */
export function withoutFirst({ size, values }: Grid): Grid {
  const rest = values.slice();
  for (let row = 1; row < size; row++) {
    const kept = 1 - values[row * size]!;
    for (let column = 0; column < size; column++) {
      rest[row * size + column] = column === 0 || kept <= 0 ? 0 : values[row * size + column]! / kept;
    }
  }
  return { size, values: rest };
}

/**
 * Attention rollout (Abnar and Zuidema 2020, section 3): each layer is the mean of its heads, half of it replaced by
 * what passes beside the layer, and the layers are multiplied: how much of each piece reaches each place at the top.
 */
export function rollOut(layers: readonly Layer[]): Grid {
  const size = headGrid(layers[0]!, 0).size;
  let reached = Float32Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
  for (const layer of layers) reached = multiply(mixed(layer, size), reached, size);
  return { size, values: reached };
}

function mixed({ heads, weights }: Layer, size: number): Float32Array {
  const half = new Float32Array(size * size);
  weights.forEach((value, at) => (half[at % (size * size)]! += value / heads / 2));
  for (let i = 0; i < size; i++) half[i * size + i]! += 0.5;
  return half;
}

function multiply(a: Float32Array, b: Float32Array, size: number): Float32Array<ArrayBuffer> {
  const product = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let inner = 0; inner < size; inner++) {
      const factor = a[row * size + inner]!;
      for (let column = 0; column < size; column++) {
        product[row * size + column]! += factor * b[inner * size + column]!;
      }
    }
  }
  return product;
}
