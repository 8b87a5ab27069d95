// The bundled encoder as an ONNX file, so that the same numbers can be asked of another runtime.

import { EMBEDDING, HEADS, planEncoder, WIDTH, type Block } from "../src/attention/encoder/plan.ts";
import type { LinearPlan } from "../src/attention/encoder/linear.ts";
import { writeField } from "../src/attention/onnx/protobuf.ts";
import { FLOAT, floats, integers, message, modelOf, node, valueInfo } from "../test/fakes/onnx-writer.ts";

const EPSILON = 1e-6;

/** Collects nodes and weights under names of its own. */
class Graph {
  readonly nodes: Uint8Array[] = [];
  readonly weights: Uint8Array[] = [];
  #count = 0;

  add(
    operator: string,
    inputs: string[],
    attributes: Parameters<typeof node>[3] = {},
    output = `n${this.#count++}`,
  ): string {
    this.nodes.push(node(operator, inputs, output, attributes));
    return output;
  }

  numbers(values: Float32Array, shape: readonly number[]): string {
    const name = `w${this.#count++}`;
    this.weights.push(floats(name, values, shape));
    return name;
  }

  shape(sizes: readonly number[], shape: readonly number[] = [sizes.length]): string {
    const name = `s${this.#count++}`;
    this.weights.push(integers(name, sizes, shape));
    return name;
  }

  linear(x: string, { inputs, outputs, weights, bias }: LinearPlan): string {
    const product = this.add("MatMul", [x, this.numbers(weights, [inputs, outputs])]);
    return this.add("Add", [product, this.numbers(bias, [outputs])]);
  }

  norm(x: string, { scale, shift }: Block<LinearPlan>["norm"]): string {
    const inputs = [x, this.numbers(scale, [scale.length]), this.numbers(shift, [shift.length])];
    return this.add("LayerNormalization", inputs, { epsilon: { float: EPSILON } });
  }
}

/** From "x", the pieces' embeddings at their places [pieces, 256], to "vector" and "weights0", "weights1". */
export function encoderGraph(tensors: ReadonlyMap<string, Float32Array>): Uint8Array {
  const { blocks, pool } = planEncoder(tensors);
  const graph = new Graph();
  const top = blocks.reduce((x, block, layer) => addBlock(graph, x, block, layer), "x");
  const mean = graph.add("ReduceMean", [top], { axes: [0], keepdims: 1 });
  const pooled = graph.add("Tanh", [graph.linear(mean, pool)]);
  graph.add("Div", [pooled, graph.add("ReduceL2", [pooled], { axes: [1], keepdims: 1 })], {}, "vector");
  const weights = blocks.map((_, layer) => valueInfo(`weights${layer}`, FLOAT, [HEADS, "pieces", "pieces"]));
  const outputs = [valueInfo("vector", FLOAT, [1, WIDTH]), ...weights];
  return modelOf(
    message(
      ...graph.nodes.map((each) => writeField(1, each)),
      writeField(2, "encoder"),
      ...graph.weights.map((each) => writeField(5, each)),
      writeField(11, valueInfo("x", FLOAT, ["pieces", EMBEDDING])),
      ...outputs.map((each) => writeField(12, each)),
    ),
  );
}

function addBlock(
  graph: Graph,
  x: string,
  { width, norm, innerNorm, products }: Block<LinearPlan>,
  layer: number,
): string {
  const { project, output, expand, contract, widen } = products;
  const context = attend(graph, graph.linear(graph.norm(x, norm), project), width, layer);
  const beside = widen ? graph.linear(x, widen) : x;
  const attended = graph.add("Add", [graph.linear(context, output), beside]);
  const inner = graph.add("Relu", [graph.linear(graph.norm(attended, innerNorm), expand)]);
  return graph.add("Add", [graph.linear(inner, contract), attended]);
}

function attend(graph: Graph, projected: string, width: number, layer: number): string {
  const parts = graph.add("Reshape", [projected, graph.shape([0, 3, HEADS, width / HEADS])]);
  const turned = graph.add("Transpose", [parts], { perm: [1, 2, 0, 3] });
  const [q, k, v] = [0, 1, 2].map((i) => graph.add("Gather", [turned, graph.shape([i], [])])) as [
    string,
    string,
    string,
  ];
  const products = graph.add("MatMul", [q, graph.add("Transpose", [k], { perm: [0, 2, 1] })]);
  const scale = graph.numbers(Float32Array.of(1 / Math.sqrt(width / HEADS)), []);
  const weights = graph.add("Softmax", [graph.add("Mul", [products, scale])], {}, `weights${layer}`);
  const context = graph.add("Transpose", [graph.add("MatMul", [weights, v])], { perm: [1, 0, 2] });
  return graph.add("Reshape", [context, graph.shape([0, width])]);
}
