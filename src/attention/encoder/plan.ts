// Names the encoder's parts by its tensors in the TensorFlow graph.

import type { LinearPlan } from "./linear.ts";

export const HEADS = 4;
export const EMBEDDING = 256;
export const WIDTH = 512;
const INNER = 1536;

const ENCODER = "module/Encoder_en/";
const APPLIED = "module_apply_default/Encoder_en/KonaTransformer/Encode/";

export interface Norm {
  scale: Float32Array;
  shift: Float32Array;
}

/** One layer; `Product` is a matrix product, as weights or ready to be applied. */
export interface Block<Product> {
  /** Of what it reads; it hands on WIDTH. */
  width: number;
  norm: Norm;
  innerNorm: Norm;
  products: {
    project: Product;
    output: Product;
    expand: Product;
    contract: Product;
    /** Where a layer widens, what passes beside it is widened too. */
    widen?: Product;
  };
}

export interface EncoderPlan {
  /** [vocabulary, EMBEDDING] */
  embedding: Float32Array;
  /** Of the sines and cosines that mark a position: EMBEDDING / 2. */
  frequencies: Float32Array;
  blocks: readonly Block<LinearPlan>[];
  /** From the mean over the pieces to the sentence vector. */
  pool: LinearPlan;
}

/** Throws where a tensor is missing. */
export function planEncoder(tensors: ReadonlyMap<string, Float32Array>): EncoderPlan {
  const find = (name: string): Float32Array => {
    const tensor = tensors.get(name);
    if (!tensor) throw new Error(`The model lacks the tensor ${name}`);
    return tensor;
  };
  const pool = `${ENCODER}hidden_layers/tanh_layer_0/`;
  return {
    embedding: find("module/Embeddings_en"),
    frequencies: find(`${APPLIED}TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`),
    blocks: [planBlock(find, 0), planBlock(find, 1)],
    pool: { inputs: WIDTH, outputs: WIDTH, weights: find(`${pool}weights`), bias: find(`${pool}bias`) },
  };
}

export function mapBlock<From, To>({ products, ...rest }: Block<From>, map: (product: From) => To): Block<To> {
  const { project, output, expand, contract, widen } = products;
  const mapped = { project: map(project), output: map(output), expand: map(expand), contract: map(contract) };
  return { ...rest, products: { ...mapped, ...(widen && { widen: map(widen) }) } };
}

type Find = (name: string) => Float32Array;

function planBlock(find: Find, layer: number): Block<LinearPlan> {
  const width = layer === 0 ? EMBEDDING : WIDTH;
  const part = (name: string) => find(`${APPLIED}Layer_${layer}/TransformerLayer/${name}/ConcatPartitions/concat`);
  const norm = (name: string): Norm => ({
    scale: part(`${name}layer_prepostprocess/layer_norm/layer_norm_scale`),
    shift: part(`${name}layer_prepostprocess/layer_norm/layer_norm_bias`),
  });
  return { width, norm: norm(""), innerNorm: norm("FFN/"), products: planProducts(find, part, layer, width) };
}

function planProducts(find: Find, part: Find, layer: number, width: number): Block<LinearPlan>["products"] {
  const attention = `${ENCODER}KonaTransformer/Encode/Layer_${layer}/TransformerLayer/MultiheadAttention/`;
  const inner = `${APPLIED}TransformerStack/Layer_${layer}/TransformerLayer/FFN/`;
  const plan = (inputs: number, outputs: number, weights: Float32Array, bias: string): LinearPlan => {
    return { inputs, outputs, weights, bias: part(bias) };
  };
  const kernel = (name: string) => find(`${attention}${name}/kernel/part_0`);
  return {
    project: plan(width, 3 * width, kernel("qkv_transform_single"), "MultiheadAttention/qkv_transform_single/bias"),
    output: plan(width, WIDTH, kernel("output_transform_single"), "MultiheadAttention/output_transform_single/bias"),
    expand: plan(WIDTH, INNER, find(`${inner}conv1/Tensordot/Reshape_1`), "FFN/conv1/bias"),
    contract: plan(INNER, WIDTH, find(`${inner}conv2/Tensordot/Reshape_1`), "FFN/conv2/bias"),
    ...(layer === 0 && { widen: plan(width, WIDTH, part("dense/kernel"), "dense/bias") }),
  };
}
