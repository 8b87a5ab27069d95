// Computes attention on numbers that a student gives, with every step kept.

import type { Toy } from "../core/attention.ts";
import { BotError } from "../core/errors.ts";
import { EXAMPLE, readEmbeddings, readMatrix, type Matrix } from "./read-toy.ts";
import { printed } from "./views/layout.ts";

/**
 * Everything on the way to the output, one row per token. Every number is rounded to what is printed of it, and the next
 * step goes on from the rounded ones, as on paper: whoever follows with a calculator finds the same digits.
 */
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
  /** e^scaled; or e^(scaled - the largest of the row), where `shifted`, because the powers could not be read. */
  powers: Matrix;
  shifted: boolean;
  /** Of the powers of each row. */
  sums: readonly number[];
  /** sqrt(d). */
  root: number;
  weights: Matrix;
  output: Matrix;
}

/** While the largest score of each row is between these, four decimals tell enough of its power; else rows are shifted. */
const PLAIN_TOP = { low: -1, high: 9 };
/** What has more digits does not fit in its column. */
const LARGEST_RESULT = 99_999;
/** Columns of a printed number, and its decimals. */
export const CELL = 8;
export const DECIMALS = 4;

/** Throws BotError "usage" with the fix. */
export function workToy({ embeddings, wq, wk, wv, causal = false }: Toy): Worked {
  const given = readEmbeddings(embeddings.trim() || EXAMPLE);
  const x = given.x.map((row) => row.map(onPaper));
  const [a, b, c] = (["Wq", "Wk", "Wv"] as const).map((name, i) => readMatrix([wq, wk, wv][i], name, x[0]!.length)) as [
    Matrix,
    Matrix,
    Matrix,
  ];
  const [q, k, v] = [multiply(x, a), multiply(x, b), multiply(x, c)];
  if (q[0]!.length !== k[0]!.length) throw mismatch();
  const scores = q.map((row, i) => k.map((key, j) => (causal && j > i ? -Infinity : onPaper(dot(row, key)))));
  const root = onPaper(Math.sqrt(q[0]!.length));
  const projected = [wq, wk, wv].some((text) => text?.trim());
  const known = { names: given.names, projected, causal, x, wq: a, wk: b, wv: c, q, k, v, scores, root };
  return { ...known, ...weigh(known) };
}

/** softmax(scores / sqrt(d)) V, every step from what the one before it printed. */
function weigh({ scores, root, v }: Pick<Worked, "scores" | "root" | "v">) {
  const scaled = scores.map((row) => row.map((score) => onPaper(score / root)));
  const tops = scaled.map((row) => Math.max(...row));
  const shifted = tops.some((top) => top < PLAIN_TOP.low || top > PLAIN_TOP.high);
  const powers = scaled.map((row, i) =>
    row.map((score) => onPaper(Math.exp(shifted ? onPaper(score - tops[i]!) : score))),
  );
  const sums = powers.map((row) => onPaper(row.reduce((a, b) => a + b)));
  const weights = powers.map((row, i) => row.map((power) => onPaper(power / sums[i]!)));
  return { scaled, powers, shifted, sums, weights, output: multiply(weights, v) };
}

/** As in its cell. Throws BotError "usage" where it does not fit there. */
function onPaper(value: number): number {
  if (Math.abs(value) > LARGEST_RESULT && Number.isFinite(value)) throw outgrown();
  return printed(value, CELL, DECIMALS);
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return a.map((row) =>
    b[0]!.map((_, column) => onPaper(row.reduce((sum, value, i) => sum + value * b[i]![column]!, 0))),
  );
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function outgrown(): BotError {
  return new BotError("usage", {
    en: "The scores grow too large for paper (more than five digits). Take smaller numbers.",
    "zh-TW": "算出來的分數太大，紙上寫不下（超過五位數）。請改用小一點的數字。",
  });
}

function mismatch(): BotError {
  return new BotError("usage", {
    en: "Wq and Wk must have rows of the same length, or q.k cannot be formed.",
    "zh-TW": "Wq 和 Wk 每列的長度要相同，否則算不出 q.k。",
  });
}
