// What a model is given for a question: as many of the passages as fit, best first, with room left for the answer.

import type { Hit } from "../core/knowledge.ts";
import type { Language } from "../core/language.ts";
import type { Prompt } from "../core/model.ts";
import { estimateTokens } from "../core/tokens.ts";

/** Tokens kept free for the answer, and for the instructions and the frame around each passage. */
const ANSWER_TOKENS = 2000;
const FRAME_TOKENS = 800;
const PASSAGE_FRAME_TOKENS = 40;

/** `window` counts the model's tokens of prompt and answer together. The first passage is always kept. */
export function groundedPrompt(
  question: string,
  hits: readonly Hit[],
  { window, language }: { window: number; language: Language },
): Prompt {
  const maxTokens = Math.min(ANSWER_TOKENS, Math.floor(window / 3));
  const room = window - maxTokens - FRAME_TOKENS - estimateTokens(question);
  return { messages: [{ role: "user", text: question }], passages: fit(hits, room), language, maxTokens };
}

function fit(hits: readonly Hit[], room: number): readonly Hit[] {
  let left = room;
  return hits.filter(({ text, title }, i) => {
    const cost = estimateTokens(text) + estimateTokens(title) + PASSAGE_FRAME_TOKENS;
    if (cost > left && i > 0) return false;
    left -= cost;
    return true;
  });
}
