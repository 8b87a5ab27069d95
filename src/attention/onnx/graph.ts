// What an ONNX graph holds that bears on attention: its softmaxes, the branches with softmaxes of their own, and where weights lie.

import { protobufFields, protobufText, type Field } from "./protobuf.ts";

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
const ENTRY_KEY = 1;
const ENTRY_VALUE = 2;

/** Operators that compute attention in one go and keep the weights to themselves. */
const FUSED = new Set(["Attention", "MultiHeadAttention", "GroupQueryAttention", "DecoderMaskedMultiHeadAttention"]);

export interface Graph {
  field: Field;
  /** What the softmaxes of this very graph are called, in its order. */
  softmaxes: readonly string[];
  outputs: ReadonlySet<string>;
  /** Nodes that run one of several graphs, or one again and again. */
  splits: readonly Split[];
}

export interface Split {
  node: Field;
  operator: string;
  branches: readonly { attribute: Field; graph: Graph }[];
}

export interface Contents {
  /** undefined where the file has none. */
  graph: Graph | undefined;
  fused: boolean;
  /** Files beside this one that hold weights, as they are named in it. */
  beside: ReadonlySet<string>;
}

interface Findings {
  fused: boolean;
  beside: Set<string>;
}

/** Skips the weights, so that a large file takes no longer than a small one. Throws RangeError where it is not protobuf. */
export function readContents(model: Uint8Array): Contents {
  const findings: Findings = { fused: false, beside: new Set() };
  const field = [...protobufFields(model)].find(({ number }) => number === MODEL_GRAPH);
  const graph = field && readGraph(model, field, findings);
  return { graph, ...findings };
}

function readGraph(model: Uint8Array, field: Field, findings: Findings): Graph {
  const softmaxes: string[] = [];
  const outputs = new Set<string>();
  const splits: Split[] = [];
  for (const inner of protobufFields(model, field.start, field.end)) {
    if (inner.number === GRAPH_OUTPUT) outputs.add(textIn(model, inner, VALUE_NAME));
    if (inner.number === GRAPH_WEIGHTS) noteBeside(model, inner, findings);
    if (inner.number !== GRAPH_NODE) continue;
    const operator = textIn(model, inner, NODE_OPERATOR);
    if (operator === "Softmax") softmaxes.push(textIn(model, inner, NODE_OUTPUT));
    if (FUSED.has(operator)) findings.fused = true;
    const branches = readBranches(model, inner, findings);
    if (branches.length > 0) splits.push({ node: inner, operator, branches });
  }
  return { field, softmaxes, outputs, splits };
}

function readBranches(model: Uint8Array, node: Field, findings: Findings): Split["branches"] {
  return fieldsIn(model, node, NODE_ATTRIBUTE).flatMap((attribute) =>
    fieldsIn(model, attribute, ATTRIBUTE_GRAPH).map((field) => ({
      attribute,
      graph: readGraph(model, field, findings),
    })),
  );
}

/** Of its "location", "offset" and "length", the first says which file. */
function noteBeside(model: Uint8Array, tensor: Field, { beside }: Findings): void {
  for (const entry of fieldsIn(model, tensor, TENSOR_ELSEWHERE)) {
    if (textIn(model, entry, ENTRY_KEY) === "location") beside.add(textIn(model, entry, ENTRY_VALUE));
  }
}

function fieldsIn(model: Uint8Array, { start, end }: Field, number: number): Field[] {
  return [...protobufFields(model, start, end)].filter((field) => field.number === number);
}

/** The first such field as text; empty where there is none. */
function textIn(model: Uint8Array, message: Field, number: number): string {
  const [field] = fieldsIn(model, message, number);
  return field ? protobufText(model, field) : "";
}
