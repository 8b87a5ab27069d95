// Answers without any language model: the documents' own sentences, quoted, each with its passage's number beside it, and how to get more.

import type { Phrase } from "../core/language.ts";
import type { ModelConnection, Model, ModelEvent, Prompt } from "../core/model.ts";
import { pickQuotes } from "./quotes.ts";

const NAME = "quotes";

/** `missing` are the variables that would bring a language model; none where one is there already. */
export function createExtractive(missing: readonly string[]): ModelConnection {
  const model: Model = {
    name: `extractive/${NAME}`,
    // It holds nothing in mind, so nothing is too long for it; a bound keeps callers' sums finite.
    contextWindow: 1_000_000,
    isGenerative: false,
    generate: (prompt, signal) => generate(prompt, missing, signal),
  };
  return { models: [NAME], model: () => model };
}

type Paragraph = Pick<Extract<ModelEvent, { type: "text" }>, "text" | "quotes">;

async function* generate(prompt: Prompt, missing: readonly string[], signal: AbortSignal): AsyncGenerator<ModelEvent> {
  const quotes = pickQuotes(prompt.passages, prompt.language);
  const paragraphs: Paragraph[] = [
    { text: opening(quotes.length > 0, missing.length > 0)[prompt.language] },
    ...quotes.map(({ number, text }) => ({ text: `> ${text.replaceAll("\n", "\n> ")}`, quotes: number })),
    ...(missing.length ? [{ text: closing(missing)[prompt.language] }] : []),
  ];
  for (const [index, { text, ...rest }] of paragraphs.entries()) {
    signal.throwIfAborted();
    yield { type: "text", text: index ? `\n\n${text}` : text, ...rest };
  }
  yield { type: "usage", input: 0, output: 0 };
  yield { type: "stop", reason: "end" };
}

function opening(found: boolean, alone: boolean): Phrase {
  if (!alone && found) return { en: "In the documents' own words:", "zh-TW": "文件的原文是這樣寫的：" };
  if (!alone) {
    return { en: "I found no passage to quote for this.", "zh-TW": "我找不到可以引用的段落。" };
  }
  if (found) {
    return {
      en: "No language model is configured, so here is what the documents say:",
      "zh-TW": "目前沒有設定語言模型，以下直接引用文件原文：",
    };
  }
  return {
    en: "No language model is configured, and I found no passage to quote for this.",
    "zh-TW": "目前沒有設定語言模型，我也找不到可以引用的段落。",
  };
}

function closing(variables: readonly string[]): Phrase {
  return {
    en: `Set ${list(variables, ", ", " or ")} for written answers.`,
    "zh-TW": `只要設定 ${list(variables, "、", " 或 ")}，就能得到整理過的回答。`,
  };
}

function list(words: readonly string[], comma: string, or: string): string {
  return [words.slice(0, -1).join(comma), words.at(-1)].filter(Boolean).join(or);
}
