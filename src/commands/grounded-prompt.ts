// What a model is given for a question: what was said before, and as many of the passages as fit, best first, with room for the answer.

import type { Hit } from "../core/knowledge.ts";
import type { Language } from "../core/language.ts";
import type { ChatMessage, Prompt } from "../core/model.ts";
import { estimateTokens } from "../core/tokens.ts";

/** Tokens kept free for the answer, and for the instructions and the frame around each passage. */
const ANSWER_TOKENS = 2000;
const FRAME_TOKENS = 800;
/** What a thinking model may think beside that, and the share of a small window that it may take. */
const THINKING_TOKENS = 8192;
const THINKING_SHARE = 0.25;
const PASSAGE_FRAME_TOKENS = 40;
/** The share of the room that earlier turns may take, and that people's words around the question may. */
const HISTORY_SHARE = 0.25;
const BACKGROUND_SHARE = 0.15;

interface Conversation {
  /** Tokens of prompt and answer together. */
  window: number;
  /** Whether the model thinks before it writes. */
  thinks?: boolean | undefined;
  language: Language;
  /** Question and answer in turn, oldest first. */
  history?: readonly ChatMessage[];
  background?: NonNullable<Prompt["background"]>;
}

/** The first passage is always kept; of what was said before, the latest that fits. */
export function groundedPrompt(
  question: string,
  hits: readonly Hit[],
  { window, thinks = false, language, history = [], background = [] }: Conversation,
): Prompt {
  const maxTokens = Math.min(ANSWER_TOKENS, Math.floor(window / 3));
  const thoughts = thinks ? Math.min(THINKING_TOKENS, Math.floor(window * THINKING_SHARE)) : 0;
  const room = Math.max(0, window - maxTokens - thoughts - FRAME_TOKENS - estimateTokens(question));
  const earlier = latest(history, room * HISTORY_SHARE);
  const around = latest(background, room * BACKGROUND_SHARE);
  const left = room - costOf(earlier) - costOf(around);
  return {
    // An answer without its question would begin a conversation nobody had.
    messages: [...earlier.slice(earlier[0]?.role === "assistant" ? 1 : 0), { role: "user", text: question }],
    passages: fit(hits, left),
    ...(around.length > 0 && { background: around }),
    language,
    maxTokens,
  };
}

function latest<Said extends { text: string }>(said: readonly Said[], room: number): readonly Said[] {
  let left = room;
  const from = said.findLastIndex((each) => (left -= costOf([each])) < 0);
  return said.slice(from + 1);
}

function costOf(said: readonly { text: string }[]): number {
  return said.reduce((sum, { text }) => sum + estimateTokens(text) + PASSAGE_FRAME_TOKENS / 4, 0);
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
