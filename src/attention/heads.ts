// Labels what a head does on a sentence; every label is a checkable share of the attention.

import type { Phrase } from "../core/language.ts";
import type { Grid } from "./grid.ts";
import { isMark, type Token } from "./tokens.ts";

export type RoleName = "self" | "next" | "previous" | "first" | "punctuation" | "back" | "content" | "broad" | "mixed";

export interface Role {
  /** One, or two neighbours that share the lead. */
  names: readonly RoleName[];
  /** One letter for a map of many heads. */
  letter: string;
  /** 0..1: the mean share of a token's attention that fits the label; for broad and mixed, how even the weights are. */
  share: number;
  /** 0..1: what `share` would be if all weights were equal, for labels where that is not small. */
  even?: number;
}

export const ROLE_NAMES: Readonly<Record<RoleName, Phrase>> = {
  self: { en: "self", "zh-TW": "自己" },
  next: { en: "next", "zh-TW": "下一個" },
  previous: { en: "previous", "zh-TW": "前一個" },
  first: { en: "first token", "zh-TW": "第一個" },
  punctuation: { en: "punctuation", "zh-TW": "標點" },
  back: { en: "looks back", "zh-TW": "往回看" },
  content: { en: "content words", "zh-TW": "實詞" },
  broad: { en: "broad", "zh-TW": "平均" },
  mixed: { en: "mixed", "zh-TW": "混合" },
};

export const ROLE_LETTERS: Readonly<Record<RoleName, string>> = {
  self: "S",
  next: "N",
  previous: "P",
  first: "F",
  punctuation: "D",
  back: "L",
  content: "C",
  broad: "B",
  mixed: "M",
};

/** A neighbour leads from here on, and a second one is named beside it from there on. */
const LEADS = 0.35;
const SECONDS = 0.2;
/** More than half of everything goes to the first token. */
const FIRST = 0.5;
/** So much more than even weights would give. */
const PUNCTUATION_GAIN = 1.6;
const CONTENT_GAIN = 1.25;
const LEAST_PUNCTUATION = 0.2;
const BACK = 0.6;
/** Evenness is entropy over its largest possible value. */
const BACK_EVENNESS = 0.5;
const BROAD = 0.7;

/** The words that carry grammar rather than content. */
const GRAMMAR = new Set(
  (
    "the a an of to in on at is was are were be been it its he she they them his her him and or but not did do does that " +
    "this so i my we you your if will would can could for with by from too as because no nor had has have there here " +
    "的 了 是 在 和 與 也 就 都 而 及 著 或 我 你 妳 他 她 它 牠 我們 你們 他們 這 那 不 沒 沒有 很 把 被 因為 所以 但 但是 嗎 呢 吧"
  ).split(" "),
);

export function isContent({ text, special }: Token): boolean {
  return !special && !isMark(text) && text !== "_" && !GRAMMAR.has(text.toLowerCase());
}

/** In a causal model everything looks back, so that label says nothing there. */
export function roleOf(grid: Grid, tokens: readonly Token[], causal: boolean): Role {
  return neighbourRole(grid) ?? placeRole(grid, tokens, causal) ?? evennessRole(grid);
}

function neighbourRole(grid: Grid): Role | undefined {
  const shares: [RoleName, number][] = [
    ["self", diagonalShare(grid, 0)],
    ["next", diagonalShare(grid, 1)],
    ["previous", diagonalShare(grid, -1)],
  ];
  const [lead, second] = shares.sort((a, b) => b[1] - a[1]) as [[RoleName, number], [RoleName, number]];
  if (lead[1] < LEADS) return undefined;
  const both = second[1] >= SECONDS;
  return {
    names: both ? [lead[0], second[0]] : [lead[0]],
    letter: ROLE_LETTERS[lead[0]],
    share: lead[1] + (both ? second[1] : 0),
  };
}

function placeRole(grid: Grid, tokens: readonly Token[], causal: boolean): Role | undefined {
  const columns = columnShares(grid);
  if (columns[0]! > FIRST && grid.size > 3) return role("first", columns[0]!);
  const shareOf = (fits: (token: Token) => boolean) => {
    const share = columns.reduce((sum, column, i) => sum + (fits(tokens[i]!) ? column : 0), 0);
    return { share, even: tokens.filter(fits).length / grid.size };
  };
  const marks = shareOf(({ text, special }) => !special && text !== "_" && isMark(text));
  if (marks.even > 0 && marks.share > Math.max(LEAST_PUNCTUATION, PUNCTUATION_GAIN * marks.even)) {
    return role("punctuation", marks.share, marks.even);
  }
  const back = backShare(grid);
  if (!causal && back > BACK && evennessOf(grid) > BACK_EVENNESS) return role("back", back);
  const content = shareOf(isContent);
  if (content.even > 0 && content.share > CONTENT_GAIN * content.even)
    return role("content", content.share, content.even);
  return undefined;
}

function evennessRole(grid: Grid): Role {
  const evenness = evennessOf(grid);
  return role(evenness > BROAD ? "broad" : "mixed", evenness);
}

function role(name: RoleName, share: number, even?: number): Role {
  return { names: [name], letter: ROLE_LETTERS[name], share, ...(even === undefined ? {} : { even }) };
}

/** The mean over the rows of the weight on the token `offset` places on: 0..1. */
export function diagonalShare({ size, values }: Grid, offset: number): number {
  let sum = 0;
  for (let row = Math.max(0, -offset); row < size && row + offset < size; row++)
    sum += values[row * size + row + offset]!;
  return Math.min(1, sum / size);
}

/** For each column, the mean over the rows of the weight on it: together 1. */
export function columnShares({ size, values }: Grid): number[] {
  const sums = new Float64Array(size);
  for (let at = 0; at < values.length; at++) sums[at % size]! += values[at]!;
  return Array.from(sums, (sum) => Math.min(1, sum / size));
}

/** The mean over the rows of the weight on what stands before the row's token: 0..1. */
export function backShare({ size, values }: Grid): number {
  let sum = 0;
  for (let row = 1; row < size; row++) for (let column = 0; column < row; column++) sum += values[row * size + column]!;
  return Math.min(1, sum / size);
}

/** The mean over the rows of entropy / log(size): 0 where each row looks at one token, 1 where at all alike. */
export function evennessOf({ size, values }: Grid): number {
  if (size < 2) return 0;
  let entropy = 0;
  for (const weight of values) if (weight > 0) entropy -= weight * Math.log(weight);
  return entropy / size / Math.log(size);
}
