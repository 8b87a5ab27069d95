// Defines `/explain-attention`: where a real transformer looks, one view a message.

import { isLate } from "../../core/async.ts";
import type { Explanation } from "../../core/attention.ts";
import { defineCommand } from "../../core/command.ts";
import { BotError } from "../../core/errors.ts";
import type { Phrase } from "../../core/language.ts";
import type { Reply } from "../../core/reply.ts";
import { settle, lookArgs, requestOf, stated, type Look } from "./args.ts";
import { actionsFor, CHINESE_MODEL, NAME, waysOut } from "./walk.ts";

/** A step of a walk is there sooner, and a status in its place would only flicker. */
const PATIENCE_MS = 400;

export const explainAttention = defineCommand({
  name: NAME,
  summary: { en: "Show where a transformer looks in a sentence", "zh-TW": "看 transformer 讀一句話時看向哪裡" },
  access: "everyone",
  args: lookArgs,
  describe: {
    text: {
      en: "A sentence; with toy, numbers such as cat=0.1,0.3",
      "zh-TW": "一句話；搭配 toy 時是數字，例如 貓=0.1,0.3",
    },
    view: { en: "What to show", "zh-TW": "要看什麼" },
    layer: { en: "Which layer, from 0", "zh-TW": "第幾層，從 0 開始" },
    head: { en: "Which head, from 0", "zh-TW": "第幾個頭，從 0 開始" },
    token: { en: "Which word, or its letter", "zh-TW": "哪一個詞，或它的字母" },
    pieces: { en: "Pieces of the tokenizer instead of words", "zh-TW": "以片段代替詞" },
    skipfirst: { en: "Leave the first token out", "zh-TW": "略過第一個詞元" },
    picture: { en: "Attach a heatmap", "zh-TW": "附上熱圖" },
    model: { en: "Another model, for example Xenova/gpt2", "zh-TW": "其他模型，例如 Xenova/bert-base-chinese" },
    toy: { en: "Work it out on paper, with the numbers in text", "zh-TW": "用 text 裡的數字手算一次" },
    wq: { en: "For toy: Wq, rows parted by ;", "zh-TW": "toy 用：Wq，各列以 ; 分開" },
    wk: { en: "For toy: Wk", "zh-TW": "toy 用：Wk" },
    wv: { en: "For toy: Wv", "zh-TW": "toy 用：Wv" },
    causal: { en: "For toy: see only what stands before", "zh-TW": "toy 用：只看前面的詞" },
    language: { en: "Words of the explanation: en or zh-TW", "zh-TW": "說明用的語言：en 或 zh-TW" },
  },
  prose: "text",
  names: {
    "zh-TW": {
      "explain-attention": "解釋注意力",
      text: "文字",
      view: "檢視方式",
      layer: "層",
      head: "注意力頭",
      token: "詞元",
      pieces: "詞元片段",
      skipfirst: "略過首詞",
      picture: "圖片",
      model: "模型",
      toy: "手算範例",
      causal: "因果遮罩",
      language: "語言",
      en: "英文",
      "zh-TW": "中文",
      overview: "總覽",
      steps: "一步步算",
      heads: "所有的頭",
      rollout: "各層合併",
      guide: "怎麼看",
    },
  },
  examples: [
    "/explain-attention The animal did not cross the street because it was too tired",
    "/explain-attention --toy 貓=0.1,0.3 坐=0.5,0.7 墊=0.2,0.4",
  ],
  audience: "everyone",
  run: show,
});

async function* show(call: Look): AsyncGenerator<Reply, void, undefined> {
  const look = settle(call);
  const { args, tools, signal, say } = look;
  const startedAt = tools.runtime.now();
  const explaining = tools.attention.explain(requestOf(look), signal);
  if (await isLate(explaining, PATIENCE_MS, tools.runtime)) yield { type: "status", text: say(statusOf(args.model)) };
  try {
    yield* tell(await explaining, look);
  } catch (error) {
    if (error instanceof BotError) yield { type: "actions", actions: waysOut(look) };
    throw error;
  }
  yield { type: "facts", facts: { timings: { total: tools.runtime.now() - startedAt } } };
}

function* tell(seen: Explanation, look: Look): Generator<Reply, void, undefined> {
  const { args, say } = look;
  const isBare = Object.keys(stated(args)).every((name) => name === "toy" || name === "language");
  const block = seen.text && `\n\n\`\`\`\n${seen.text}\n\`\`\``;
  yield { type: "text", text: `${isBare ? `${say(args.toy ? ABOUT_TOY : ABOUT)}\n\n` : ""}${seen.reading}${block}` };
  for (const note of seen.notes) yield { type: "note", text: note };
  if (seen.picture) yield { type: "picture", picture: seen.picture };
  yield { type: "actions", actions: actionsFor(seen, look) };
}

function statusOf(model: string | undefined): Phrase {
  if (!model) return { en: "Reading the sentence", "zh-TW": "正在讀這句話" };
  return {
    en: `Opening ${model}; the first time, it has to be brought here`,
    "zh-TW": `正在開啟 ${model}，第一次需要先下載`,
  };
}

const ABOUT: Phrase = {
  en: "Give me a sentence, and I show where a real, trained transformer looks while it reads: `/explain-attention The cat sat on the mat`; `/help explain-attention` lists the views. Here is *The animal did not cross the street because it was too tired*:",
  "zh-TW": `給我一句話，我讓你看一個真正訓練過的 transformer 讀它的時候看向哪裡：\`/explain-attention The cat sat on the mat\`。\`/help explain-attention\` 列出所有檢視方式。內建模型只懂英文；中文請加 \`--model ${CHINESE_MODEL}\`，或用 \`--toy\` 手算。先看這個例子：*The animal did not cross the street because it was too tired*`,
};
const ABOUT_TOY: Phrase = {
  en: "Give me tokens with numbers, and I work attention out by hand: `/explain-attention --toy cat=0.1,0.3 sat=0.5,0.7`; matrices go into `--wq`, `--wk`, `--wv`, such as `--wq 1,0;0,1`. An example:",
  "zh-TW":
    "給我詞元和數字，我把注意力一步步算給你看：`/explain-attention --toy 貓=0.1,0.3 坐=0.5,0.7`；矩陣寫在 `--wq`、`--wk`、`--wv`，例如 `--wq 1,0;0,1`。先看一個例子：",
};
