// One head as a grid: each row is a token that asks, each column a token that is looked at.

import { weightOf, type Grid } from "../grid.ts";
import { roleName } from "../reading.ts";
import type { Scene } from "../scene.ts";
import { drawGrid, letterOf, percent, tenth } from "./layout.ts";

export function drawHead(scene: Scene): string[] {
  const { layer, head, language } = scene;
  const role = scene.role(layer, head);
  const unit = { en: "; cell = tenths", "zh-TW": "；每格為十分之幾" }[language];
  const title = `L${layer}H${head} ${roleName(role, language)} ${percent(role.share)}${unit}`;
  return [title, ...drawWeights(scene, scene.grid(layer, head))];
}

/** What a causal model cannot see stays blank. */
export function drawWeights({ tokens, trace }: Scene, grid: Grid): string[] {
  const letters = tokens.map((_, i) => letterOf(i));
  return drawGrid(tokens, letters, (row, column) =>
    trace.causal && column > row ? " " : tenth(weightOf(grid, row, column)),
  );
}
