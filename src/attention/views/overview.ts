// Draws all heads at once: small pictures of few, a map of letters of many.

import { weightOf, type Grid } from "../grid.ts";
import { roleName } from "../reading.ts";
import type { ViewState } from "../view-state.ts";
import { MOST_COLUMNS, percent, shade } from "./layout.ts";

/** Cells along the side of a thumbnail, and thumbnails beside one another. */
const SIDE = 8;
const ACROSS = 4;
const MOST_THUMBNAILS = 8;
/** Rows and columns of the letter map. */
const MOST_LAYERS = 24;
const MOST_HEADS = 36;
/** Heads that are spelled out under the map. */
const MOST_NAMED = 8;

type HeadRef = readonly [layer: number, head: number];

export function drawOverview(state: ViewState): string[] {
  const places = state.trace.layers.flatMap(({ heads }, layer) =>
    Array.from({ length: heads }, (_, head): HeadRef => [layer, head]),
  );
  const few = places.length <= MOST_THUMBNAILS;
  const named = few ? places : tellingFirst(state, places).slice(0, MOST_NAMED);
  return [
    ...(few ? drawThumbnails(state, places) : drawMap(state)),
    "",
    ...named.map((place) => nameRole(state, place)),
  ];
}

function tellingFirst(state: ViewState, places: readonly HeadRef[]): HeadRef[] {
  return places
    .map((place) => ({ place, share: state.role(...place).share }))
    .sort((a, b) => b.share - a.share)
    .map(({ place }) => place);
}

function nameRole(state: ViewState, [layer, head]: HeadRef): string {
  const role = state.role(layer, head);
  const here = layer === state.layer && head === state.head ? " <" : "";
  const share = percent(role.share).padStart(5);
  return `L${layer}H${head} ${role.letter} ${share} ${roleName(role, state.language)}${here}`;
}

function drawThumbnails(state: ViewState, places: readonly HeadRef[]): string[] {
  const lines: string[] = [];
  for (let from = 0; from < places.length; from += ACROSS) {
    const row = places.slice(from, from + ACROSS);
    const small = row.map(([layer, head]) => shrink(state.grid(layer, head)));
    const side = Math.min(SIDE, state.tokens.length);
    const beside = (cells: readonly string[]) =>
      cells
        .map((cell) => cell.padEnd(SIDE))
        .join(" | ")
        .trimEnd();
    lines.push(beside(row.map(([layer, head]) => `L${layer}H${head} ${state.role(layer, head).letter}`)));
    for (let i = 0; i < side; i++) lines.push(beside(small.map((picture) => picture[i]!)));
  }
  return lines;
}

/** At most 8 x 8 cells; a cell shows the largest of the weights it stands for. */
function shrink(grid: Grid): string[] {
  const side = Math.min(SIDE, grid.size);
  const span = (i: number): [number, number] => [
    Math.floor((i * grid.size) / side),
    Math.floor(((i + 1) * grid.size) / side),
  ];
  const largest = ([top, bottom]: [number, number], [left, right]: [number, number]) => {
    let most = 0;
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) most = Math.max(most, weightOf(grid, row, column));
    }
    return most;
  };
  const places = Array.from({ length: side }, (_, i) => span(i));
  return places.map((row) => places.map((column) => shade(largest(row, column))).join(""));
}

/** One letter a head: layers down, heads across. */
function drawMap(state: ViewState): string[] {
  const layers = state.trace.layers.slice(0, MOST_LAYERS);
  const heads = Math.min(MOST_HEADS, Math.max(...layers.map((layer) => layer.heads)));
  const gap = 5 + heads * 2 <= MOST_COLUMNS ? " " : "";
  const across = Array.from({ length: heads }, (_, head) => String(head % 10));
  return [
    `     ${across.join(gap)}`,
    ...layers.map((layer, l) => {
      const letters = across.slice(0, layer.heads).map((_, head) => state.role(l, head).letter);
      return `L${String(l).padEnd(3)} ${letters.join(gap)}`;
    }),
    ...(state.trace.layers.length > MOST_LAYERS ? [`.. ${state.trace.layers.length} layers`] : []),
  ];
}
