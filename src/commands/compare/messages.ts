// Exports what `/compare` says.

import type { Phrase } from "../../core/language.ts";
import { failureWords } from "../../core/failure-words.ts";

export const TIE: Phrase = { en: "tie", "zh-TW": "平手" };
export const BAD: Phrase = { en: "all bad", "zh-TW": "都不好" };
export const REVEAL: Phrase = { en: "Reveal", "zh-TW": "揭曉" };
export const SHOW_ALL: Phrase = { en: "Show all", "zh-TW": "看全文" };
export const RANKING: Phrase = { en: "Ranking", "zh-TW": "排名" };
export const DIFFERENCES: Phrase = { en: "How they differ", "zh-TW": "差異" };
export const JUDGE: Phrase = { en: "The judge", "zh-TW": "評審" };
export const JUDGING: Phrase = {
  en: "The judge is reading the answers, in both orders",
  "zh-TW": "評審正在以兩種順序閱讀回答",
};
export const SEARCHING: Phrase = {
  en: "Searching your documents, once for all models",
  "zh-TW": "正在搜尋文件，所有模型共用",
};
export const TYPED: Phrase = {
  en: "Here, votes are typed: `/compare --vote A` (or a letter, tie, bad), then `/compare --reveal`. `/compare --full` shows every answer whole.",
  "zh-TW":
    "在這裡用打字投票：`/compare --vote A`（或其他字母、tie、bad），再用 `/compare --reveal` 揭曉。`/compare --full` 可以看全文。",
};
export const CLOSED: Phrase = {
  en: "The names are out, so votes no longer change. `/compare --board` shows them.",
  "zh-TW": "名稱已經揭曉，不能再改票了。用 `/compare --board` 可以看結果。",
};
export const PRICE_UNKNOWN: Phrase = { en: "price unknown", "zh-TW": "價格不明" };
export const FREE_LOCAL: Phrase = { en: "free (local)", "zh-TW": "免費（本機）" };
export const FREE: Phrase = { en: "free", "zh-TW": "免費" };
export const COST_UNKNOWN: Phrase = { en: "cost unknown", "zh-TW": "費用不明" };
export const FINISHED: Phrase = { en: "finished", "zh-TW": "正常結束" };
export const CITES_NOTHING: Phrase = { en: "cites nothing", "zh-TW": "沒有標註出處" };
export const ONE_ANSWER: Phrase = {
  en: "Only one model answered, so there is nothing to vote on.",
  "zh-TW": "只有一個模型回答，所以沒有投票。",
};
export const NOT_IN_KB: Phrase = {
  en: "The knowledge base does not seem to hold the answer; all models were given its closest passages.",
  "zh-TW": "知識庫裡似乎沒有答案；所有模型拿到的是最接近的段落。",
};
export const NOTHING_IN_KB: Phrase = {
  en: "The knowledge base holds nothing on this; the models answered without it.",
  "zh-TW": "知識庫裡沒有相關內容；模型是在沒有文件的情況下回答的。",
};
export const JUDGE_UNREADABLE: Phrase = {
  en: "The judge did not give a verdict that can be read.",
  "zh-TW": "評審沒有給出可以判讀的結果。",
};

export function noVerdict({ en, "zh-TW": zh }: Phrase): Phrase {
  return { en: `The judge gave no verdict: ${en}.`, "zh-TW": `評審沒有給出結果：${zh}。` };
}

export const JUDGE_PLAYS: Phrase = {
  en: "The judge is one of the models it judged.",
  "zh-TW": "這位評審也是參賽的模型之一。",
};

export const CUT_OFF: Phrase = { en: "cut off at its limit", "zh-TW": "到長度上限而中斷" };

/** How many of the models are how far. */
export interface Tallied {
  done: number;
  writing: number;
  waiting: number;
  failed: number;
}

/** Counts and dots in the order of progress, never of the letters: who is first says who it is. */
export function writing({ done, writing, waiting, failed }: Tallied, dots: string, seconds: number): Phrase {
  const list = (words: readonly [number, string][]) => words.filter(([number]) => number > 0);
  const en = list([
    [done, "done"],
    [writing, "answering"],
    [waiting, "waiting"],
    [failed, "without an answer"],
  ]).map(([number, word]) => `${number} ${word}`);
  const zh = list([
    [done, "完成"],
    [writing, "回答中"],
    [waiting, "等待中"],
    [failed, "沒有回答"],
  ]).map(([number, word]) => `${number} 個${word}`);
  const models = done + writing + waiting + failed;
  const time = seconds > 0 ? { en: ` (${seconds} s)`, zh: `（${seconds} 秒）` } : { en: "", zh: "" };
  return {
    en: `${models} models are writing: ${en.join(", ")}  ${dots}${time.en}`,
    "zh-TW": `${models} 個模型正在回答：${zh.join("、")}  ${dots}${time.zh}`,
  };
}

export const HIDDEN: Phrase = { en: "Names stay hidden until you vote.", "zh-TW": "投票前不公開名稱。" };
export const COVERED: Phrase = {
  en: "▒▒▒ covers the names by which models speak of themselves, until the reveal.",
  "zh-TW": "▒▒▒ 是模型提到自己名字的地方，揭曉後才會顯示。",
};

export function inLine(place: number): Phrase {
  return { en: `waiting, ${place} in line`, "zh-TW": `排隊中，第 ${place} 個` };
}

export function soFar(votes: number, after: number, asker: string, hours: number): Phrase {
  const time = hours >= 1 ? `${Math.ceil(hours)} h` : `${Math.max(1, Math.ceil(hours * 60))} min`;
  const zhTime = hours >= 1 ? `${Math.ceil(hours)} 小時` : `${Math.max(1, Math.ceil(hours * 60))} 分鐘`;
  return {
    en: `${votes} vote${votes === 1 ? "" : "s"} so far · reveal after ${after}, in ${time}, or by ${asker}`,
    "zh-TW": `目前 ${votes} 票 · 滿 ${after} 票、${zhTime}後，或由 ${asker} 揭曉`,
  };
}

/** A letter, "tie" or "bad". */
export function yourVote(choice: string): Phrase {
  const { en, "zh-TW": zh } = { tie: TIE, bad: BAD }[choice] ?? { en: choice, "zh-TW": choice };
  return {
    en: `Your vote: ${en}. You can change it until the names are out.`,
    "zh-TW": `你的票：${zh}。揭曉前都可以改。`,
  };
}

export function onlyAsker(asker: string, after: number): Phrase {
  return {
    en: `Only ${asker} can reveal the names before there are ${after} votes.`,
    "zh-TW": `滿 ${after} 票之前，只有 ${asker} 可以揭曉名稱。`,
  };
}

export function noSuchLetter(choice: string, letters: readonly string[]): Phrase {
  return {
    en: `"${choice}" cannot be voted for. There are: ${[...letters, "tie", "bad"].join(", ")}.`,
    "zh-TW": `不能投給「${choice}」。可以投：${[...letters, "tie（平手）", "bad（都不好）"].join("、")}。`,
  };
}

export function votesFor(votes: number): Phrase {
  return { en: `${votes} vote${votes === 1 ? "" : "s"}`, "zh-TW": `${votes} 票` };
}

export function onlySays(letter: string, sentence: string): Phrase {
  return { en: `- Only ${letter} says: "${sentence}"`, "zh-TW": `- 只有 ${letter} 提到：「${sentence}」` };
}

export function calledByVendor(name: string): Phrase {
  return { en: `its vendor calls it ${name}`, "zh-TW": `供應商稱為 ${name}` };
}

export function noTemperature(models: readonly string[]): Phrase {
  return {
    en: `Takes no temperature, so it was left out there: ${models.join(", ")}`,
    "zh-TW": `不支援 temperature，因此沒有套用：${models.join("、")}`,
  };
}

export function thinksFirst(models: readonly string[]): Phrase {
  return {
    en: `Think before they write, beyond the limit of the answer: ${models.join(", ")}`,
    "zh-TW": `會先思考再回答（思考不計入回答長度上限）：${models.join("、")}`,
  };
}

/** Days as "2026-11-23", the oldest first. */
export function pricesOf(days: readonly string[]): Phrase {
  return {
    en: `Costs in US dollars, by prices as of ${days.join(", ")}.`,
    "zh-TW": `費用為美元，依 ${days.join("、")} 的價格計算。`,
  };
}

/** Without names, for a blind board. */
export function someTakeNoTemperature(number: number, of: number): Phrase {
  return {
    en: `${number} of ${of} models ${number === 1 ? "takes" : "take"} no temperature; named after the reveal.`,
    "zh-TW": `${of} 個模型中有 ${number} 個不支援 temperature，揭曉後會列出。`,
  };
}

export function leftOut(names: readonly string[]): Phrase {
  return {
    en: `At most 6 at a time; left out: ${names.join(", ")}. \`--models\` chooses.`,
    "zh-TW": `一次最多 6 個；未納入：${names.join("、")}。可用 \`--models\` 指定。`,
  };
}

export function judgedBest(best: readonly string[], all: number): Phrase {
  const list = best.join(", ");
  if (best.length === 0)
    return {
      en: "Tie: asked in both orders, the judge put different answers first.",
      "zh-TW": "平手：以兩種順序各問一次，評審選出的第一名不同。",
    };
  if (best.length === all) return { en: "Tie among all.", "zh-TW": "全部平手。" };
  if (best.length > 1)
    return { en: `Tie for first: ${list}, in both orders.`, "zh-TW": `並列第一：${list}（兩種順序皆同）。` };
  return { en: `First in both orders: ${list}.`, "zh-TW": `兩種順序都排第一：${list}。` };
}

export function pairwise(over: readonly (readonly [string, string])[], ties: number): Phrase {
  const pairs = over.map(([a, b]) => `${a} > ${b}`).join(" · ");
  return {
    en: [pairs, ties > 0 ? `${ties} pair${ties === 1 ? "" : "s"} tied` : ""].filter(Boolean).join(" · "),
    "zh-TW": [pairs, ties > 0 ? `${ties} 組平手` : ""].filter(Boolean).join(" · "),
  };
}

export const ASKED_PRIVATELY: Phrase = {
  en: "That comparison is for you alone: you asked it in private, or before I noted where. Add `--private` to see it.",
  "zh-TW": "那次比較只給你一個人看：你是私下問的，或是在我開始記錄地點之前問的。加上 `--private` 就能看到。",
};

export function noAnswerBecause(code: string): Phrase {
  const { en, "zh-TW": zh } = failureWords(code);
  return { en: `**No answer:** ${en}.`, "zh-TW": `**沒有回答：**${zh}。` };
}

export function incomplete(code: string): Phrase {
  const { en, "zh-TW": zh } = failureWords(code);
  return { en: `Incomplete: ${en}. It cannot be voted for.`, "zh-TW": `不完整：${zh}。不列入投票。` };
}

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
