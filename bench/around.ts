// Words that people put around a question: what the retrieval benchmark can put around every question of a track (`--around`).

import type { Language } from "../src/core/language.ts";

export type Around = Readonly<Record<Language, (question: string) => string>>;

export const AROUND = {
  quick: { en: (q) => `Quick question: ${q}`, "zh-TW": (q) => `想請問一下各位，${q}` },
  manager: {
    en: (q) => `My manager asked me in the meeting yesterday: ${q}`,
    "zh-TW": (q) => `昨天開會的時候主管問我，${q}`,
  },
  two: {
    en: (q) => `Hi everyone, I'm new here and I couldn't find this anywhere, sorry if it was asked before: ${q}`,
    "zh-TW": (q) => `大家好，我是新來的，這個我到處都找不到，如果之前有人問過先說聲抱歉：${q}`,
  },
  after: {
    en: (q) => `${q} Thanks a lot everyone, this is rather urgent since my report is due tomorrow.`,
    "zh-TW": (q) => `${q}謝謝大家，真的很急，明天就要交報告了。`,
  },
  lines: {
    en: (q) =>
      `Hello team\nI just joined and I am still finding my way around\n${q}\nthank you in advance for your help`,
    "zh-TW": (q) => `各位前輩好\n我剛加入這個團隊，還在熟悉環境\n${q}\n先謝謝回覆的人`,
  },
  manner: {
    en: (q) => `Explain like I'm five, in three short sentences: ${q} Please reply in Traditional Chinese.`,
    "zh-TW": (q) => `請用三句話簡單說明，${q}請用繁體中文回答`,
  },
  // The others were written after the clauses were first read (docs/decisions/0005-clauses.md).
  pressed: {
    en: (q) => `So I was on a call with a customer and they wanted to know the following. ${q}`,
    "zh-TW": (q) => `老闆在催，${q}急！`,
  },
  caught: {
    en: (q) => `Our intern keeps asking me this and honestly I have no clue - ${q}`,
    "zh-TW": (q) => `剛剛開會被問倒了，${q}有大神知道嗎`,
  },
  letter: {
    en: (q) => `Hope you're all doing well. ${q} Looking forward to your reply!`,
    "zh-TW": (q) => `小弟剛入職，文件翻了半天還是看不懂。${q}感謝回覆`,
  },
  bare: {
    en: (q) => `Sorry for the noob question but ${q.charAt(0).toLowerCase()}${q.slice(1)}`,
    "zh-TW": (q) => `因為要寫報告所以想了解一下${q}`,
  },
  easy: {
    en: (q) => `I've read the docs twice by now. ${q} No rush.`,
    "zh-TW": (q) => `請教 ${q} 不急，有空再回就好`,
  },
  signed: {
    en: (q) => `For the newsletter:\n\n${q}\n\ncheers, Tom`,
    "zh-TW": (q) => `這題卡很久了\n\n${q}\n\n先謝過`,
  },
} as const satisfies Record<string, Around>;
