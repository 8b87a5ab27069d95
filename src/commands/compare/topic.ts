// What a prompt is about, roughly: enough to see that a model is better at code than at letters.

import type { Phrase } from "../../core/language.ts";

/** The first whose signs the prompt holds. */
const TOPICS: readonly [topic: string, signs: RegExp][] = [
  [
    "code",
    /```|\b(?:code|function|python|javascript|typescript|java|sql|regex|bug|api|script|compile|css|html)\b|程式|函式|函數|語法|除錯/i,
  ],
  [
    "math",
    /\b(?:prove|equation|integral|derivative|probability|calculate|solve|matrix|how many)\b|證明|方程|機率|計算|積分|幾個/i,
  ],
  ["translation", /\b(?:translate|translation)\b|翻譯|翻成|譯成/i],
  ["summary", /\b(?:summari[sz]e|summary|tl;?dr|key points)\b|摘要|總結|重點|整理/i],
  [
    "writing",
    /\b(?:write|rewrite|draft|letter|e-?mail|poem|story|slogan|announcement)\b|撰寫|改寫|草擬|信件|公告|文案|故事|詩/i,
  ],
  ["explanation", /\b(?:explain|what is|what are|why|how does|how do)\b|解釋|說明|什麼是|為什麼|如何|怎麼/i],
];

export const TOPIC_NAMES: Readonly<Record<string, Phrase>> = {
  code: { en: "code", "zh-TW": "程式" },
  math: { en: "mathematics", "zh-TW": "數學" },
  translation: { en: "translation", "zh-TW": "翻譯" },
  summary: { en: "summaries", "zh-TW": "摘要" },
  writing: { en: "writing", "zh-TW": "寫作" },
  explanation: { en: "explanations", "zh-TW": "解釋" },
  documents: { en: "from documents", "zh-TW": "文件問答" },
  other: { en: "other", "zh-TW": "其他" },
};

export function topicOf(prompt: string, kb: boolean): string {
  if (kb) return "documents";
  return TOPICS.find(([, signs]) => signs.test(prompt))?.[0] ?? "other";
}
