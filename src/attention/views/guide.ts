// "How do I read this?": the whole alphabet of the views on one screen, and where the primer goes on.

import type { Phrase } from "../../core/language.ts";

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
