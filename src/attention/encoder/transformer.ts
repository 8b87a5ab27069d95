// The forward pass of the bundled encoder, the Universal Sentence Encoder Lite, with every number on the way kept.

import type { Layer } from "../model.ts";
import { attend } from "./attend.ts";
import { createLinears, type Linear, type LinearPlan } from "./linear.ts";

/** The model reads no further. */
export const MOST_PIECES = 128;
const HEADS = 4;
const EMBEDDING = 256;
const WIDTH = 512;
const INNER = 1536;
const EPSILON = 1e-6;

const ENCODER = "module/Encoder_en/";
const APPLIED = "module_apply_default/Encoder_en/KonaTransformer/Encode/";

export interface Encoding {
  layers: Layer[];
  /** [pieces, 256] */
  embedding: Float32Array;
  /** 512 numbers, length 1. */
  vector: Float32Array;
}

interface Norm {
  scale: Float32Array;
  shift: Float32Array;
}

interface Block {
  width: number;
  norm: Norm;
  innerNorm: Norm;
  project: Linear;
  output: Linear;
  /** Where a layer widens, what passes beside it is widened too. */
  widen?: Linear;
  expand: Linear;
  contract: Linear;
}

export class Transformer {
  readonly #embedding: Float32Array;
  readonly #frequencies: Float32Array;
  readonly #blocks: readonly Block[];
  readonly #pool: Linear;

  /** Throws where a tensor is missing. */
  constructor(tensors: ReadonlyMap<string, Float32Array>) {
    const find = (name: string): Float32Array => {
      const tensor = tensors.get(name);
      if (!tensor) throw new Error(`The model lacks the tensor ${name}`);
      return tensor;
    };
    this.#embedding = find("module/Embeddings_en");
    this.#frequencies = find(`${APPLIED}TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`);
    const linears = createLinears([...planBlock(find, 0), ...planBlock(find, 1), planPool(find)], MOST_PIECES);
    this.#blocks = [0, 1].map((layer) => readBlock(find, layer, linears.slice(layer * 5)));
    this.#pool = linears.at(-1)!;
  }

  /** At most MOST_PIECES ids. */
  encode(ids: readonly number[]): Encoding {
    const count = ids.length;
    const embedding = new Float32Array(count * EMBEDDING);
    ids.forEach((id, i) =>
      embedding.set(this.#embedding.subarray(id * EMBEDDING, (id + 1) * EMBEDDING), i * EMBEDDING),
    );
    let hidden = this.#place(embedding, count);
    const layers = this.#blocks.map((block) => {
      const [layer, next] = runBlock(block, hidden, count);
      hidden = next;
      return layer;
    });
    return { layers, embedding, vector: this.#average(hidden, count) };
  }

  /** Twice the embedding plus a sine and a cosine of the position at 128 frequencies. */
  #place(embedding: Float32Array, count: number): Float32Array {
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
function runBlock(block: Block, hidden: Float32Array, count: number): [Layer, Float32Array] {
  const input = normalize(hidden, block.width, block.norm);
  const layer = attend(block.project.apply(input, count), { pieces: count, heads: HEADS, width: block.width, input });
  const attended = block.output.apply(layer.working.context, count);
  add(attended, block.widen ? block.widen.apply(hidden, count) : hidden);
  const inner = block.expand.apply(normalize(attended, WIDTH, block.innerNorm), count).map((x) => Math.max(x, 0));
  const next = block.contract.apply(inner, count);
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

type Find = (name: string) => Float32Array;

const partOf = (layer: number, name: string) =>
  `${APPLIED}Layer_${layer}/TransformerLayer/${name}/ConcatPartitions/concat`;
const widthOf = (layer: number) => (layer === 0 ? EMBEDDING : WIDTH);

/** Five products a layer: project, output, expand, contract, widen. The second layer has no use for the last. */
function planBlock(find: Find, layer: number): LinearPlan[] {
  const width = widthOf(layer);
  const attention = `${ENCODER}KonaTransformer/Encode/Layer_${layer}/TransformerLayer/MultiheadAttention/`;
  const inner = `${APPLIED}TransformerStack/Layer_${layer}/TransformerLayer/FFN/`;
  const plan = (inputs: number, outputs: number, weights: string, bias: string): LinearPlan => {
    return { inputs, outputs, weights: find(weights), bias: find(partOf(layer, bias)) };
  };
  const project = `${attention}qkv_transform_single/kernel/part_0`;
  const output = `${attention}output_transform_single/kernel/part_0`;
  const plans = [
    plan(width, 3 * width, project, "MultiheadAttention/qkv_transform_single/bias"),
    plan(width, WIDTH, output, "MultiheadAttention/output_transform_single/bias"),
    plan(WIDTH, INNER, `${inner}conv1/Tensordot/Reshape_1`, "FFN/conv1/bias"),
    plan(INNER, WIDTH, `${inner}conv2/Tensordot/Reshape_1`, "FFN/conv2/bias"),
  ];
  return layer === 0 ? [...plans, plan(width, WIDTH, partOf(0, "dense/kernel"), "dense/bias")] : plans;
}

function planPool(find: Find): LinearPlan {
  const name = `${ENCODER}hidden_layers/tanh_layer_0/`;
  return { inputs: WIDTH, outputs: WIDTH, weights: find(`${name}weights`), bias: find(`${name}bias`) };
}

function readBlock(find: Find, layer: number, linears: readonly Linear[]): Block {
  const [project, output, expand, contract, widen] = linears as [Linear, Linear, Linear, Linear, Linear];
  const norm = (name: string): Norm => ({
    scale: find(partOf(layer, `${name}layer_prepostprocess/layer_norm/layer_norm_scale`)),
    shift: find(partOf(layer, `${name}layer_prepostprocess/layer_norm/layer_norm_bias`)),
  });
  const block = { width: widthOf(layer), norm: norm(""), innerNorm: norm("FFN/"), project, output, expand, contract };
  return layer === 0 ? { ...block, widen } : block;
}
