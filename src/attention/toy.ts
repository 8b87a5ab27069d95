// Attention on numbers that a student gives: read, checked, and worked through with nothing left out.

import type { Toy } from "../core/attention.ts";
import { BotError } from "../core/errors.ts";
import { printable } from "./tokens.ts";

/** Rows of numbers. */
export type Matrix = readonly (readonly number[])[];

/** Everything on the way to the output, one row per token. */
export interface Worked {
  names: readonly string[];
  /** Whether matrices were given; without them Q = K = V = X. */
  projected: boolean;
  causal: boolean;
  x: Matrix;
  wq: Matrix;
  wk: Matrix;
  wv: Matrix;
  q: Matrix;
  k: Matrix;
  v: Matrix;
  /** q.k; masked cells are -Infinity from here to `scaled`. */
  scores: Matrix;
  scaled: Matrix;
  /** e^(scaled - shift). */
  powers: Matrix;
  /** 0 while the powers can be read, else the largest of the row. */
  shifts: readonly number[];
  weights: Matrix;
  output: Matrix;
}

/** The primer's own example. */
export const EXAMPLE = "cat=0.1,0.3 sat=0.5,0.7 mat=0.2,0.4";
const MOST_TOKENS = 8;
const MOST_DIMENSIONS = 4;
const LARGEST_NUMBER = 100;
/** e^12 is 162,755 and e^-12 is 0.000006: beyond, powers no longer fit on the line, and further on not in a number. */
const LARGEST_POWER = 12;

/** Throws BotError "usage" with the mend. */
export function workToy({ embeddings, wq, wk, wv, causal = false }: Toy): Worked {
  const { names, x } = readEmbeddings(embeddings.trim() || EXAMPLE);
  const width = x[0]!.length;
  const matrices = [wq, wk, wv].map((text, i) => readMatrix(text, ["Wq", "Wk", "Wv"][i]!, width)) as [
    Matrix,
    Matrix,
    Matrix,
  ];
  const [q, k, v] = matrices.map((matrix) => multiply(x, matrix)) as [Matrix, Matrix, Matrix];
  if (q[0]!.length !== k[0]!.length) throw mismatch();
  const scores = q.map((row, i) => k.map((key, j) => (causal && j > i ? -Infinity : dot(row, key))));
  const scaled = scores.map((row) => row.map((score) => score / Math.sqrt(q[0]!.length)));
  const shifts = scaled.map((row) => Math.max(...row)).map((most) => (Math.abs(most) > LARGEST_POWER ? most : 0));
  const powers = scaled.map((row, i) => row.map((score) => Math.exp(score - shifts[i]!)));
  const weights = powers.map((row) => row.map((power) => power / row.reduce((a, b) => a + b)));
  const projected = [wq, wk, wv].some((text) => text?.trim());
  const [a, b, c] = matrices;
  const output = multiply(weights, v);
  return { names, projected, causal, x, wq: a, wk: b, wv: c, q, k, v, scores, scaled, powers, shifts, weights, output };
}

function readEmbeddings(text: string): { names: string[]; x: Matrix } {
  // The pairs are read, not the blanks between them, so that "cat = 0.1, 0.3" does as well.
  const plain = text
    .normalize("NFKC")
    .replaceAll("、", ",")
    .replace(/\s*([=,])\s*/gu, "$1")
    .trim();
  const pairs = plain
    .split(/[\s;]+/u)
    .filter(Boolean)
    .map((pair) => pair.split("="));
  const names = pairs.map(([name]) => printable(name ?? ""));
  const x = pairs.map(([, numbers]) => readNumbers(numbers));
  const width = x[0]?.length ?? 0;
  if (pairs.some(({ length }) => length !== 2) || x.some((row) => row.length !== width || width === 0))
    throw unreadable();
  if (names.length > MOST_TOKENS || width > MOST_DIMENSIONS) throw tooMuch();
  return { names, x };
}

/** The identity where nothing was given. */
function readMatrix(text: string | undefined, name: string, rows: number): Matrix {
  if (!text?.trim()) return Array.from({ length: rows }, (_, i) => Array.from({ length: rows }, (__, j) => +(i === j)));
  const plain = text
    .normalize("NFKC")
    .replaceAll("、", ",")
    .replace(/\s*([;,])\s*/gu, "$1")
    .trim();
  const matrix = plain.split(/[;\n]/u).filter(Boolean).map(readNumbers);
  const width = matrix[0]?.length ?? 0;
  const fits = matrix.length === rows && matrix.every((row) => row.length === width);
  if (!fits || width === 0 || width > MOST_DIMENSIONS) throw wrongMatrix(name, rows);
  return matrix;
}

function readNumbers(text = ""): number[] {
  const numbers = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  if (numbers.some((value) => !(Math.abs(value) <= LARGEST_NUMBER))) throw unreadable();
  return numbers;
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => b[0]!.map((_, column) => row.reduce((sum, value, i) => sum + value * b[i]![column]!, 0)));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function unreadable(): BotError {
  return new BotError("usage", {
    en: `I can't read these embeddings. Write a name, "=" and the same count of numbers for each token, none beyond ±${LARGEST_NUMBER}: \`${EXAMPLE}\``,
    "zh-TW": `看不懂這些嵌入。請為每個詞元寫名稱、「=」和個數相同的數字，數字在 ±${LARGEST_NUMBER} 以內，例如：\`${EXAMPLE}\``,
  });
}

function tooMuch(): BotError {
  return new BotError("usage", {
    en: `That is too much for paper: at most ${MOST_TOKENS} tokens with ${MOST_DIMENSIONS} numbers each.`,
    "zh-TW": `這樣用紙筆算太多了：最多 ${MOST_TOKENS} 個詞元、每個 ${MOST_DIMENSIONS} 個數字。`,
  });
}

function wrongMatrix(name: string, rows: number): BotError {
  return new BotError("usage", {
    en: `${name} needs ${rows} rows, one per number of an embedding, of at most ${MOST_DIMENSIONS} numbers each: \`1,0;0,1\``,
    "zh-TW": `${name} 要有 ${rows} 列（和嵌入的數字一樣多），每列最多 ${MOST_DIMENSIONS} 個數字，例如：\`1,0;0,1\``,
  });
}

function mismatch(): BotError {
  return new BotError("usage", {
    en: "Wq and Wk must have rows of the same length, or q.k cannot be formed.",
    "zh-TW": "Wq 和 Wk 每列的長度要相同，否則算不出 q.k。",
  });
}
