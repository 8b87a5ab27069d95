// Runs the bundled encoder (Universal Sentence Encoder Lite) and keeps every number on the way.

import type { Layer } from "../model.ts";
import { attend } from "./attend.ts";
import { createLinears, type Linear } from "./linear.ts";
import { EMBEDDING, HEADS, mapBlock, planEncoder, WIDTH, type Block, type Norm } from "./plan.ts";

/** The model reads no further. */
export const MOST_PIECES = 128;
const EPSILON = 1e-6;

export interface Encoding {
  layers: Layer[];
  /** [pieces, 256] */
  embedding: Float32Array;
  /** 512 numbers, length 1. */
  vector: Float32Array;
}

export class Transformer {
  readonly #embedding: Float32Array;
  readonly #frequencies: Float32Array;
  readonly #blocks: readonly Block<Linear>[];
  readonly #pool: Linear;

  /** Throws where a tensor is missing. */
  constructor(tensors: ReadonlyMap<string, Float32Array>) {
    const { embedding, frequencies, blocks, pool } = planEncoder(tensors);
    const plans = [...blocks.flatMap(({ products }) => Object.values(products)), pool];
    const linears = createLinears(plans, MOST_PIECES);
    const linearOf = new Map(plans.map((plan, i) => [plan, linears[i]!]));
    this.#embedding = embedding;
    this.#frequencies = frequencies;
    this.#blocks = blocks.map((block) => mapBlock(block, (plan) => linearOf.get(plan)!));
    this.#pool = linears.at(-1)!;
  }

  /** At most MOST_PIECES ids. */
  encode(ids: readonly number[]): Encoding {
    const count = ids.length;
    const embedding = this.#look(ids);
    let hidden = this.#mark(embedding, count);
    const layers = this.#blocks.map((block) => {
      const [layer, next] = runBlock(block, hidden, count);
      hidden = next;
      return layer;
    });
    return { layers, embedding, vector: this.#average(hidden, count) };
  }

  /** What the first layer reads: [pieces, EMBEDDING]. */
  place(ids: readonly number[]): Float32Array {
    return this.#mark(this.#look(ids), ids.length);
  }

  #look(ids: readonly number[]): Float32Array {
    const rows = new Float32Array(ids.length * EMBEDDING);
    ids.forEach((id, i) => rows.set(this.#embedding.subarray(id * EMBEDDING, (id + 1) * EMBEDDING), i * EMBEDDING));
    return rows;
  }

  /** Twice the embedding plus a sine and a cosine of the position at 128 frequencies. */
  #mark(embedding: Float32Array, count: number): Float32Array {
    const placed = embedding.map((value) => 2 * value);
    const half = EMBEDDING / 2;
    for (let position = 0; position < count; position++) {
      for (let i = 0; i < half; i++) {
        const angle = position * this.#frequencies[i]!;
        placed[position * EMBEDDING + i]! += Math.sin(angle);
        placed[position * EMBEDDING + half + i]! += Math.cos(angle);
      }
    }
    return placed;
  }

  #average(hidden: Float32Array, count: number): Float32Array {
    const mean = new Float32Array(WIDTH);
    hidden.forEach((value, i) => (mean[i % WIDTH]! += value / count));
    const pooled = this.#pool.apply(mean, 1).map(Math.tanh);
    const length = Math.sqrt(pooled.reduce((sum, value) => sum + value * value, 0));
    return pooled.map((value) => value / length);
  }
}

/** Pre-norm: what a sublayer reads is normalised, what passes beside it is not. */
function runBlock(block: Block<Linear>, hidden: Float32Array, count: number): [Layer, Float32Array] {
  const { width, norm, innerNorm, products } = block;
  const { project, output, expand, contract, widen } = products;
  const input = normalize(hidden, width, norm);
  const layer = attend(project.apply(input, count), { pieces: count, heads: HEADS, width, input });
  const attended = output.apply(layer.working.context, count);
  add(attended, widen ? widen.apply(hidden, count) : hidden);
  const inner = expand.apply(normalize(attended, WIDTH, innerNorm), count).map((x) => Math.max(x, 0));
  const next = contract.apply(inner, count);
  add(next, attended);
  return [layer, next];
}

function normalize(hidden: Float32Array, width: number, { scale, shift }: Norm): Float32Array {
  const normal = new Float32Array(hidden.length);
  for (let at = 0; at < hidden.length; at += width) {
    const row = hidden.subarray(at, at + width);
    const mean = row.reduce((sum, value) => sum + value, 0) / width;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    const factor = 1 / Math.sqrt(variance + EPSILON);
    for (let i = 0; i < width; i++) normal[at + i] = (row[i]! - mean) * factor * scale[i]! + shift[i]!;
  }
  return normal;
}

function add(to: Float32Array, what: Float32Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += what[i]!;
}
