// Says what a picture shows of a view, also for those who cannot see it.

import type { View } from "../../core/attention.ts";
import type { Phrase } from "../../core/language.ts";
import type { Picture } from "../../core/reply.ts";
import { rowOf, type Grid } from "../grid.ts";
import { readHead, readRollout, roleName } from "../reading.ts";
import type { ViewState } from "../view-state.ts";
import { percent } from "../views/layout.ts";
import { rolloutOf } from "../views/small-views.ts";
import type { Paint } from "./heatmap-picture.ts";

/** For everyone who meets the picture without the words around it. */
export const CAPTION: Phrase = {
  en: "Rows look at columns; digits are percent of a row.",
  "zh-TW": "橫列看向直欄；數字是該列的百分比。",
};

/** The head that is looked at, or the rollout in its own view. The name tells one picture of a walk from another. */
export async function pictureOf(state: ViewState, view: View, paint: Paint): Promise<Picture> {
  const rollout = view === "rollout";
  const grid = rollout ? rolloutOf(state) : state.grid(state.layer, state.head);
  const title = rollout ? "rollout" : pictureTitle(state);
  const seen = rollout ? readRollout(state, rowOf(grid, state.token)) : readHead(state);
  const heatmap = {
    title,
    caption: CAPTION[state.language],
    labels: state.tokens.map(({ text }) => text),
    weights: blank(state, grid),
    marked: state.token,
  };
  const what = rollout ? "rollout" : `L${state.layer}H${state.head}`;
  const name = ["attention", what, state.token, ...(state.byPieces ? ["pieces"] : [])].join("-");
  return paint(heatmap, { name, alt: altOf(state, title, seen) });
}

function pictureTitle(state: ViewState): string {
  const role = state.role(state.layer, state.head);
  return `L${state.layer}H${state.head} ${roleName(role, state.language)} ${percent(role.share)}`;
}

function altOf({ tokens, language }: ViewState, title: string, seen: string): string {
  const plain = seen.replaceAll("`", '"');
  return {
    en: `Heatmap of attention, ${tokens.length} by ${tokens.length} tokens, ${title}: darker is more. ${plain}`,
    "zh-TW": `注意力熱圖，${tokens.length} 乘 ${tokens.length} 個詞元，${title}：顏色越深表示越多。${plain}`,
  }[language];
}

/** What a causal model cannot see is zero already, but a mean over a word's pieces may leave a trace of it. */
function blank({ trace }: ViewState, { size, values }: Grid): Float32Array {
  return trace.causal ? values.map((weight, at) => (at % size > Math.floor(at / size) ? 0 : weight)) : values;
}
