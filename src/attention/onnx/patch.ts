// Opens the attention inside an ONNX file: each Softmax becomes an output of the graph, with no new export and no rewriting.

import { BotError } from "../../core/errors.ts";
import { fieldsOf, textOf, writeField } from "./protobuf.ts";

/** Field numbers of onnx.proto: ModelProto, GraphProto, NodeProto, AttributeProto, ValueInfoProto, TensorProto. */
const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_WEIGHTS = 5;
const GRAPH_OUTPUT = 12;
const NODE_OUTPUT = 2;
const NODE_OPERATOR = 4;
const NODE_ATTRIBUTE = 5;
const ATTRIBUTE_GRAPH = 6;
const VALUE_NAME = 1;
const TENSOR_ELSEWHERE = 13;

/** Operators that compute attention in one go and keep the weights to themselves. */
const FUSED = new Set(["Attention", "MultiHeadAttention", "GroupQueryAttention", "DecoderMaskedMultiHeadAttention"]);

export interface Opened {
  /** What to append to the file: protobuf merges a repeated message into the first. */
  patch: Uint8Array;
  /** The outputs that hold attention, in the order of the graph. Others of another rank may be among them. */
  names: readonly string[];
  /** Whether weights lie in files beside this one. */
  hasFilesBeside: boolean;
}

/** Throws BotError "unreadable" with the reason where the weights cannot be had. */
export function openAttention(model: Uint8Array): Opened {
  const { names, fused, nested, outputs, hasFilesBeside } = readGraph(model);
  if (names.length === 0) throw closed(fused ? "fused" : nested ? "merged" : "none");
  const fresh = names.filter((name) => !outputs.has(name));
  const messages = fresh.map((name) => writeField(GRAPH_OUTPUT, writeField(VALUE_NAME, name)));
  return {
    patch: fresh.length > 0 ? writeField(MODEL_GRAPH, Buffer.concat(messages)) : new Uint8Array(),
    names,
    hasFilesBeside,
  };
}

interface Found {
  names: string[];
  fused: boolean;
  /** Whether a Softmax lies in a branch of the graph, where it cannot be reached by appending. */
  nested: boolean;
  outputs: Set<string>;
  hasFilesBeside: boolean;
}

function readGraph(model: Uint8Array): Found {
  const found: Found = { names: [], fused: false, nested: false, outputs: new Set(), hasFilesBeside: false };
  try {
    for (const { number, start, end } of fieldsOf(model)) {
      if (number === MODEL_GRAPH) walk(model, start, end, found, 0);
    }
  } catch (error) {
    if (error instanceof RangeError) throw closed("broken", error);
    throw error;
  }
  return found;
}

function walk(model: Uint8Array, from: number, to: number, found: Found, depth: number): void {
  for (const field of fieldsOf(model, from, to)) {
    if (field.number === GRAPH_NODE) readNode(model, field.start, field.end, found, depth);
    if (field.number === GRAPH_WEIGHTS && !found.hasFilesBeside) {
      found.hasFilesBeside = [...fieldsOf(model, field.start, field.end)].some(
        ({ number }) => number === TENSOR_ELSEWHERE,
      );
    }
    if (field.number === GRAPH_OUTPUT && depth === 0) {
      const name = [...fieldsOf(model, field.start, field.end)].find(({ number }) => number === VALUE_NAME);
      if (name) found.outputs.add(textOf(model, name));
    }
  }
}

function readNode(model: Uint8Array, from: number, to: number, found: Found, depth: number): void {
  const fields = [...fieldsOf(model, from, to)];
  const operator = fields.find(({ number }) => number === NODE_OPERATOR);
  const output = fields.find(({ number }) => number === NODE_OUTPUT);
  const name = operator ? textOf(model, operator) : "";
  if (name === "Softmax" && output && depth === 0) found.names.push(textOf(model, output));
  if (name === "Softmax" && depth > 0) found.nested = true;
  if (FUSED.has(name)) found.fused = true;
  for (const { start, end } of fields.filter(({ number }) => number === NODE_ATTRIBUTE)) {
    for (const graph of fieldsOf(model, start, end)) {
      if (graph.number === ATTRIBUTE_GRAPH) walk(model, graph.start, graph.end, found, depth + 1);
    }
  }
}

const REASONS = {
  fused: {
    en: "it computes attention in one fused operator, which keeps the weights to itself. Use an export without fusion (for example onnx/model.onnx in place of an optimised file).",
    "zh-TW":
      "它用融合過的運算子一次算完注意力，拿不到權重。請改用沒有融合的匯出檔（例如用 onnx/model.onnx，不用最佳化過的檔案）。",
  },
  merged: {
    en: 'it is a "merged" decoder, whose layers lie in two branches. Use onnx/decoder_model.onnx or onnx/model.onnx of the same model.',
    "zh-TW":
      "它是「merged」解碼器，各層藏在兩個分支裡。請改用同一個模型的 onnx/decoder_model.onnx 或 onnx/model.onnx。",
  },
  none: {
    en: "there is no softmax in it, so it holds no attention that I could show.",
    "zh-TW": "裡面沒有 softmax，也就沒有可以顯示的注意力。",
  },
  broken: {
    en: "the file is not a whole ONNX model.",
    "zh-TW": "這個檔案不是完整的 ONNX 模型。",
  },
} as const;

function closed(reason: keyof typeof REASONS, cause?: unknown): BotError {
  const { en, "zh-TW": chinese } = REASONS[reason];
  return new BotError(
    "unreadable",
    { en: `I can't look into this model: ${en}`, "zh-TW": `沒辦法看進這個模型：${chinese}` },
    { cause },
  );
}
