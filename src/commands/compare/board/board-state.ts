// What a comparison's picture in the chat is drawn from, and whether its names may be shown.

import { marksIn, type Mark } from "../../../core/citations.ts";
import type { Toolbox } from "../../../core/command.ts";
import type { Hit } from "../../../core/knowledge.ts";
import type { Phrase } from "../../../core/language.ts";
import { withWarnings } from "../../ask/cite.ts";
import type { Verdict } from "./judge.ts";
import type { Mask } from "../mask.ts";
import { LETTERS } from "../order.ts";
import type { Ballot, Question } from "../records.ts";
import type { Outcome } from "../../../core/run-model.ts";
import { isRevealed } from "../votes.ts";

export interface Board {
  question: Question;
  /** In the order of the question's models. */
  outcomes: readonly Outcome[];
  /** What each said, with a mark where its source says otherwise. */
  texts: readonly string[];
  passages: readonly Hit[];
  /** Undefined for an open comparison, which nobody votes on. */
  ballot: Ballot | undefined;
  verdict: Verdict | "unreadable" | undefined;
  now: number;
  mask: Mask;
}

export function namesShown({ ballot, now }: Board): boolean {
  return !ballot || isRevealed(ballot, now);
}

export function titleOf(board: Board, index: number): string {
  return namesShown(board) ? `${LETTERS[index]} · ${board.question.models[index]}` : LETTERS[index]!;
}

/** The answers as they are shown, each held against the passages that it cites. */
export function markedTexts(
  { knowledge }: Pick<Toolbox, "knowledge">,
  question: Question,
  { passages, outcomes }: Pick<Board, "passages" | "outcomes">,
): readonly string[] {
  const say = sayIn(question);
  return outcomes.map(({ text, marks }) => {
    // Quotes are their own proof.
    const checked = passages.length > 0 && !marks ? knowledge.check(text, passages) : [];
    return withWarnings({ text, marks: [] }, checked, say).text.trim();
  });
}

/** Where an answer cites the passages. */
export function marksOf({ text, marks }: Outcome, passages: readonly Hit[]): readonly Mark[] {
  return marks ?? marksIn(text, passages);
}

/** An answer's words as they may be read now: while the board is blind, no model says who it is. */
export function wordsOf(board: Board, index: number): string {
  const text = board.texts[index]!;
  return namesShown(board) ? text : board.mask(text);
}

export type Say = (phrase: Phrase) => string;

/** The language of the question, whoever presses a button. */
export function sayIn({ language }: Question): Say {
  return (phrase) => phrase[language];
}
