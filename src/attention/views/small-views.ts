// Draws the small views: one head, the next word, the pieces, the rollout, the guide.

import { weightOf, type Grid, mergeGrid, rollOut, withoutFirst } from "../grid.ts";
import { roleName } from "../reading.ts";
import type { ViewState } from "../view-state.ts";
import { drawGrid, letterOf, percent, tenth, clipColumns, MOST_COLUMNS } from "./layout.ts";
import { printable, tokensOfWords } from "../tokens.ts";
import type { Phrase } from "../../core/language.ts";

export function drawHead(state: ViewState): string[] {
  const { layer, head, language } = state;
  const role = state.role(layer, head);
  const unit = { en: "; cell = tenths", "zh-TW": "；每格為十分之幾" }[language];
  const title = `L${layer}H${head} ${roleName(role, language)} ${percent(role.share)}${unit}`;
  return [title, ...drawWeights(state, state.grid(layer, head))];
}

/** What a causal model cannot see stays blank. */
export function drawWeights({ tokens, trace }: ViewState, grid: Grid): string[] {
  const letters = tokens.map((_, i) => letterOf(i));
  return drawGrid(tokens, letters, (row, column) =>
    trace.causal && column > row ? " " : tenth(weightOf(grid, row, column)),
  );
}

/** Nothing for a model that says nothing. */
export function drawNext({ trace, language }: ViewState): string[] {
  if (!trace.next) return [];
  const lines = trace.next.map(({ text, probability }) => {
    const share = `${String(Math.round(probability * 100)).padStart(3)}%`;
    return `${share} ${clipColumns(printable(text), MOST_COLUMNS - 5)}`;
  });
  return ["", { en: "likeliest next:", "zh-TW": "接下來最可能是：" }[language], ...lines];
}

const MOST_LINES = 33;

export function drawPieces({ trace, language }: ViewState): string[] {
  const words = tokensOfWords(trace.pieces).tokens;
  const left = words.length - MOST_LINES;
  return [
    {
      en: `${words.length} words, ${trace.pieces.length} pieces; count, pieces:`,
      "zh-TW": `${words.length} 個詞、${trace.pieces.length} 個片段；片段數、切法：`,
    }[language],
    ...words.slice(0, MOST_LINES).map(({ pieces, unknown }, i) => {
      const parts = pieces.map((piece) => printable(trace.pieces[piece]!.text)).join("|");
      const count = String(pieces.length).padStart(2);
      return `${letterOf(i)} ${count}  ${clipColumns(parts, MOST_COLUMNS - 8)}${unknown ? "?" : ""}`;
    }),
    ...(left > 0 ? [{ en: `(${left} more)`, "zh-TW": `（還有 ${left} 個）` }[language]] : []),
  ];
}

export function rolloutOf({ trace, tokens, withoutFirst: isWithout }: ViewState): Grid {
  const merged = mergeGrid(rollOut(trace.layers), tokens);
  return isWithout ? withoutFirst(merged) : merged;
}

export function drawRollout(state: ViewState): string[] {
  const count = state.trace.layers.length;
  const title = {
    en: `rollout over ${count} layers; cell = tenths`,
    "zh-TW": `${count} 層合併（rollout）；每格為十分之幾`,
  }[state.language];
  return [title, ...drawWeights(state, rolloutOf(state))];
}

export const GUIDE: Phrase = {
  en: [
    "**How to read this.** In every layer of a transformer, each token decides how much to take from every other token. Each *head* of a layer does so for itself; `L1H2` is layer 1, head 2, counted from 0.",
    "**Grid:** a row asks, a column is looked at; letters name tokens. A cell is tenths: `.` under 5 %, `3` about 30 %, `#` from 95 %. A row sums to 1. Small pictures in the overview: the darker, the more; `<` marks the head that the sentence above is about.",
    "**Letters for heads:** `S` self, `N` next, `P` previous, `F` first token, `D` punctuation, `L` looks back, `C` content words, `B` broad, `M` mixed. The share is the part of this sentence's attention that fits the label, “if even” what it would be if all weights were equal; for B and M, how even they are.",
    "**Words** sum over the pieces looked at and average over the pieces that ask. `?` is a piece that the model's vocabulary lacks.",
    "**Rollout** multiplies the layers (half attention, half what passes beside it): what reached each place at the top.",
    "**What it does not say:** why. A large weight is where the model looked, not its reason, and these models do not settle what “it” refers to.",
    "Read on in the primer: `/ask How is self-attention computed, step by step?`, `/ask What do attention heads learn?`, `/ask Do attention weights explain a model's decision?`",
  ].join("\n"),
  "zh-TW": [
    "**怎麼看這些圖。** 在 transformer 的每一層裡，每個詞元都要決定從其他詞元各拿多少資訊。同一層的每個*注意力頭*各自決定；`L1H2` 是第 1 層第 2 個頭，從 0 開始數。",
    "**方格：** 橫列是提問的詞元，直欄是被看的詞元，字母是詞元的代號。格子裡是十分之幾：`.` 不到 5 %，`3` 大約 30 %，`#` 是 95 % 以上。每一列加起來是 1。總覽的小圖越濃表示越多；`<` 標出上面那句話說的頭。",
    "**頭的字母：** `S` 自己、`N` 下一個、`P` 前一個、`F` 第一個、`D` 標點、`L` 往回看、`C` 實詞、`B` 平均、`M` 混合。百分比是這句話的注意力有多少符合這個說法，括號裡是平均分配時的值；B 和 M 則是有多平均。",
    "**以詞為單位**時，被看的片段相加、提問的片段取平均。`?` 表示模型的詞彙表裡沒有。",
    "**Rollout** 把各層相乘（一半是注意力，一半是殘差），看頂層的每個位置收到了誰的資訊。",
    "**它不會告訴你的：** 為什麼。權重大只代表模型看了那裡，不是它的理由；這些模型也不會判斷「它」指的是誰。",
    "入門教材裡有更多：`/ask 自注意力如何一步步計算？`、`/ask 注意力頭學到了什麼？`、`/ask 注意力權重能解釋模型的決定嗎？`",
  ].join("\n"),
};
