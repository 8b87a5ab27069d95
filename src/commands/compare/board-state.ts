// Defines what a comparison's board is drawn from, and whether its names may be shown.

import * as phrases from "./messages.ts";
import { marksIn, type Mark } from "../../core/citations.ts";
import type { Toolbox } from "../../core/command.ts";
import type { Hit } from "../../core/knowledge.ts";
import type { Phrase } from "../../core/language.ts";
import { withWarnings } from "../ask/citations.ts";
import type { Verdict } from "./judge.ts";
import type { Mask } from "./redact.ts";
import { LETTERS } from "./order.ts";
import type { Ballot, Comparison } from "./records.ts";
import type { Outcome } from "../../core/run-model.ts";
import { isRevealed } from "./votes.ts";
import { dollars, seconds } from "../../core/figures.ts";

export interface Board {
  question: Comparison;
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

export function answerTitle(board: Board, index: number): string {
  return namesShown(board) ? `${LETTERS[index]} · ${board.question.models[index]}` : LETTERS[index]!;
}

/** The answers as they are shown, each held against the passages that it cites. */
export function markedTexts(
  { knowledge }: Pick<Toolbox, "knowledge">,
  question: Comparison,
  { passages, outcomes }: Pick<Board, "passages" | "outcomes">,
): readonly string[] {
  const say = sayIn(question);
  return outcomes.map(({ text, marks }) => {
    // Quotes are their own proof.
    const checked = passages.length > 0 && !marks ? knowledge.checkCitations(text, passages) : [];
    return withWarnings({ text, marks: [] }, checked, say).text.trim();
  });
}

/** Where an answer cites the passages. */
export function marksOf({ text, marks }: Outcome, passages: readonly Hit[]): readonly Mark[] {
  return marks ?? marksIn(text, passages);
}

/** An answer's words as they may be read now: while the board is blind, no model says who it is. */
export function answerWords(board: Board, index: number): string {
  const text = board.texts[index]!;
  return namesShown(board) ? text : board.mask(text);
}

export type Say = (phrase: Phrase) => string;

/** The language of the question, whoever presses a button. */
export function sayIn({ language }: Comparison): Say {
  return (phrase) => phrase[language];
}

/** In one line, for under the answer. `cited` is undefined where no passages were given, `votes` where none are cast. */
export function answerSmallPrint(
  outcome: Outcome,
  {
    cited,
    votes,
    say,
  }: { cited?: readonly number[] | undefined; votes?: number | undefined; say: (phrase: Phrase) => string },
): string {
  const { firstToken, total, usage, end, named } = outcome;
  return [
    ...(firstToken === undefined ? [] : [say(firstWord(firstToken))]),
    seconds(total),
    ...(usage ? [say(tokens(usage)), `${speed(usage.output, total)} tokens/s`] : []),
    say(costIn(outcome)),
    ...(end === "end" ? [say(phrases.FINISHED)] : []),
    ...(end === "length" || end === "context-full" ? [say(phrases.CUT_OFF)] : []),
    ...(cited ? [cited.length > 0 ? say(cites(cited)) : say(phrases.CITES_NOTHING)] : []),
    ...(named ? [say(phrases.calledByVendor(named))] : []),
    ...(votes === undefined ? [] : [say(phrases.votesFor(votes))]),
  ].join(" · ");
}

/** What was not counted has no cost that could be known, whatever its price. */
export function costIn({ cost, isLocal, usage }: Outcome): Phrase {
  if (cost === undefined) return usage ? phrases.PRICE_UNKNOWN : phrases.COST_UNKNOWN;
  if (cost === 0) return isLocal ? phrases.FREE_LOCAL : phrases.FREE;
  return { en: dollars(cost), "zh-TW": dollars(cost) };
}

/** Over the whole time, for a thinking model's thoughts are among its tokens. */
function speed(output: number, total: number): string {
  return total > 0 ? (output / (total / 1000)).toFixed(output / total > 0.01 ? 0 : 1) : "∞";
}

function firstWord(ms: number): Phrase {
  return { en: `${seconds(ms)} to first word`, "zh-TW": `${seconds(ms)} 出現第一個字` };
}

function tokens({ input, output }: { input: number; output: number }): Phrase {
  return { en: `${input} → ${output} tokens`, "zh-TW": `${input} → ${output} token` };
}

function cites(numbers: readonly number[]): Phrase {
  const list = numbers.map((number) => `[${number}]`).join("");
  return { en: `cites ${list}`, "zh-TW": `引用 ${list}` };
}
