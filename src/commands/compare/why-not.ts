// Exports what the board says in place of an answer, or under one that is not whole.

import { failureWords } from "../../core/failure-words.ts";
import type { Phrase } from "../../core/language.ts";

export function noAnswer(code: string): Phrase {
  const { en, "zh-TW": zh } = failureWords(code);
  return { en: `**No answer:** ${en}.`, "zh-TW": `**沒有回答：**${zh}。` };
}

export function incomplete(code: string): Phrase {
  const { en, "zh-TW": zh } = failureWords(code);
  return { en: `Incomplete: ${en}. It cannot be voted for.`, "zh-TW": `不完整：${zh}。不列入投票。` };
}
