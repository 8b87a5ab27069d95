// What a language model would go on with, under what it looked at to say so.

import type { Scene } from "../scene.ts";
import { printable } from "../tokens.ts";
import { clip, MOST_COLUMNS } from "./layout.ts";

/** Nothing for a model that says nothing. */
export function drawNext({ trace, language }: Scene): string[] {
  if (!trace.next) return [];
  const lines = trace.next.map(({ text, probability }) => {
    const share = `${String(Math.round(probability * 100)).padStart(3)}%`;
    return `${share} ${clip(printable(text), MOST_COLUMNS - 5)}`;
  });
  return ["", { en: "likeliest next:", "zh-TW": "接下來最可能是：" }[language], ...lines];
}
