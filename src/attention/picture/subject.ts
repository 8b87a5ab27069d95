// What a picture shows of a scene, and the words for those who cannot see it.

import type { View } from "../../core/attention.ts";
import type { Phrase } from "../../core/language.ts";
import type { Picture } from "../../core/reply.ts";
import { rowOf, type Grid } from "../grid.ts";
import { readHead, readRollout, roleName } from "../reading.ts";
import type { Scene } from "../scene.ts";
import { percent } from "../views/layout.ts";
import { rolloutOf } from "../views/small-views.ts";
import type { Paint } from "./heatmap-picture.ts";

/** For everyone who meets the picture without the words around it. */
export const CAPTION: Phrase = {
  en: "Rows look at columns; digits are percent of a row.",
  "zh-TW": "橫列看向直欄；數字是該列的百分比。",
};

/** The head that is looked at, or the rollout in its own view. The name tells one picture of a walk from another. */
export async function pictureOf(scene: Scene, view: View, paint: Paint): Promise<Picture> {
  const rollout = view === "rollout";
  const grid = rollout ? rolloutOf(scene) : scene.grid(scene.layer, scene.head);
  const title = rollout ? "rollout" : pictureTitle(scene);
  const seen = rollout ? readRollout(scene, rowOf(grid, scene.token)) : readHead(scene);
  const heatmap = {
    title,
    caption: CAPTION[scene.language],
    labels: scene.tokens.map(({ text }) => text),
    weights: blank(scene, grid),
    marked: scene.token,
  };
  const what = rollout ? "rollout" : `L${scene.layer}H${scene.head}`;
  const name = ["attention", what, scene.token, ...(scene.byPieces ? ["pieces"] : [])].join("-");
  return paint(heatmap, { name, alt: altOf(scene, title, seen) });
}

function pictureTitle(scene: Scene): string {
  const role = scene.role(scene.layer, scene.head);
  return `L${scene.layer}H${scene.head} ${roleName(role, scene.language)} ${percent(role.share)}`;
}

function altOf({ tokens, language }: Scene, title: string, seen: string): string {
  const plain = seen.replaceAll("`", '"');
  return {
    en: `Heatmap of attention, ${tokens.length} by ${tokens.length} tokens, ${title}: darker is more. ${plain}`,
    "zh-TW": `注意力熱圖，${tokens.length} 乘 ${tokens.length} 個詞元，${title}：顏色越深表示越多。${plain}`,
  }[language];
}

/** What a causal model cannot see is zero already, but a mean over a word's pieces may leave a trace of it. */
function blank({ trace }: Scene, { size, values }: Grid): Float32Array {
  return trace.causal ? values.map((weight, at) => (at % size > Math.floor(at / size) ? 0 : weight)) : values;
}
