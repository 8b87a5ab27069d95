// Lists the views; each turns a view state into lines for a code block.

import type { View } from "../../core/attention.ts";
import { rowOf } from "../grid.ts";
import { readHead, readRollout } from "../reading.ts";
import type { ViewState } from "../view-state.ts";
import { drawHead, drawNext, drawPieces, drawRollout, rolloutOf } from "./small-views.ts";
import { drawHeads } from "./heads.ts";
import { MOST_CELLS } from "./layout.ts";
import { drawOverview } from "./overview.ts";
import { drawSteps } from "./steps.ts";
import { drawToken } from "./token.ts";

/** A view of a sentence; the guide is of none. */
export type SentenceView = Exclude<View, "guide">;

export interface Drawn {
  lines: readonly string[];
  reading: string;
  /** Whether a grid was asked for and one token is shown in its place. */
  shortened: boolean;
}

const DRAW: Readonly<Record<SentenceView, (state: ViewState) => string[]>> = {
  overview: drawOverview,
  head: drawHead,
  token: drawToken,
  steps: drawSteps,
  heads: drawHeads,
  rollout: drawRollout,
  pieces: drawPieces,
};

const GRIDS: ReadonlySet<SentenceView> = new Set<SentenceView>(["head", "rollout"]);

export function draw(view: SentenceView, state: ViewState): Drawn {
  const shortened = GRIDS.has(view) && state.tokens.length > MOST_CELLS;
  const rollout = view === "rollout" ? rolloutOf(state) : undefined;
  const lines = shortened ? drawToken(state, rollout) : DRAW[view](state);
  const reading = rollout ? readRollout(state, rowOf(rollout, state.token)) : readHead(state);
  return { lines: view === "pieces" ? lines : [...lines, ...drawNext(state)], reading, shortened };
}
