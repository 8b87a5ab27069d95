// softmax(Q K^T / sqrt(d)) V with this sentence's own numbers, so that a reader can follow one row with a calculator.

import type { Layer, Trace, Working } from "../model.ts";
import type { Language } from "../../core/language.ts";
import type { ViewState } from "../view-state.ts";
import { tokensOfPieces, type Token } from "../tokens.ts";
import { clipColumns, label, number, printed } from "./layout.ts";
import { workPaper, type Paper } from "./paper.ts";

/** Numbers shown of a vector, terms of a sum, rows of a table. */
const SAMPLE = 3;
const TERMS = 3;
const ROWS = 4;

/** One asking piece in one head. */
interface Asking {
  language: Language;
  tokens: readonly Token[];
  asking: number;
  /** The pieces that are spelled out, in order, and the one with the largest weight. */
  shown: readonly number[];
  best: number;
  /** The pieces that are not. */
  others: readonly number[];
  working: Working;
  paper: Paper;
  /** The head's numbers of a piece: headWidth of them. */
  vector: (of: "q" | "k" | "v" | "context", piece: number) => Float32Array;
}

export function drawSteps(state: ViewState): string[] {
  const layer = state.trace.layers[state.layer]!;
  const { language } = state;
  if (!layer.working)
    return [{ en: "This model shows its weights only.", "zh-TW": "這個模型只給得出權重。" }[language]];
  const step = ask(state, layer, layer.working);
  const name = label(step.tokens[step.asking]!, 16);
  const size = step.working.headWidth;
  const title = `L${state.layer}H${state.head}, d = ${size}; `;
  return [
    title + { en: `asking: ${name}`, "zh-TW": `提問的是：${name}` }[language],
    ...drawEmbedding(step, state.trace, state.layer),
    ...drawProjection(step),
    ...drawProduct(step),
    ...drawSoftmax(step),
    ...drawSum(step),
  ];
}

function ask(state: ViewState, layer: Layer, working: Working): Asking {
  const { headWidth } = working;
  const count = state.trace.pieces.length;
  const asking = state.tokens[state.token]!.pieces[0]!;
  const at = (state.head * count + asking) * count;
  const weights = Array.from(layer.weights.subarray(at, at + count));
  const ranked = weights.map((weight, i) => ({ weight, i })).sort((a, b) => b.weight - a.weight);
  const from = state.head * headWidth;
  const width = layer.heads * headWidth;
  const inOrder = (part: typeof ranked) => part.map(({ i }) => i).sort((a, b) => a - b);
  const [shown, others] = [inOrder(ranked.slice(0, ROWS)), inOrder(ranked.slice(ROWS))];
  const scores = Array.from(working.scores.subarray(at, at + count));
  return {
    language: state.language,
    tokens: tokensOfPieces(state.trace.pieces),
    asking,
    shown,
    others,
    best: ranked[0]!.i,
    working,
    paper: workPaper(scores, shown, others, headWidth),
    vector: (of, piece) => working[of].subarray(piece * width + from, piece * width + from + headWidth),
  };
}

function drawEmbedding({ working, asking, language }: Asking, { embedding }: Trace, layer: number): string[] {
  const { input, inputWidth } = working;
  const x = input.subarray(asking * inputWidth, (asking + 1) * inputWidth);
  const size = `${SAMPLE}/${inputWidth}`;
  const first = embedding && layer === 0;
  const e = embedding?.rows.subarray(asking * embedding.width, (asking + 1) * embedding.width);
  return [
    first
      ? { en: `1. embedding e, input x (${size})`, "zh-TW": `1. 嵌入 e、輸入 x（${size}）` }[language]
      : { en: `1. input x of this layer (${size})`, "zh-TW": `1. 這一層的輸入 x（${size}）` }[language],
    ...(first && e ? [`   e ${sample(e)}`] : []),
    ...(first ? ["   x = LayerNorm(2e + position)"] : ["   x = LayerNorm(h)"]),
    `   x ${sample(x)}`,
  ];
}

function drawProjection({ vector, asking, best, tokens, working, language }: Asking): string[] {
  const size = `${SAMPLE}/${working.headWidth}`;
  const target = label(tokens[best]!, 11);
  return [
    { en: `2. q = Wq x, k = Wk x, v = Wv x (${size})`, "zh-TW": `2. q = Wq x、k = Wk x、v = Wv x（${size}）` }[
      language
    ],
    `   q ${sample(vector("q", asking))}  ${label(tokens[asking]!, 11)}`,
    `   k ${sample(vector("k", best))}  ${target}`,
    `   v ${sample(vector("v", best))}  ${target}`,
  ];
}

/** The three largest terms of q.k are spelled out; the others make up the sum, with what rounding took. */
function drawProduct({ vector, asking, best, tokens, working, paper, language }: Asking): string[] {
  const [q, k] = [vector("q", asking), vector("k", best)];
  const terms = Array.from(q, (value, i) => {
    const [a, b] = [printed(value, 7, 2), printed(k[i]!, 7, 2)];
    return { i, a, b, product: printed(a * b, 8, 2) };
  });
  const largest = terms.toSorted((a, b) => Math.abs(b.product) - Math.abs(a.product)).slice(0, TERMS);
  const product = paper.products.get(best)!;
  const rest = product - largest.reduce((total, term) => total + term.product, 0);
  const others = { en: `${terms.length - TERMS} more`, "zh-TW": `另 ${terms.length - TERMS} 維` }[language];
  return [
    { en: `3. q.k with ${label(tokens[best]!, 20)}`, "zh-TW": `3. q.k，對象是 ${label(tokens[best]!, 20)}` }[language],
    ...largest.map(
      ({ i, a, b, product }) =>
        `  ${String(i).padStart(3)}${number(a, 7, 2)} x${number(b, 7, 2)} =${number(product, 8, 2)}`,
    ),
    `${" ".repeat(22)}=${number(rest, 8, 2)}  ${others}`,
    `${" ".repeat(22)}=${number(product, 8, 2)}  q.k`,
    {
      en: `4. scaling: s = q.k / sqrt(${working.headWidth})`,
      "zh-TW": `4. 縮放：s = q.k / sqrt(${working.headWidth})`,
    }[language],
    `   ${number(product, 8, 2)} / ${paper.root.toFixed(4)} =${number(paper.scaled.get(best)!, 8, 3)}`,
  ];
}

function drawSoftmax({ shown, others, tokens, paper, language }: Asking): string[] {
  const { products, scaled, powers, weights, rest, sum } = paper;
  const all = [...weights.values(), rest.weight].reduce((a, b) => a + b);
  const more = { en: `${others.length} more`, "zh-TW": `另${others.length}個` }[language];
  return [
    { en: "5. softmax: weight = e^(s-max) / sum", "zh-TW": "5. softmax：權重 = e^(s-max) / 總和" }[language],
    "     q.k      s e^(s-max) weight",
    ...shown.map((i) => {
      const line = `${number(products.get(i)!, 8, 2)}${number(scaled.get(i)!, 7, 3)}${number(powers.get(i)!, 10, 3)}`;
      return `${line}${number(weights.get(i)!, 7, 3)}  ${label(tokens[i]!, 7)}`;
    }),
    ...(others.length > 0
      ? [`${" ".repeat(15)}${number(rest.power, 10, 3)}${number(rest.weight, 7, 3)}  ${clipColumns(more, 8)}`]
      : []),
    `${" ".repeat(15)}${number(sum, 10, 3)}${number(all, 7, 3)}  ${{ en: "sum", "zh-TW": "總和" }[language]}`,
  ];
}

/** The output is the model's own; the others make it up, with what rounding took. */
function drawSum({ vector, shown, others, tokens, asking, working, paper, language }: Asking): string[] {
  const rows = shown.map((i) => ({ i, weight: paper.weights.get(i)!, v: beginningOf(vector("v", i)) }));
  const told = Array.from({ length: SAMPLE }, (_, e) => rows.reduce((sum, { weight, v }) => sum + weight * v[e]!, 0));
  const output = others.length > 0 ? beginningOf(vector("context", asking)) : told;
  const size = `${SAMPLE}/${working.headWidth}`;
  return [
    { en: `6. output = sum of weight x v (${size})`, "zh-TW": `6. 輸出 = 權重 x v 的總和（${size}）` }[language],
    ...rows.map(({ i, weight, v }) => `  ${number(weight, 6, 3)} x${inRow(v)}  ${label(tokens[i]!, 6)}`),
    ...(others.length > 0
      ? [
          `${" ".repeat(10)}${inRow(output.map((value, e) => value - told[e]!))}  ${{ en: "others", "zh-TW": "其他" }[language]}`,
        ]
      : []),
    `${" ".repeat(9)}=${inRow(output)}  ${{ en: "output", "zh-TW": "輸出" }[language]}`,
  ];
}

/** The first numbers of a vector, as they are printed. */
const beginningOf = (values: Float32Array) => Array.from(values.subarray(0, SAMPLE), (value) => printed(value, 8, 3));
const inRow = (values: readonly number[]) => values.map((value) => number(value, 8, 3)).join("");
const sample = (values: Float32Array) => inRow(beginningOf(values));
