// The list of views. Each turns a scene into lines for a code block.

import type { View } from "../../core/attention.ts";
import { rowOf } from "../grid.ts";
import { readHead, readRollout } from "../reading.ts";
import type { Scene } from "../scene.ts";
import { drawHead } from "./head.ts";
import { drawHeads } from "./heads.ts";
import { MOST_CELLS } from "./layout.ts";
import { drawOverview } from "./overview.ts";
import { drawPieces } from "./pieces.ts";
import { drawRollout, rolloutOf } from "./rollout.ts";
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
  if (view !== "rollout") {
    return { lines: shortened ? drawToken(scene) : DRAW[view](scene), reading: readHead(scene), shortened };
  }
  const grid = rolloutOf(scene);
  const reading = readRollout(scene, rowOf(grid, scene.token));
  return { lines: shortened ? drawToken(scene, grid) : drawRollout(scene), reading, shortened };
}
