// Draws a small calculation with every number: all rows of few tokens, else one row.

import type { Language } from "../../core/language.ts";
import type { Matrix } from "../read-toy.ts";
import { CELL, DECIMALS, type Worked } from "../toy.ts";
import { clipColumns, letterOf, MOST_COLUMNS, number } from "./layout.ts";

/** So many tokens are shown with all their rows. */
const MOST_WHOLE = 4;

/** `token` chooses the row where not all are shown. */
export function drawToy(worked: Worked, token: number, language: Language): string[] {
  return worked.names.length <= MOST_WHOLE ? drawWhole(worked, language) : drawRow(worked, token, language);
}

function drawWhole(worked: Worked, language: Language): string[] {
  const { names, powers, sums, weights, output, scores, scaled, root, q, k, v } = worked;
  const d = q[0]!.length;
  const sum = { en: "; last: row sum", "zh-TW": "；最後一欄是總和" }[language];
  return [
    ...drawGiven(worked),
    ...(worked.projected
      ? [...block("Q = X Wq", q), ...block("K = X Wk", k), ...block("V = X Wv", v)]
      : ["Q = K = V = X"]),
    ...block("S = Q K^T", scores),
    ...block(`S / sqrt(${d}) = S / ${root.toFixed(DECIMALS)}`, scaled),
    ...block(
      powerTitle(worked) + sum,
      powers.map((row, i) => [...row, sums[i]!]),
    ),
    ...block({ en: "weights = e / sum", "zh-TW": "權重 = e / 總和" }[language], weights, names),
    ...block({ en: "output = weights V", "zh-TW": "輸出 = 權重 V" }[language], output, names),
  ];
}

/** The row of one token, its columns turned into lines. */
function drawRow(worked: Worked, token: number, language: Language): string[] {
  const { names, powers, sums, weights, output, scores, scaled, root, q, k, v } = worked;
  const asking = `${letterOf(token)} ${clipColumns(names[token]!, 12)}`;
  const line = (i: number) =>
    [scores, scaled, powers, weights].map((matrix) => cell(matrix[token]![i]!)).join("") +
    `  ${letterOf(i)} ${clipColumns(names[i]!, 5)}`;
  return [
    ...drawGiven(worked),
    ...(worked.projected
      ? [...block("Q = X Wq", [q[token]!], [], token), ...block("K = X Wk", k), ...block("V = X Wv", v)]
      : ["Q = K = V = X"]),
    { en: `row of: ${asking}`, "zh-TW": `提問的是：${asking}` }[language],
    `     q.k /${root.toFixed(DECIMALS)}${powerTitle(worked).replaceAll(" ", "").padStart(9)} weight`,
    ...names.map((_, i) => line(i)),
    `${" ".repeat(2 * CELL)}${cell(sums[token]!)}${" ".repeat(CELL)}  ${{ en: "sum", "zh-TW": "總和" }[language]}`,
    ...block({ en: "output = weights V", "zh-TW": "輸出 = 權重 V" }[language], [output[token]!], [], token),
  ];
}

/** What the student gave: the embeddings with their names, and the matrices that are not the identity. */
function drawGiven({ names, x, projected, wq, wk, wv }: Worked): string[] {
  const matrices = projected ? [given("Wq", wq), given("Wk", wk), given("Wv", wv)] : [];
  return [...block("X", x, names), ...matrices];
}

/** A matrix too wide for its line stands in the question. */
function given(name: string, matrix: Matrix): string {
  const line = `${name} = ${matrix.map((row) => row.join(",")).join(";")}`;
  return line.length <= MOST_COLUMNS ? line : `${name} = [${matrix.length} x ${matrix[0]!.length}]`;
}

function powerTitle({ shifted }: Worked): string {
  return shifted ? "e^(s - max)" : "e^s";
}

/** Rows after their letters, the first of which is that of token `from`; names at the end where they are given. */
function block(title: string, rows: Matrix, names: readonly string[] = [], from = 0): string[] {
  return [
    title,
    ...rows.map((row, i) => {
      const room = MOST_COLUMNS - row.length * CELL - 5;
      const name = names[i];
      const letter = letterOf(from + i);
      const ending = name && room > 2 ? `  ${letter} ${clipColumns(name, room)}` : "";
      return `${letter}${row.map(cell).join("")}${ending}`;
    }),
  ];
}

function cell(value: number): string {
  return number(value, CELL, DECIMALS);
}
