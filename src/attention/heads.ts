// What a head does on this sentence, as a label that anyone can check: every label is a share of the attention.

import type { Phrase } from "../core/language.ts";
import { rowOf, type Grid } from "./grid.ts";
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
    ["self", shareWhere(grid, (row, column) => row === column)],
    ["next", shareWhere(grid, (row, column) => column === row + 1)],
    ["previous", shareWhere(grid, (row, column) => column === row - 1)],
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
  const first = shareWhere(grid, (_, column) => column === 0);
  if (first > FIRST && grid.size > 3) return role("first", first);
  const marks = tokens.map(({ text, special }) => !special && text !== "_" && isMark(text));
  const punctuation = shareWhere(grid, (_, column) => marks[column]!);
  const evenMarks = marks.filter(Boolean).length / grid.size;
  if (evenMarks > 0 && punctuation > Math.max(LEAST_PUNCTUATION, PUNCTUATION_GAIN * evenMarks)) {
    return role("punctuation", punctuation, evenMarks);
  }
  const back = shareWhere(grid, (row, column) => column < row);
  if (!causal && back > BACK && evennessOf(grid) > BACK_EVENNESS) return role("back", back);
  const contents = tokens.map(isContent);
  const content = shareWhere(grid, (_, column) => contents[column]!);
  const evenContent = contents.filter(Boolean).length / grid.size;
  if (evenContent > 0 && content > CONTENT_GAIN * evenContent) return role("content", content, evenContent);
  return undefined;
}

function evennessRole(grid: Grid): Role {
  const evenness = evennessOf(grid);
  return role(evenness > BROAD ? "broad" : "mixed", evenness);
}

function role(name: RoleName, share: number, even?: number): Role {
  return { names: [name], letter: ROLE_LETTERS[name], share, ...(even === undefined ? {} : { even }) };
}

/** The mean over the rows of the weight on the cells that fit: 0..1. */
export function shareWhere({ size, values }: Grid, fits: (row: number, column: number) => boolean): number {
  let sum = 0;
  values.forEach((weight, at) => {
    if (fits(Math.floor(at / size), at % size)) sum += weight;
  });
  return Math.min(1, sum / size);
}

/** The mean over the rows of entropy / log(size): 0 where each row looks at one token, 1 where at all alike. */
export function evennessOf(grid: Grid): number {
  if (grid.size < 2) return 0;
  let entropy = 0;
  for (let row = 0; row < grid.size; row++) {
    for (const weight of rowOf(grid, row)) entropy -= weight > 0 ? weight * Math.log(weight) : 0;
  }
  return entropy / grid.size / Math.log(grid.size);
}
