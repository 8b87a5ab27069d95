// Defines what a view draws from: one sentence's tokens and grids, and what is selected.

import type { Language } from "../core/language.ts";
import { headGrid, mergeGrid, weightOf, withoutFirst, type Grid } from "./grid.ts";
import { isContent, roleOf, type Role } from "./heads.ts";
import type { Trace } from "./model.ts";
import { tokensOfPieces, tokensOfWords, type Token } from "./tokens.ts";
import { wishedToken } from "./wishes.ts";

export interface ViewState {
  trace: Trace;
  tokens: readonly Token[];
  /** Whether tokens are single pieces, by wish or because one word swallowed the text. */
  byPieces: boolean;
  swallowed: boolean;
  withoutFirst: boolean;
  language: Language;
  layer: number;
  head: number;
  token: number;
  grid(layer: number, head: number): Grid;
  role(layer: number, head: number): Role;
}

/** What was asked for; the rest is chosen. */
export interface Wish {
  language: Language;
  pieces: boolean;
  withoutFirst: boolean;
  layer: number | undefined;
  head: number | undefined;
  token: string | undefined;
}

export const PRONOUNS: ReadonlySet<string> = new Set(
  "it they he she him her them its 它 他 她 牠 他們 她們 它們 牠們".split(" "),
);

/** Throws BotError "usage" where a token was wished for that the text does not have. */
export function createViewState(trace: Trace, wish: Wish): ViewState {
  const words = tokensOfWords(trace.pieces);
  const byPieces = wish.pieces || words.swallowed;
  const tokens = byPieces ? tokensOfPieces(trace.pieces) : words.tokens;
  const grid = remember((layer, head) => {
    const merged = mergeGrid(headGrid(trace.layers[layer]!, head), tokens);
    return wish.withoutFirst ? withoutFirst(merged) : merged;
  });
  const role = remember((layer, head) => roleOf(grid(layer, head), tokens, trace.causal));
  const [layer, head] = chooseHead(trace, tokens, grid, wish);
  const token = wishedToken(tokens, wish.token) ?? chooseToken(tokens, grid(layer, head));
  const { language } = wish;
  const swallowed = words.swallowed && !wish.pieces;
  return {
    trace,
    tokens,
    byPieces,
    swallowed,
    withoutFirst: wish.withoutFirst,
    language,
    layer,
    head,
    token,
    grid,
    role,
  };
}

/** The asked layer and head where they exist; else, among those left open, the most telling one. */
function chooseHead(
  trace: Trace,
  tokens: readonly Token[],
  grid: ViewState["grid"],
  { layer, head }: Wish,
): [number, number] {
  const open = trace.layers.flatMap(({ heads }, l) =>
    Array.from({ length: heads }, (_, h): [number, number] => [l, h]).filter(
      ([, h]) => (layer === undefined || layer === l) && (head === undefined || head === h),
    ),
  );
  const contents = tokens.map(isContent);
  const scored = open.map(([l, h]) => ({ l, h, score: tellingOf(grid(l, h), contents) }));
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a), scored[0] ?? { l: 0, h: 0, score: 0 });
  return [best.l, best.h];
}

/** A head tells most where tokens look far at content words: the mean over rows of the largest such weight. */
function tellingOf(grid: Grid, contents: readonly boolean[]): number {
  return contents.reduce((sum, _, row) => sum + reachOf(grid, contents, row), 0) / Math.max(1, contents.length);
}

/** The largest weight on a content word two places off or more. The first token is no proof: weight is parked there. */
function reachOf(grid: Grid, contents: readonly boolean[], row: number): number {
  let most = 0;
  for (let column = 1; column < grid.size; column++) {
    if (contents[column] && Math.abs(column - row) > 1) most = Math.max(most, weightOf(grid, row, column));
  }
  return most;
}

/** A pronoun, because everyone asks about it; else the word that looks hardest at a far one. */
function chooseToken(tokens: readonly Token[], grid: Grid): number {
  const pronoun = tokens.findIndex(({ text }, i) => i > 0 && PRONOUNS.has(text.toLowerCase()));
  if (pronoun > 0) return pronoun;
  const contents = tokens.map(isContent);
  const reach = tokens.map(({ special }, row) => (special ? -1 : reachOf(grid, contents, row)));
  return Math.max(0, reach.indexOf(reach.reduce((a, b) => Math.max(a, b), 0)));
}

function remember<Value>(make: (layer: number, head: number) => Value): (layer: number, head: number) => Value {
  const cache = new Map<string, Value>();
  return (layer, head) => {
    const key = `${layer}.${head}`;
    const value = cache.get(key) ?? make(layer, head);
    cache.set(key, value);
    return value;
  };
}
