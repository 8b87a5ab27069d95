// Reads the numbers of a small calculation as a student types them, checked one by one.

import { BotError } from "../core/errors.ts";
import { quote } from "./reading.ts";
import { printable } from "./tokens.ts";

/** Rows of numbers. */
export type Matrix = readonly (readonly number[])[];

/** The primer's own example. */
export const EXAMPLE = "cat=0.1,0.3 sat=0.5,0.7 mat=0.2,0.4";
const MOST_TOKENS = 8;
const MOST_DIMENSIONS = 4;
const LARGEST_NUMBER = 100;

/** Throws BotError "usage" that names what cannot be read. */
export function readEmbeddings(text: string): { names: string[]; x: Matrix } {
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

/** The identity where nothing was given. Throws BotError "usage". */
export function readMatrix(text: string | undefined, name: string, rows: number): Matrix {
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
