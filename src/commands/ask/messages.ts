// Exports what `/ask` says beside the answer.

import { BotError } from "../../core/errors.ts";
import { passagePlace, type SearchResult } from "../../core/knowledge.ts";
import type { Phrase } from "../../core/language.ts";
import type { Model, StopReason } from "../../core/model.ts";

export const SEARCHING: Phrase = { en: "Searching your documents", "zh-TW": "正在搜尋文件" };
/** Under an answer that has words and did not end well. */
export const ENDINGS: Readonly<Partial<Record<StopReason, Phrase>>> = {
  length: {
    en: "The answer was cut off at the model's limit. Ask for a shorter one, or for the rest.",
    "zh-TW": "回答到了模型的長度上限而中斷。可以請它答短一點，或請它接著說。",
  },
  "context-full": {
    en: "The answer was cut off: with it, all that the model reads at once is full. A shorter question in a new conversation leaves more room, and so does a model that reads more.",
    "zh-TW":
      "回答在這裡中斷：連同回答，已經佔滿模型一次能讀的長度。請在新的對話裡縮短問題，或換一個能讀更多內容的模型。",
  },
  refused: {
    en: "The model declined; what stands above is all that it said. Put the question differently, or ask another model.",
    "zh-TW": "模型拒絕回答，上面就是它說的全部內容。請換個問法，或改問其他模型。",
  },
  filtered: {
    en: "The vendor's content filter cut the answer off here. Put the question differently, or ask another model.",
    "zh-TW": "供應商的內容過濾器在這裡擋下了回答。請換個問法，或改問其他模型。",
  },
  "tool-calls": {
    en: "The answer stops here: the model called for a tool, and for questions I give it none.",
    "zh-TW": "回答停在這裡：模型要求使用工具，但回答問題時我不提供工具。",
  },
  paused: {
    en: "The model paused here before it was done. Ask it to go on.",
    "zh-TW": "模型還沒寫完就暫停了。可以請它接著說。",
  },
};
export const UNCITED_NOTE: Phrase = {
  en: "The answer cites nothing; these are the passages it was given.",
  "zh-TW": "這個回答沒有標註出處；以下是提供給它的段落。",
};

/** For numbers that look like citations; the answer is left as it was written. */
export function noSuchSource(numbers: readonly number[]): Phrase {
  const list = numbers.map((number) => `[${number}]`);
  return {
    en: `${list.join(", ")} ${list.length === 1 ? "names" : "name"} no passage that the model was given.`,
    "zh-TW": `${list.join("、")} 不是提供給模型的段落。`,
  };
}

export function reading(passages: number, documents: number, { name, isGenerative: writes }: Model): Phrase {
  const by = writes ? name : undefined;
  return {
    en: `${by ? `${by} is reading` : "Reading"} ${count(passages, "passage")} from ${count(documents, "document")}`,
    "zh-TW": `${by ? `${by} ` : ""}正在閱讀 ${documents} 份文件的 ${passages} 個段落`,
  };
}

export function numberInLine(place: number): Phrase {
  return {
    en: `The model is busy with other questions; this one is number ${place} in line`,
    "zh-TW": `模型正在回答其他問題，這一題排在第 ${place} 位`,
  };
}

export function writingNow({ name }: Model): Phrase {
  return { en: `${name} is answering`, "zh-TW": `${name} 正在回答` };
}

export function answeredBy({ name }: Model, ms: number, documents: number): Phrase {
  const seconds = (ms / 1000).toFixed(1);
  return {
    en: `${name} · ${seconds} s · ${count(documents, "document")}`,
    "zh-TW": `${name} · ${seconds} 秒 · ${documents} 份文件`,
  };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

export function notFound({ hits: [nearest] }: SearchResult): Phrase {
  if (!nearest)
    return {
      en: "I found nothing about this in the knowledge base. `/kb list` shows what is in it; an admin can add more with `/kb add`.",
      "zh-TW": "我在知識庫裡找不到相關內容。`/kb list` 可以看有哪些文件；管理員可以用 `/kb add` 加入更多。",
    };
  const place = passagePlace(nearest);
  const closest = (inside: string) => [nearest.title, inside].filter(Boolean).join(" › ");
  return {
    en: `I can't find an answer to this in the knowledge base. The closest is "${closest(place.en)}", but it does not seem to answer it.`,
    "zh-TW": `我在知識庫裡找不到這一題的答案。最接近的是「${closest(place["zh-TW"])}」，但看來沒有回答到這個問題。`,
  };
}

export function nothingToSearch(): BotError {
  return new BotError("usage", {
    en: "I see no words in that to search for. Ask me a question, for example: `/ask What is multi-head attention?`",
    "zh-TW": "這裡面沒有可以搜尋的文字。請問我一個問題，例如：`/ask 什麼是多頭注意力？`",
  });
}

export function thinkingAlone({ name }: Model): Phrase {
  return { en: `${name} is answering without documents`, "zh-TW": `${name} 正在回答，不參考文件` };
}

export function notFromDocuments({ name }: Model): Phrase {
  return {
    en: `⚠ Not from your documents: ${name} answered from its training alone, and nothing here was checked.`,
    "zh-TW": `⚠ 這不是根據你們的文件：${name} 只憑訓練所得的知識回答，內容沒有經過查核。`,
  };
}

export function noWritingModel(): BotError {
  return new BotError("usage", {
    en: "That needs a language model, and none is configured here. Ask without `--plain`, and I will quote what the documents say.",
    "zh-TW": "這需要語言模型，但這裡還沒有設定。不加 `--plain` 再問一次，我會引用文件的原文。",
  });
}
