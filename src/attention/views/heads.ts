// Draws one token in many heads side by side.

import { rowOf } from "../grid.ts";
import type { ViewState } from "../view-state.ts";
import { label, letterOf, MOST_COLUMNS, tenth } from "./layout.ts";
import { restOf } from "./token.ts";

/** The rows with the largest weights are kept. */
const MOST_ROWS = 24;
/** Columns for cells; what is left of a line is the token's. */
const ROOM_FOR_CELLS = 34;
const ROOM_FOR_LAYERS = 24;

/** The chosen token in every head of as many layers as have room: heads across, tokens down, tenths in the cells. */
export function drawHeads(state: ViewState): string[] {
  const { trace, token, tokens, language } = state;
  const layers = layersBeside(state);
  const heads = layers.flatMap((layer) => (trace.layers[layer]!.heads > 0 ? headsOf(state, layer) : []));
  const rows = heads.map(([layer, head]) => rowOf(state.grid(layer, head), token));
  const ranked = tokens.map((_, i) => ({ i, most: Math.max(...rows.map((row) => row[i]!)) }));
  const shown = ranked
    .sort((a, b) => b.most - a.most)
    .slice(0, MOST_ROWS)
    .sort((a, b) => a.i - b.i);
  const gap = 4 + heads.length * 2 <= ROOM_FOR_CELLS ? " " : "";
  const beside = (cells: readonly string[]) => join(cells, heads, gap);
  const name = label(tokens[token]!, 16);
  return [
    { en: `tenths by head; asking: ${name}`, "zh-TW": `各頭（十分之幾），提問：${name}` }[language],
    `  ${beside(heads.map(([layer]) => String(layer % 10)))} layer`,
    `  ${beside(heads.map(([, head]) => String(head % 10)))} head`,
    ...shown.map(({ i }) => {
      const line = beside(rows.map((row) => (trace.causal && i > token ? " " : tenth(row[i]!))));
      return `${letterOf(i)} ${line} ${letterOf(i)} ${label(tokens[i]!, MOST_COLUMNS - line.length - 5)}`;
    }),
    ...(tokens.length > shown.length ? [restOf(state, tokens.length - shown.length)] : []),
  ];
}

function headsOf({ trace }: ViewState, layer: number): [number, number][] {
  return Array.from({ length: Math.min(trace.layers[layer]!.heads, ROOM_FOR_CELLS) }, (_, head) => [layer, head]);
}

/** All layers where they fit beside one another, else the chosen one. */
function layersBeside({ trace, layer }: ViewState): number[] {
  const width = trace.layers.reduce((sum, { heads }) => sum + heads * 2 + 1, 0);
  return width <= ROOM_FOR_LAYERS ? trace.layers.map((_, l) => l) : [layer];
}

/** Cells beside one another, a bar between layers. */
function join(cells: readonly string[], heads: readonly [number, number][], gap: string): string {
  return cells.map((cell, i) => (i > 0 && heads[i - 1]![0] !== heads[i]![0] ? `|${gap}${cell}` : cell)).join(gap);
}
