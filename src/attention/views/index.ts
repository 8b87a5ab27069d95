// The list of views. Each turns a scene into lines for a code block.

import type { View } from "../../core/attention.ts";
import { rowOf } from "../grid.ts";
import { readHead, readRollout } from "../reading.ts";
import type { Scene } from "../scene.ts";
import { drawHead, drawNext, drawPieces, drawRollout, rolloutOf } from "./small-views.ts";
import { drawHeads } from "./heads.ts";
import { MOST_CELLS } from "./layout.ts";
import { drawOverview } from "./overview.ts";
import { drawSteps } from "./steps.ts";
import { drawToken } from "./token.ts";

/** A view of a sentence; the guide is of none. */
export type SceneView = Exclude<View, "guide">;

export interface Drawn {
  lines: readonly string[];
  reading: string;
  /** Whether a grid was asked for and one token is shown in its place. */
  shortened: boolean;
}

const DRAW: Readonly<Record<SceneView, (scene: Scene) => string[]>> = {
  overview: drawOverview,
  head: drawHead,
  token: drawToken,
  steps: drawSteps,
  heads: drawHeads,
  rollout: drawRollout,
  pieces: drawPieces,
};

const GRIDS: ReadonlySet<SceneView> = new Set<SceneView>(["head", "rollout"]);

export function draw(view: SceneView, scene: Scene): Drawn {
  const shortened = GRIDS.has(view) && scene.tokens.length > MOST_CELLS;
  const rollout = view === "rollout" ? rolloutOf(scene) : undefined;
  const lines = shortened ? drawToken(scene, rollout) : DRAW[view](scene);
  const reading = rollout ? readRollout(scene, rowOf(rollout, scene.token)) : readHead(scene);
  return { lines: view === "pieces" ? lines : [...lines, ...drawNext(scene)], reading, shortened };
}
