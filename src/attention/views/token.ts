// Draws one token in one head: what it looks at, and who looks at it.

import { columnOf, rowOf, type Grid } from "../grid.ts";
import type { ViewState } from "../view-state.ts";
import { label, letterOf, MOST_COLUMNS } from "./layout.ts";

/** Bars are so long for the largest weight. */
const BAR = 14;
const MOST_LINES = 9;
/** Tokens with less are only counted, unless there are few. */
const WORTH_A_LINE = 0.03;
const FEW = 6;

/** In the chosen head; or in the rollout, where that is given. */
export function drawToken(state: ViewState, rollout?: Grid): string[] {
  const { token, language, layer, head } = state;
  const grid = rollout ?? state.grid(layer, head);
  const name = label(state.tokens[token]!, 16);
  const place = rollout ? "rollout" : `L${layer}H${head}`;
  return [
    { en: `${place}: where this looks: ${name}`, "zh-TW": `${place}：它看向哪裡：${name}` }[language],
    ...drawBars(state, rowOf(grid, token), true),
    "",
    { en: `${place}: who looks at this: ${name}`, "zh-TW": `${place}：誰看向它：${name}` }[language],
    ...drawBars(state, columnOf(grid, token), false),
  ];
}

/** The largest weights in the order of the text. `whole` says that they are parts of one sum. */
function drawBars(state: ViewState, weights: readonly number[], whole: boolean): string[] {
  const { tokens } = state;
  const ranked = weights.map((weight, i) => ({ weight, i })).sort((a, b) => b.weight - a.weight);
  const shown = ranked
    .slice(0, MOST_LINES)
    .filter(({ weight }) => weight >= WORTH_A_LINE || tokens.length <= FEW)
    .sort((a, b) => a.i - b.i);
  const largest = Math.max(ranked[0]?.weight ?? 0, Number.EPSILON);
  const rest = weights.length - shown.length;
  const left = whole
    ? weights.reduce((a, b) => a + b, 0) - shown.reduce((sum, { weight }) => sum + weight, 0)
    : undefined;
  return [
    ...shown.map(({ weight, i }) => {
      const bar = "#".repeat(Math.round((weight / largest) * BAR)).padEnd(BAR);
      return `${share(weight)} ${bar} ${letterOf(i)} ${label(tokens[i]!, MOST_COLUMNS - BAR - 9)}`;
    }),
    ...(rest > 0 ? [`${left === undefined ? "    " : share(left)} ${"".padEnd(BAR)} ${restOf(state, rest)}`] : []),
  ];
}

/** In four columns. */
const share = (weight: number) => `${String(Math.round(weight * 100)).padStart(3)}%`;

export function restOf({ language }: ViewState, count: number): string {
  return { en: `(${count} others)`, "zh-TW": `（其他 ${count} 個）` }[language];
}
