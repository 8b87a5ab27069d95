// "What is X?" is answered by the sentence that says what X is, not by the one that mentions X most.

import type { Tokenize } from "./tokens.ts";

const ASKS =
  /^\W*(?:what(?:'s|’s|\s+is|\s+are|\s+does)|define|explain)\b|什麼是|甚麼是|是什麼|是甚麼|是啥|何謂|什麼意思|的定義/i;
/** Where a sentence turns from its subject to what it says of it. */
const TURN = /\s(?:is|are|means|refers\s+to|stands\s+for)\s|(?:是指|是|指的是|意指|即為)/;
const ASIDE = /\([^)]*\)|（[^）]*）/g;
/** A subject may bring an article or a qualifier of its own, and no more. */
const MOST_BESIDES = 2;

export function asksForDefinition(question: string): boolean {
  return ASKS.test(question);
}

/** Whether the sentence's subject is what the question asks about, all of it and little else. */
export function defines(sentence: string, question: ReadonlyMap<string, number>, tokenize: Tokenize): boolean {
  const turn = TURN.exec(sentence);
  if (!turn) return false;
  const subject = sentence.slice(0, turn.index);
  const [plain, whole] = [subject.replace(ASIDE, ""), subject].map((text) => new Set(tokenize(text, "passage").terms));
  const isNamed = [...question.keys()].every((term) => whole?.has(term));
  return isNamed && [...(plain ?? [])].filter((term) => !question.has(term)).length <= MOST_BESIDES;
}
