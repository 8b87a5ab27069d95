// What a comparison's picture in the chat is drawn from, and whether its names may be shown.

import type { Hit } from "../../core/knowledge.ts";
import type { Phrase } from "../../core/language.ts";
import type { Judgement } from "./judge.ts";
import { coverNames } from "./mask.ts";
import { LETTERS } from "./order.ts";
import type { Ballot, Outcome, Question } from "./records.ts";
import { isRevealed } from "./votes.ts";

export interface Board {
  question: Question;
  /** In the order of the question's models. */
  outcomes: readonly Outcome[];
  passages: readonly Hit[];
  /** Undefined for an open comparison, which nobody votes on. */
  ballot: Ballot | undefined;
  verdict: Judgement | "unreadable" | undefined;
  now: number;
}

export function namesShown({ ballot, now }: Board): boolean {
  return !ballot || isRevealed(ballot, now);
}

export function titleOf(board: Board, index: number): string {
  return namesShown(board) ? `${LETTERS[index]} · ${board.question.models[index]}` : LETTERS[index]!;
}

/** An answer's words as they may be read now: while the board is blind, no model says who it is. */
export function wordsOf(board: Board, index: number): string {
  const text = board.outcomes[index]!.text.trim();
  return namesShown(board) ? text : coverNames(text);
}

export type Say = (phrase: Phrase) => string;

/** The language of the question, whoever presses a button. */
export function sayIn({ language }: Question): Say {
  return (phrase) => phrase[language];
}
