// Exports the limit to ask a model for, so that its thoughts do not eat the answer.

import type { Capabilities } from "./catalog/index.ts";

/** What a thinking model may think, in tokens, beside the answer itself. */
const ROOM_TO_THINK = 8192;

/** Tokens of answer and thoughts together, at most what the context window has left beside a prompt of `promptTokens`. */
export function withRoomToThink(
  answerTokens: number,
  { isReasoning, contextWindow }: Capabilities,
  promptTokens = 0,
): number {
  if (!isReasoning) return answerTokens;
  return Math.max(answerTokens, Math.min(answerTokens + ROOM_TO_THINK, contextWindow - promptTokens));
}
