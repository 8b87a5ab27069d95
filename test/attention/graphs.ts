// Small ONNX models, made here byte by byte: encoders and decoders with weights by rule, as the exporters lay them out.

import { writeField } from "../../src/attention/onnx/protobuf.ts";
import {
  BOOLEAN,
  bytesOf,
  FLOAT,
  HALF,
  INT64,
  integers,
  message,
  modelOf,
  node,
  valueInfo,
  whole,
} from "../fakes/onnx-writer.ts";

export const HEADS = 2;
const HEAD_WIDTH = 4;
const WIDTH = HEADS * HEAD_WIDTH;

export interface GraphPlan {
  words: number;
  layers: number;
  causal: boolean;
  /** With past keys and values as inputs. */
  cache?: boolean;
  half?: boolean;
  /** The embedding table goes into a file of this name. */
  beside?: string;
  /** A decoder with its past and one without it, as the two branches of an If over the same weights. */
  merged?: boolean;
  /** "com.microsoft" attention in place of a softmax; or the softmax within one branch of two. */
  closed?: "fused" | "lopsided";
}

/** Numbers between -1 and 1 that look like chance and are always the same. */
export function weight(seed: number, i: number): number {
  return Math.fround(Math.sin(seed * 7.13 + i * 1.7));
}

interface Weights {
  bytes: Uint8Array<ArrayBuffer>;
  tensor: Uint8Array;
}

function weightsOf(name: string, shape: readonly number[], seed: number, { half, beside }: GraphPlan): Weights {
  const count = shape.reduce((a, b) => a * b, 1);
  const numbers = Array.from({ length: count }, (_, i) => weight(seed, i));
  const bytes = half ? bytesOf(Uint16Array.from(numbers, toHalf)) : bytesOf(Float32Array.from(numbers));
  const head = message(...shape.map((size) => whole(1, size)), whole(2, half ? HALF : FLOAT), writeField(8, name));
  const entry = (key: string, text: string) => writeField(13, message(writeField(1, key), writeField(2, text)));
  const place = [
    entry("location", beside ?? ""),
    entry("offset", "0"),
    entry("length", String(bytes.length)),
    whole(14, 1),
  ];
  const outside = beside !== undefined && name === "table";
  return { bytes, tensor: message(head, ...(outside ? place : [writeField(9, bytes)])) };
}

/** Rounded to the nearest of the sixteen-bit numbers, for magnitudes below 2. */
function toHalf(number: number): number {
  const size = Math.abs(number);
  const exponent = Math.max(-14, Math.floor(Math.log2(size || 2 ** -15)));
  const scaled = Math.round(size / 2 ** (exponent - 10));
  return (number < 0 ? 0x8000 : 0) + (scaled < 1024 ? scaled : (exponent + 15) * 1024 + scaled - 1024);
}

/** The file, and what lies beside it. */
export function makeModel(plan: GraphPlan): { model: Uint8Array<ArrayBuffer>; beside: Uint8Array<ArrayBuffer> } {
  const table = weightsOf("table", [plan.words, WIDTH], 1, plan);
  const projections = Array.from({ length: plan.layers * 3 }, (_, i) =>
    weightsOf(`w${i}`, [WIDTH, WIDTH], 2 + i, plan),
  );
  const type = plan.half ? HALF : FLOAT;
  const scale = message(whole(2, type), writeField(8, "scale"), writeField(9, scalar(0.5, plan)));
  const caches =
    plan.cache || plan.merged
      ? Array.from({ length: plan.layers }, (_, l) => ["key", "value"].map((of) => `past_key_values.${l}.${of}`)).flat()
      : [];
  const weights = [table, ...projections].map((each) => writeField(5, each.tensor));
  const constants = [
    integers("split", [0, 0, HEADS, HEAD_WIDTH], [4]),
    integers("join", [0, 0, WIDTH], [3]),
    integers("second", [1], [1]),
    integers("one", [1], []),
  ].map((each) => writeField(5, each));
  const inputs = [
    valueInfo("input_ids", INT64, [1, "length"]),
    valueInfo("attention_mask", INT64, [1, "length"]),
    ...caches.map((name) => valueInfo(name, type, [1, HEADS, "past", HEAD_WIDTH])),
    ...(plan.merged ? [valueInfo("use_cache_branch", BOOLEAN, [1])] : []),
  ];
  const logits = writeField(12, valueInfo("logits", type, [1, "length", plan.words]));
  const graph = message(
    ...(plan.merged ? [mergedNode(plan, logits)] : nodesOf(plan)).map((each) => writeField(1, each)),
    writeField(2, "small"),
    ...weights,
    ...constants,
    writeField(5, scale),
    ...inputs.map((each) => writeField(11, each)),
    logits,
  );
  return { model: modelOf(graph), beside: table.bytes };
}

function scalar(number: number, { half }: GraphPlan): Uint8Array {
  return half ? bytesOf(Uint16Array.of(toHalf(number))) : bytesOf(Float32Array.of(number));
}

/** As the exporters merge them: first the branch with a past, then the one without, both with the same outputs. */
function mergedNode(plan: GraphPlan, logits: Uint8Array): Uint8Array {
  const branch = (cache: boolean) =>
    message(...nodesOf({ ...plan, cache }).map((each) => writeField(1, each)), writeField(2, "branch"), logits);
  return node("If", ["use_cache_branch"], "logits", { then_branch: branch(true), else_branch: branch(false) });
}

function nodesOf(plan: GraphPlan): Uint8Array[] {
  const hidden = range(plan.layers).flatMap((layer) => layerNodes(plan, layer));
  return [
    node("Gather", ["table", "input_ids"], "x0"),
    ...(plan.causal ? maskNodes(plan) : []),
    ...hidden,
    node("Transpose", ["table"], "unembed", { perm: [1, 0] }),
    node("MatMul", [`x${plan.layers}`, "unembed"], "logits"),
    // A softmax that is not attention: exporters leave such things in a graph, and its rank tells it apart.
    ...(plan.closed ? [] : [node("Softmax", ["logits"], "probabilities")]),
  ];
}

/** -65,504 (the lowest half) or lower above the diagonal. */
function maskNodes(plan: GraphPlan): Uint8Array[] {
  const low = plan.half ? bytesOf(Uint16Array.of(0xfbff)) : bytesOf(Float32Array.of(-1e30));
  const fill = message(whole(1, 1), whole(2, plan.half ? HALF : FLOAT), writeField(9, low));
  const filled = message(writeField(1, "input_ids_shape"), writeField(2, "blank"), writeField(4, "ConstantOfShape"));
  const attributeOfFill = message(writeField(1, "value"), writeField(5, fill), whole(20, 4));
  return [
    node("Shape", ["input_ids"], "shape"),
    node("Gather", ["shape", "second"], "size"),
    node("Concat", ["size", "size"], "input_ids_shape", { axis: 0 }),
    message(filled, writeField(5, attributeOfFill)),
    node("Trilu", ["blank", "one"], "mask", { upper: 1 }),
  ];
}

function layerNodes(plan: GraphPlan, layer: number): Uint8Array[] {
  const at = (name: string) => `${name}${layer}`;
  const part = (of: string, i: number, perm: number[]) => [
    node("MatMul", [at("x"), `w${layer * 3 + i}`], at(`${of}_flat`)),
    node("Reshape", [at(`${of}_flat`), "split"], at(`${of}_split`)),
    node("Transpose", [at(`${of}_split`)], at(of), { perm }),
  ];
  const past = (of: string, name: string) =>
    plan.cache
      ? [node("Concat", [`past_key_values.${layer}.${name}`, at(of)], at(`${of}_all`), { axis: 2 })]
      : [node("Identity", [at(of)], at(`${of}_all`))];
  const softmax = [node("Softmax", [at(plan.causal ? "masked" : "scaled")], at("attention"), {})];
  const attend = {
    open: softmax,
    fused: [node("Attention", [at("scaled")], at("attention"), { num_heads: HEADS }, "com.microsoft")],
    lopsided: [
      node("If", ["branch"], at("attention"), { then_branch: message(...softmax.map((each) => writeField(1, each))) }),
    ],
  }[plan.closed ?? "open"];
  return [
    ...part("q", 0, [0, 2, 1, 3]),
    ...part("k", 1, [0, 2, 1, 3]),
    ...part("v", 2, [0, 2, 1, 3]),
    ...past("k", "key"),
    ...past("v", "value"),
    node("Transpose", [at("k_all")], at("k_turned"), { perm: [0, 1, 3, 2] }),
    node("MatMul", [at("q"), at("k_turned")], at("scores")),
    node("Mul", [at("scores"), "scale"], at("scaled")),
    ...(plan.causal ? [node("Add", [at("scaled"), "mask"], at("masked"))] : []),
    ...attend,
    node("MatMul", [at("attention"), at("v_all")], at("context")),
    node("Transpose", [at("context")], at("turned"), { perm: [0, 2, 1, 3] }),
    node("Reshape", [at("turned"), "join"], at("joined")),
    node("Add", [at("x"), at("joined")], `x${layer + 1}`),
  ];
}

const range = (length: number) => Array.from({ length }, (_, i) => i);
