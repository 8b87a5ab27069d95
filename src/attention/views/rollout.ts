// All layers at once: how much of each token reaches each place at the top.

import { mergeGrid, rollOut, withoutFirst, type Grid } from "../grid.ts";
import type { Scene } from "../scene.ts";
import { drawWeights } from "./head.ts";

export function rolloutOf({ trace, tokens, withoutFirst: isWithout }: Scene): Grid {
  const merged = mergeGrid(rollOut(trace.layers), tokens);
  return isWithout ? withoutFirst(merged) : merged;
}

export function drawRollout(scene: Scene): string[] {
  const count = scene.trace.layers.length;
  const title = {
    en: `rollout over ${count} layers; cell = tenths`,
    "zh-TW": `${count} 層合併（rollout）；每格為十分之幾`,
  }[scene.language];
  return [title, ...drawWeights(scene, rolloutOf(scene))];
}
