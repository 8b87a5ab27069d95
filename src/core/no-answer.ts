// Makes the error for a model's answer without words, which is told once and not retried.

import { BotError, type ErrorCode } from "./errors.ts";
import type { Phrase } from "./language.ts";
import type { StopReason } from "./model.ts";

const CODES: Readonly<Record<StopReason, ErrorCode>> = {
  end: "empty",
  empty: "empty",
  paused: "empty",
  length: "limit-spent",
  "context-full": "context-too-long",
  refused: "refused",
  filtered: "filtered",
  "tool-calls": "tool-calls",
  "thoughts-only": "thoughts-only",
};

/** `model` is the name that people know it by. */
export function noAnswer(model: string, reason: StopReason): BotError {
  const code = CODES[reason];
  return new BotError(code, (SENTENCES[code] ?? empty)(model));
}

const empty = (model: string): Phrase => ({
  en: `${model} ended without writing an answer. Put the question differently, or ask another model.`,
  "zh-TW": `${model} 沒有寫出回答就結束了。請換個問法，或改問其他模型。`,
});

const SENTENCES: Readonly<Partial<Record<ErrorCode, (model: string) => Phrase>>> = {
  empty,
  "limit-spent": (model) => ({
    en: `${model} used up its limit of tokens before the first word of an answer, most likely on thinking. Ask something narrower, or a model that thinks less.`,
    "zh-TW": `${model} 還沒寫出回答，就用完了 token 上限，多半是花在思考上。請把問題縮小一點，或改問思考較少的模型。`,
  }),
  "thoughts-only": (model) => ({
    en: `${model} thought, and then ended without writing an answer. Put the question differently, or ask another model.`,
    "zh-TW": `${model} 思考之後沒有寫出回答就結束了。請換個問法，或改問其他模型。`,
  }),
  "tool-calls": (model) => ({
    en: `${model} called for a tool instead of answering, and for questions I give it none. Put the question differently, or ask another model.`,
    "zh-TW": `${model} 沒有回答，而是要求使用工具，但回答問題時我不提供工具。請換個問法，或改問其他模型。`,
  }),
  "context-too-long": (model) => ({
    en: `What ${model} was given fills all that it reads at once, so no room was left for an answer. Ask something shorter, or pick a model that reads more at once.`,
    "zh-TW": `給 ${model} 的內容已經佔滿它一次能讀的長度，沒有空間寫回答。請縮短問題，或換一個能讀更多內容的模型。`,
  }),
  refused: (model) => ({
    en: `${model} declined to answer this. Put the question differently, or ask another model.`,
    "zh-TW": `${model} 拒絕回答這個問題。請換個問法，或改問其他模型。`,
  }),
  filtered: (model) => ({
    en: `The vendor's content filter stopped ${model} before it answered. Put the question differently, or ask another model.`,
    "zh-TW": `供應商的內容過濾器擋下了 ${model} 的回答。請換個問法，或改問其他模型。`,
  }),
};
