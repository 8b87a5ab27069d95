// Attention on numbers that a student gives: read, checked, and worked through with nothing left out.

import type { Toy } from "../core/attention.ts";
import { BotError } from "../core/errors.ts";
import { quote } from "./reading.ts";
import { printable } from "./tokens.ts";
import { printed } from "./views/layout.ts";

/** Rows of numbers. */
export type Matrix = readonly (readonly number[])[];

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

/** The primer's own example. */
export const EXAMPLE = "cat=0.1,0.3 sat=0.5,0.7 mat=0.2,0.4";
const MOST_TOKENS = 8;
const MOST_DIMENSIONS = 4;
const LARGEST_NUMBER = 100;
/** While the largest score of each row is between these, four decimals tell enough of its power; else rows are shifted. */
const PLAIN_TOP = { low: -1, high: 9 };
/** What has more digits does not fit in its column. */
const LARGEST_RESULT = 99_999;
/** Columns of a printed number, and its decimals. */
export const CELL = 8;
export const DECIMALS = 4;

/** Throws BotError "usage" with the mend. */
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

function readEmbeddings(text: string): { names: string[]; x: Matrix } {
  const pairs = plainOf(text)
    .replace(/\s*=\s*/gu, "=")
    .split(/[\s;]+/u)
    .filter(Boolean);
  const rows = pairs.map((pair) => {
    const [name = "", numbers, ...more] = pair.split("=");
    if (!name || !numbers || more.length > 0) throw unreadable(pair);
    return { name: printable(name), numbers: readNumbers(numbers) };
  });
  const width = rows[0]?.numbers.length ?? 0;
  const odd = rows.find(({ numbers }) => numbers.length !== width);
  if (odd) throw uneven(rows[0]!, odd);
  if (rows.length === 0 || rows.length > MOST_TOKENS || width > MOST_DIMENSIONS) throw tooMuch();
  return { names: rows.map(({ name }) => name), x: rows.map(({ numbers }) => numbers) };
}

/** As people type it: full-width signs, the Chinese comma, blanks around commas, so that "0.1, 0.3" does as well. */
function plainOf(text: string): string {
  return text
    .normalize("NFKC")
    .replaceAll("、", ",")
    .replace(/\s*([;,])\s*/gu, "$1")
    .trim();
}

/** The identity where nothing was given. */
function readMatrix(text: string | undefined, name: string, rows: number): Matrix {
  if (!text?.trim()) return Array.from({ length: rows }, (_, i) => Array.from({ length: rows }, (__, j) => +(i === j)));
  const matrix = plainOf(text).split(/[;\n]/u).filter(Boolean).map(readNumbers);
  const width = matrix[0]?.length ?? 0;
  const fits = matrix.length === rows && matrix.every((row) => row.length === width);
  if (!fits || width === 0 || width > MOST_DIMENSIONS) throw wrongMatrix(name, rows);
  return matrix;
}

function readNumbers(text: string): number[] {
  return text.split(",").map((part) => {
    const value = part.trim() === "" ? NaN : Number(part);
    if (!(Math.abs(value) <= LARGEST_NUMBER)) throw noNumber(part, text);
    return value;
  });
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return a.map((row) =>
    b[0]!.map((_, column) => onPaper(row.reduce((sum, value, i) => sum + value * b[i]![column]!, 0))),
  );
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function unreadable(pair: string): BotError {
  const seen = quote(printable(pair));
  return new BotError("usage", {
    en: `I can't read ${seen}. Write each token as a name, "=" and its numbers: \`${EXAMPLE}\``,
    "zh-TW": `看不懂 ${seen}。每個詞元請寫成名稱、「=」和數字，例如：\`${EXAMPLE}\``,
  });
}

function noNumber(part: string, among: string): BotError {
  const [seen, where] = [quote(printable(part)), quote(printable(among))];
  return new BotError("usage", {
    en: `${seen} in ${where} is not a number from -${LARGEST_NUMBER} to ${LARGEST_NUMBER}. Write numbers with commas between them: \`0.1,0.3\``,
    "zh-TW": `${where} 裡的 ${seen} 不是 -${LARGEST_NUMBER} 到 ${LARGEST_NUMBER} 之間的數字。數字之間請用逗號隔開，例如：\`0.1,0.3\``,
  });
}

interface Named {
  name: string;
  numbers: readonly number[];
}

function uneven(first: Named, odd: Named): BotError {
  const [a, b] = [first.numbers.length, odd.numbers.length];
  const [one, other] = [quote(first.name), quote(odd.name)];
  return new BotError("usage", {
    en: `Every token needs the same count of numbers: ${one} has ${a}, ${other} has ${b}.`,
    "zh-TW": `每個詞元的數字個數要相同：${one} 有 ${a} 個，${other} 有 ${b} 個。`,
  });
}

function outgrown(): BotError {
  return new BotError("usage", {
    en: "The scores grow too large for paper (more than five digits). Take smaller numbers.",
    "zh-TW": "算出來的分數太大，紙上寫不下（超過五位數）。請改用小一點的數字。",
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
