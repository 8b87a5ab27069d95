// A comparison as it stands in the chat, drawn from what is kept: by letters while it is blind, by names afterwards.

import { citedBy } from "../../../core/citations.ts";
import type { Hit } from "../../../core/knowledge.ts";
import type { Action, Reply } from "../../../core/reply.ts";
import { sourceOf } from "../../ask/cite.ts";
import { marksOf, namesShown, sayIn, titleOf, wordsOf, type Board, type Say } from "./board-state.ts";
import { LETTERS } from "../order.ts";
import * as phrases from "../phrases.ts";
import type { Outcome } from "../../../core/run-model.ts";
import { drawReveal } from "./reveal.ts";
import { smallPrint } from "./small-print.ts";
import { tally } from "../votes.ts";
import { incomplete, noAnswer } from "../why-not.ts";

/** Together, all answers fit a chat's message. */
const ROOM = 5400;
const SHORTEST_CUT = 700;
const LONGEST_CUT = 2400;
/** How many passages are shown as sources where no answer cites any. */
const UNCITED = 3;

/** One section for each answer. */
export function* drawAnswers(board: Board): Generator<Reply> {
  yield { type: "language", language: board.question.language };
  for (const [index] of board.outcomes.entries()) {
    const text = shorten(wordsOf(board, index), cutOf(board));
    yield { type: "text", section: titleOf(board, index), text, beside: true };
    yield* drawEnd(board, index);
  }
}

/** Answers that were shown as they came: marked, and cut where they are too long to stand together. */
export function* settleAnswers(board: Board): Generator<Reply> {
  for (const [index, { text }] of board.outcomes.entries()) {
    const settled = shorten(wordsOf(board, index), cutOf(board));
    if (settled && settled !== text.trim()) yield { type: "rewrite", section: titleOf(board, index), text: settled };
  }
}

/** What stands under one answer: how it ended, and once names are shown what is known of it. */
export function* drawEnd(board: Board, index: number): Generator<Reply> {
  const { question, outcomes, passages, ballot } = board;
  const say = sayIn(question);
  const section = titleOf(board, index);
  const outcome = outcomes[index]!;
  const code = codeOf(outcome);
  if (code && !outcome.text.trim()) yield { type: "text", section, text: say(noAnswer(code)) };
  else if (code) yield { type: "note", section, text: say(incomplete(code)) };
  if (!namesShown(board)) {
    if (outcome.end === "length" || outcome.end === "context-full")
      yield { type: "note", section, text: say(phrases.CUT_OFF) };
    return;
  }
  if (outcome.failure && outcome.failure.code !== "empty")
    yield { type: "note", section, text: outcome.failure[question.language] };
  const cited = passages.length > 0 ? citedBy(marksOf(outcome, passages)) : undefined;
  const letter = LETTERS[index]!;
  // What could not be voted for has not lost.
  const votes = ballot?.letters.includes(letter) ? (tally(ballot).get(letter) ?? 0) : undefined;
  yield { type: "note", section, text: smallPrint(outcome, { cited, votes, say }) };
}

/** What stands below the answers. */
export function* drawFooter(board: Board): Generator<Reply> {
  const { question, passages, outcomes } = board;
  const say = sayIn(question);
  yield* namesShown(board) ? drawReveal(board) : drawBlindNotes(board);
  yield* drawSources(outcomes, passages, say);
  yield { type: "actions", actions: actionsOf(board, say) };
  yield { type: "facts", facts: { more: { comparison: question.id, blind: !namesShown(board) } } };
}

function* drawBlindNotes(board: Board): Generator<Reply> {
  const { question, ballot, now, outcomes, texts } = board;
  const say = sayIn(question);
  const { unsampled } = question;
  if (unsampled.length > 0)
    yield { type: "note", text: say(phrases.someTakeNoTemperature(unsampled.length, outcomes.length)) };
  if (texts.some((text, index) => text !== wordsOf(board, index))) yield { type: "note", text: say(phrases.COVERED) };
  if (!ballot) return;
  const hours = (ballot.until - now) / 3_600_000;
  const votes = Object.keys(ballot.votes).length;
  yield { type: "note", text: say(phrases.soFar(votes, ballot.after, question.askerName, hours)) };
}

/** What all models were given and any cites. */
function* drawSources(outcomes: readonly Outcome[], passages: readonly Hit[], say: Say): Generator<Reply> {
  const cited = citedBy(outcomes.flatMap((outcome) => marksOf(outcome, passages)));
  const numbers = cited.length > 0 ? cited : passages.slice(0, UNCITED).map((_, i) => i + 1);
  for (const number of numbers) yield { type: "source", source: sourceOf(passages[number - 1]!, number, say) };
}

function actionsOf(board: Board, say: Say): readonly Action[] {
  const { question, ballot, texts } = board;
  const press = (label: string, options: Action["options"], shows: Action["shows"]): Action => ({
    label,
    command: "compare",
    options: { ...options, of: question.id },
    shows,
  });
  const full = texts.some((text) => text.length > cutOf(board))
    ? [press(say(phrases.SHOW_ALL), { full: true }, "to-presser")]
    : [];
  if (!ballot) return full;
  if (namesShown(board))
    return [...full, { label: say(phrases.RANKING), command: "compare", options: { scores: true }, shows: "below" }];
  return [
    ...ballot.letters.map((letter) => press(letter, { vote: letter }, "in-place")),
    press(say(phrases.TIE), { vote: "tie" }, "in-place"),
    press(say(phrases.BAD), { vote: "bad" }, "in-place"),
    press(say(phrases.REVEAL), { reveal: true }, "in-place"),
    ...full,
  ];
}

/** Why an answer is none, or not whole; undefined for one that is. */
function codeOf({ end, failure }: Outcome): string | undefined {
  if (end === "end" || end === "length" || end === "context-full") return undefined;
  return end === "failed" ? (failure?.code ?? "unforeseen") : end;
}

function cutOf({ outcomes }: Board): number {
  return Math.max(SHORTEST_CUT, Math.min(LONGEST_CUT, Math.floor(ROOM / outcomes.length)));
}

/** Cut at the last break before the limit, with an open block of code closed. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit);
  const at = Math.max(head.lastIndexOf("\n"), head.lastIndexOf("。") + 1, head.lastIndexOf(". ") + 1);
  const kept = (at > limit / 2 ? head.slice(0, at) : head).trimEnd();
  const isOpen = (kept.match(/^```/gm)?.length ?? 0) % 2 === 1;
  return `${kept} …${isOpen ? "\n```" : ""}`;
}
