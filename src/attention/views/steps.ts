// softmax(Q K^T / sqrt(d)) V with this sentence's own numbers, so that a reader can follow one row with a calculator.

import type { Layer, Trace, Working } from "../model.ts";
import type { Scene } from "../scene.ts";
import { tokensOfPieces, type Token } from "../tokens.ts";
import { clip, label, number } from "./layout.ts";

/** Numbers shown of a vector, terms of a sum, rows of a table. */
const SAMPLE = 3;
const TERMS = 3;
const ROWS = 4;

/** One asking piece in one head. */
interface Asking {
  english: boolean;
  tokens: readonly Token[];
  asking: number;
  /** The pieces that are spelled out, in order, and the one with the largest weight. */
  shown: readonly number[];
  best: number;
  working: Working;
  /** [pieces] each. */
  weights: readonly number[];
  scores: readonly number[];
  /** The head's numbers of a piece: headWidth of them. */
  vector: (of: "q" | "k" | "v" | "context", piece: number) => Float32Array;
}

export function drawSteps(scene: Scene): string[] {
  const layer = scene.trace.layers[scene.layer]!;
  const english = scene.language === "en";
  if (!layer.working) return [english ? "This model shows its weights only." : "這個模型只給得出權重。"];
  const step = ask(scene, layer, layer.working);
  const name = label(step.tokens[step.asking]!, 16);
  const size = step.working.headWidth;
  const title = `L${scene.layer}H${scene.head}, d = ${size}; `;
  return [
    title + (english ? `asking: ${name}` : `提問的是：${name}`),
    ...drawEmbedding(step, scene.trace, scene.layer),
    ...drawProjection(step),
    ...drawProduct(step),
    ...drawSoftmax(step),
    ...drawSum(step),
  ];
}

function ask(scene: Scene, layer: Layer, working: Working): Asking {
  const { headWidth } = working;
  const count = scene.trace.pieces.length;
  const asking = scene.tokens[scene.token]!.pieces[0]!;
  const at = (scene.head * count + asking) * count;
  const weights = Array.from(layer.weights.subarray(at, at + count));
  const ranked = weights.map((weight, i) => ({ weight, i })).sort((a, b) => b.weight - a.weight);
  const from = scene.head * headWidth;
  const width = layer.heads * headWidth;
  return {
    english: scene.language === "en",
    tokens: tokensOfPieces(scene.trace.pieces),
    asking,
    shown: ranked
      .slice(0, ROWS)
      .map(({ i }) => i)
      .sort((a, b) => a - b),
    best: ranked[0]!.i,
    working,
    weights,
    scores: Array.from(working.scores.subarray(at, at + count)),
    vector: (of, piece) => working[of].subarray(piece * width + from, piece * width + from + headWidth),
  };
}

function drawEmbedding({ working, asking, english }: Asking, { embedding }: Trace, layer: number): string[] {
  const { input, inputWidth } = working;
  const x = input.subarray(asking * inputWidth, (asking + 1) * inputWidth);
  const size = `${SAMPLE}/${inputWidth}`;
  const first = embedding && layer === 0;
  const e = embedding?.rows.subarray(asking * embedding.width, (asking + 1) * embedding.width);
  return [
    first
      ? english
        ? `1. embedding e, input x (${size})`
        : `1. 嵌入 e、輸入 x（${size}）`
      : english
        ? `1. input x of this layer (${size})`
        : `1. 這一層的輸入 x（${size}）`,
    ...(first && e ? [`   e ${sample(e)}`] : []),
    ...(first ? ["   x = LayerNorm(2e + position)"] : ["   x = LayerNorm(h)"]),
    `   x ${sample(x)}`,
  ];
}

function drawProjection({ vector, asking, best, tokens, working, english }: Asking): string[] {
  const size = `${SAMPLE}/${working.headWidth}`;
  const target = label(tokens[best]!, 12);
  return [
    english ? `2. q = Wq x, k = Wk x, v = Wv x (${size})` : `2. q = Wq x、k = Wk x、v = Wv x（${size}）`,
    `   q ${sample(vector("q", asking))}  ${label(tokens[asking]!, 12)}`,
    `   k ${sample(vector("k", best))}  ${target}`,
    `   v ${sample(vector("v", best))}  ${target}`,
  ];
}

/** The three largest terms of q.k are spelled out, the others summed. */
function drawProduct({ vector, asking, best, tokens, working, scores, english }: Asking): string[] {
  const [q, k] = [vector("q", asking), vector("k", best)];
  const terms = Array.from(q, (value, i) => ({ i, product: value * k[i]! }));
  const sum = terms.reduce((total, { product }) => total + product, 0);
  const largest = terms.toSorted((a, b) => Math.abs(b.product) - Math.abs(a.product)).slice(0, TERMS);
  const rest = sum - largest.reduce((total, { product }) => total + product, 0);
  const others = english ? `${terms.length - TERMS} more` : `另 ${terms.length - TERMS} 維`;
  const root = Math.sqrt(working.headWidth).toFixed(2);
  return [
    english ? `3. q.k with ${label(tokens[best]!, 20)}` : `3. q.k，對象是 ${label(tokens[best]!, 20)}`,
    ...largest.map(
      ({ i, product }) =>
        `  ${String(i).padStart(3)}${number(q[i]!, 7, 2)} x${number(k[i]!, 7, 2)} =${number(product, 8, 2)}`,
    ),
    `${" ".repeat(22)}=${number(rest, 8, 2)}  ${others}`,
    `${" ".repeat(22)}=${number(sum, 8, 2)}  q.k`,
    english ? "4. scaling: s = q.k / sqrt(d)" : "4. 縮放：s = q.k / sqrt(d)",
    `   ${number(sum, 8, 2)} / ${root} =${number(scores[best]!, 8, 3)}`,
  ];
}

function drawSoftmax({ scores, weights, shown, tokens, working, english }: Asking): string[] {
  const root = Math.sqrt(working.headWidth);
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const powerSum = powers.reduce((a, b) => a + b);
  const others = scores.map((_, i) => i).filter((i) => !shown.includes(i));
  const left = total(weights, others);
  const rounded = roundToSum([...shown.map((i) => weights[i]!), ...(others.length > 0 ? [left] : [])]);
  const rest = english ? `${others.length} more` : `另 ${others.length} 個`;
  return [
    english ? "5. softmax: weight = e^(s-max) / sum" : "5. softmax：權重 = e^(s-max) / 總和",
    "     q.k      s e^(s-max) weight",
    ...shown.map((i, at) => {
      const line = `${number(scores[i]! * root, 8, 2)}${number(scores[i]!, 7, 3)}${number(powers[i]!, 10, 3)}`;
      return `${line}${number(rounded[at]!, 7, 3)}  ${label(tokens[i]!, 7)}`;
    }),
    ...(others.length > 0
      ? [`${" ".repeat(15)}${number(total(powers, others), 10, 3)}${number(rounded.at(-1)!, 7, 3)}  ${clip(rest, 8)}`]
      : []),
    `${" ".repeat(15)}${number(powerSum, 10, 3)}${number(1, 7, 3)}  ${english ? "sum" : "總和"}`,
  ];
}

function drawSum({ vector, weights, shown, tokens, asking, working, english }: Asking): string[] {
  const others = weights.map((_, i) => i).filter((i) => !shown.includes(i));
  const rest = Float32Array.from({ length: SAMPLE }, (_, e) =>
    others.reduce((sum, i) => sum + weights[i]! * vector("v", i)[e]!, 0),
  );
  const size = `${SAMPLE}/${working.headWidth}`;
  return [
    english ? `6. output = sum of weight x v (${size})` : `6. 輸出 = 權重 x v 的總和（${size}）`,
    ...shown.map((i) => `  ${number(weights[i]!, 6, 3)} x${sample(vector("v", i))}  ${label(tokens[i]!, 6)}`),
    ...(others.length > 0 ? [`${" ".repeat(10)}${sample(rest)}  ${english ? "others" : "其他"}`] : []),
    `${" ".repeat(9)}=${sample(vector("context", asking))}  ${english ? "output" : "輸出"}`,
  ];
}

const sample = (values: Float32Array) =>
  Array.from(values.subarray(0, SAMPLE), (value) => number(value, 8, 3)).join("");
const total = (values: readonly number[], of: readonly number[]) => of.reduce((sum, i) => sum + values[i]!, 0);

/** Thousandths that still sum to 1: what rounding down leaves goes to the largest remainders. */
function roundToSum(weights: readonly number[]): number[] {
  const floors = weights.map((weight) => Math.floor(weight * 1000));
  const missing = 1000 - floors.reduce((a, b) => a + b, 0);
  const order = weights.map((weight, i) => ({ i, left: weight * 1000 - floors[i]! })).sort((a, b) => b.left - a.left);
  for (const { i } of order.slice(0, Math.max(0, missing))) floors[i]! += 1;
  return floors.map((floor) => floor / 1000);
}
