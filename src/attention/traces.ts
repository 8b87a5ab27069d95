// Keeps the last few traces, so that a walk through views and heads computes nothing twice.

import { BoundedMap } from "../core/bounded-map.ts";
import { BotError } from "../core/errors.ts";
import { languageOf } from "../core/language.ts";
import type { AttentionModel, Trace } from "./model.ts";

/** A trace of 128 pieces takes some 3 MB. */
const MOST_KEPT = 16;
/** A text of which the model knows less is not shown as if it had been read. */
const LEAST_KNOWN = 0.5;

export interface Traces {
  /** Throws BotError "usage" for a text that the model cannot read, and what the model throws. */
  get(model: AttentionModel, text: string, signal: AbortSignal): Promise<Trace>;
}

export function createTraces(mostKept = MOST_KEPT): Traces {
  const cache = new BoundedMap<string, Trace>(mostKept);
  return {
    async get(model, text, signal) {
      const key = `${model.name}\n${text}`;
      const trace = cache.get(key) ?? (await model.trace(text, signal));
      check(model, text, trace);
      // What was asked for last is dropped last.
      cache.set(key, trace);
      return trace;
    },
  };
}

function check(model: AttentionModel, text: string, { pieces }: Trace): void {
  const total = pieces.reduce((sum, piece) => sum + piece.text.length, 0);
  if (total === 0) throw nothingToRead();
  const known = pieces.reduce((sum, piece) => sum + (piece.unknown ? 0 : piece.text.length), 0);
  if (known / total >= LEAST_KNOWN) return;
  const language = languageOf(text);
  throw language && model.lacks.includes(language) ? noChinese(model.name) : mostlyUnknown(model.name);
}

function nothingToRead(): BotError {
  return new BotError("usage", {
    en: "There is nothing to read in this text. Give me a sentence: `/explain-attention The cat sat on the mat`.",
    "zh-TW": "這段文字裡沒有可以讀的內容。請給我一句話，例如：`/explain-attention The cat sat on the mat`。",
  });
}

function noChinese(name: string): BotError {
  return new BotError("usage", {
    en: `The bundled model (${name}) knows no Chinese: to it, all Chinese text is one unknown piece. Name a model that does: \`/explain-attention --model Xenova/bert-base-chinese …\`, or work an example by hand: \`/explain-attention --toy 貓=0.1,0.3 坐=0.5,0.7\`.`,
    "zh-TW": `內建的模型（${name}）不懂中文：在它眼裡，整段中文只是一個不認識的片段，畫出來的圖沒有意義。請指定看得懂中文的模型：\`/explain-attention --model Xenova/bert-base-chinese …\`；或手算一個例子：\`/explain-attention --toy 貓=0.1,0.3 坐=0.5,0.7\`。`,
  });
}

function mostlyUnknown(name: string): BotError {
  return new BotError("usage", {
    en: `The model ${name} does not know most of this text, so its attention would mean nothing. Try plain words, or name another model with \`--model\`.`,
    "zh-TW": `模型 ${name} 看不懂這段文字的大部分，它的注意力沒有意義。請換一句話，或用 \`--model\` 指定其他模型。`,
  });
}
