// The question that Heed exists for: retrieve, answer from what was found, cite it; say so when there is nothing to cite.

import { z } from "zod";
import { defineCommand, type Call } from "../core/command.ts";
import { BotError } from "../core/errors.ts";
import type { Found, Hit } from "../core/knowledge.ts";
import { placeOf } from "../core/knowledge.ts";
import type { Phrase } from "../core/language.ts";
import type { Model, ModelEvent } from "../core/model.ts";
import type { Reply, Source } from "../core/reply.ts";
import { groundedPrompt } from "./grounded-prompt.ts";

const PASSAGES = 8;
const LONGEST_QUESTION = 12_000;
/** How many passages stand as sources when a model cites none of them. */
const UNCITED = 3;

const args = z.object({
  question: z.string().min(1).max(LONGEST_QUESTION),
  model: z.string().min(1).optional(),
});
type Ask = Call<z.infer<typeof args>>;

export const ask = defineCommand({
  name: "ask",
  summary: { en: "Answer a question from your documents, with sources", "zh-TW": "依據文件回答問題，並附上出處" },
  access: "everyone",
  args,
  describe: {
    question: { en: "What you want to know", "zh-TW": "你想知道的事" },
    model: { en: "Which model answers, for example openai/gpt-5", "zh-TW": "由哪個模型回答，例如 openai/gpt-5" },
  },
  prose: "question",
  isSpoken: true,
  takesFiles: true,
  suggests: { model: "model" },
  examples: ["/ask What is multi-head attention?", "/ask 什麼是多頭注意力？"],
  run: answer,
});

async function* answer(call: Ask): AsyncGenerator<Reply, void, undefined> {
  const { args, tools, workspace, signal, say } = call;
  const startedAt = tools.world.now();
  if (!/[\p{L}\p{N}]/u.test(args.question)) throw nothingToSearch();
  const model = tools.models.pick(args.model);
  yield { type: "status", text: say(SEARCHING) };
  const found = await tools.knowledge.search(args.question, { workspace, limit: PASSAGES }, signal);
  const search = tools.world.now() - startedAt;
  if (!found.answerable) {
    yield { type: "text", text: say(notFound(found)) };
    yield { type: "facts", facts: { timings: { search, total: tools.world.now() - startedAt }, documents: 0 } };
    return;
  }
  yield* answerFrom(found.hits, model, call, { startedAt, search });
}

async function* answerFrom(
  hits: readonly Hit[],
  model: Model,
  { args, tools, signal, say, language }: Ask,
  { startedAt, search }: { startedAt: number; search: number },
): AsyncGenerator<Reply, void, undefined> {
  const prompt = groundedPrompt(args.question, hits, { window: model.window, language });
  const documents = countDocuments(prompt.passages);
  yield { type: "status", text: say(reading(prompt.passages.length, documents, model)) };
  let text = "";
  let firstToken: number | undefined;
  for await (const event of model.generate(prompt, signal)) {
    if (event.type === "text") {
      firstToken ??= tools.world.now() - startedAt;
      text += event.text;
      yield event;
    } else yield* account(event, say);
  }
  if (!text.trim()) throw emptyAnswer(model);
  const total = tools.world.now() - startedAt;
  const cited = citedNumbers(text, prompt.passages.length);
  for (const number of cited.length > 0 ? cited : prompt.passages.slice(0, UNCITED).map((_, i) => i + 1))
    yield { type: "source", source: sourceOf(prompt.passages[number - 1]!, number) };
  if (cited.length === 0) yield { type: "note", text: say(UNCITED_NOTE) };
  yield { type: "note", text: say(smallPrint(model, total, documents)) };
  yield {
    type: "facts",
    facts: { model: model.name, timings: { search, firstToken: firstToken ?? total, total }, documents },
  };
}

function* account(event: Exclude<ModelEvent, { type: "text" }>, say: Ask["say"]): Generator<Reply> {
  if (event.type === "usage") yield { type: "facts", facts: { usage: { input: event.input, output: event.output } } };
  else if (event.type === "waiting") yield { type: "status", text: say(inLine(event.place)) };
  else if (event.reason === "length") yield { type: "note", text: say(CUT_OFF) };
  else if (event.reason === "refused") yield { type: "note", text: say(REFUSED) };
}

/** The passages that a text cites as [1], [2, 3] or 【4】, in rising order; numbers that stand for nothing are left out. */
export function citedNumbers(text: string, passages: number): readonly number[] {
  const marks = text.matchAll(/[[【](\d{1,3}(?:\s*[,、，]\s*\d{1,3})*)[\]】]/g);
  const numbers = [...marks].flatMap(([, list = ""]) => list.split(/[,、，]/).map(Number));
  return [...new Set(numbers)].filter((number) => number >= 1 && number <= passages).toSorted((a, b) => a - b);
}

export function sourceOf(hit: Hit, number: number): Source {
  const { documentId, title, quote, url } = hit;
  const words = hit.text.slice(quote.start - hit.start, quote.end - hit.start);
  const place = placeOf(hit);
  return { number, documentId, title, place, start: quote.start, end: quote.end, quote: words, ...(url && { url }) };
}

function countDocuments(hits: readonly Hit[]): number {
  return new Set(hits.map(({ documentId }) => documentId)).size;
}

const SEARCHING: Phrase = { en: "Searching your documents", "zh-TW": "正在搜尋文件" };
const CUT_OFF: Phrase = {
  en: "The answer was cut off at the model's limit. Ask for a shorter one, or for the rest.",
  "zh-TW": "回答到了模型的長度上限而中斷。可以請它答短一點，或請它接著說。",
};
const REFUSED: Phrase = { en: "The model declined to say more.", "zh-TW": "模型拒絕繼續回答。" };
const UNCITED_NOTE: Phrase = {
  en: "The answer cites nothing; these are the passages it was given.",
  "zh-TW": "這個回答沒有標註出處；以下是提供給它的段落。",
};

function reading(passages: number, documents: number, { name, writes }: Model): Phrase {
  const by = writes ? name : undefined;
  return {
    en: `${by ? `${by} is reading` : "Reading"} ${count(passages, "passage")} from ${count(documents, "document")}`,
    "zh-TW": `${by ? `${by} ` : ""}正在閱讀 ${documents} 份文件的 ${passages} 個段落`,
  };
}

function inLine(place: number): Phrase {
  return {
    en: `The model is busy with other questions; this one is number ${place} in line`,
    "zh-TW": `模型正在回答其他問題，這一題排在第 ${place} 位`,
  };
}

function smallPrint({ name }: Model, ms: number, documents: number): Phrase {
  const seconds = (ms / 1000).toFixed(1);
  return {
    en: `${name} · ${seconds} s · ${count(documents, "document")}`,
    "zh-TW": `${name} · ${seconds} 秒 · ${documents} 份文件`,
  };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function notFound({ hits: [nearest] }: Found): Phrase {
  if (!nearest)
    return {
      en: "I found nothing about this in the knowledge base. `/kb list` shows what is in it; an admin can add more with `/kb add`.",
      "zh-TW": "我在知識庫裡找不到相關內容。`/kb list` 可以看有哪些文件；管理員可以用 `/kb add` 加入更多。",
    };
  const place = [nearest.title, placeOf(nearest)].filter(Boolean).join(" › ");
  return {
    en: `I can't find an answer to this in the knowledge base. The closest is "${place}", but it does not seem to answer it.`,
    "zh-TW": `我在知識庫裡找不到這一題的答案。最接近的是「${place}」，但看來沒有回答到這個問題。`,
  };
}

function nothingToSearch(): BotError {
  return new BotError("usage", {
    en: "I see no words in that to search for. Ask me a question, for example: `/ask What is multi-head attention?`",
    "zh-TW": "這裡面沒有可以搜尋的文字。請問我一個問題，例如：`/ask 什麼是多頭注意力？`",
  });
}

function emptyAnswer({ name }: Model): BotError {
  return new BotError("overloaded", {
    en: `${name} sent back an empty answer.`,
    "zh-TW": `${name} 傳回了空白的回答。`,
  });
}
