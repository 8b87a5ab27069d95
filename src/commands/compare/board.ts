// Draws a comparison from its records: by letters while it is blind, by names afterwards.

import { truncate } from "../../core/text.ts";
import * as phrases from "./messages.ts";
import { citedBy } from "../../core/citations.ts";
import type { Hit } from "../../core/knowledge.ts";
import { linesOf, withClosedBlocks } from "../../core/markdown.ts";
import type { Action, Reply } from "../../core/reply.ts";
import { sourceOf } from "../ask/citations.ts";
import {
  marksOf,
  namesShown,
  sayIn,
  answerTitle,
  answerWords,
  type Board,
  type Say,
  answerSmallPrint,
} from "./board-state.ts";
import { LETTERS } from "./order.ts";
import type { Outcome } from "../../core/run-model.ts";
import { drawReveal } from "./reveal.ts";
import { tally } from "./votes.ts";
import { incomplete, noAnswerBecause } from "./messages.ts";
import type { Records } from "../../core/records.ts";
import type { Compare } from "./args.ts";
import { wordsDigest, keys } from "./records.ts";

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
    const text = clipMarkdown(answerWords(board, index), cutOf(board));
    yield { type: "text", section: answerTitle(board, index), text, beside: true };
    yield* drawEnd(board, index);
  }
}

/** Answers that were shown as they came: marked, and cut where they are too long to stand together. */
export function* settleAnswers(board: Board): Generator<Reply> {
  for (const [index, { text }] of board.outcomes.entries()) {
    const settled = clipMarkdown(answerWords(board, index), cutOf(board));
    if (settled && settled !== text.trim())
      yield { type: "rewrite", section: answerTitle(board, index), text: settled };
  }
}

/** What stands under one answer: how it ended, and once names are shown what is known of it. */
export function* drawEnd(board: Board, index: number): Generator<Reply> {
  const { question, outcomes, passages, ballot } = board;
  const say = sayIn(question);
  const section = answerTitle(board, index);
  const outcome = outcomes[index]!;
  const code = codeOf(outcome);
  if (code && !outcome.text.trim()) yield { type: "text", section, text: say(noAnswerBecause(code)) };
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
  yield { type: "note", section, text: answerSmallPrint(outcome, { cited, votes, say }) };
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
  if (texts.some((text, index) => text !== answerWords(board, index)))
    yield { type: "note", text: say(phrases.COVERED) };
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
export function clipMarkdown(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = truncate(text, limit);
  const at = Math.max(head.lastIndexOf("\n"), head.lastIndexOf("。") + 1, head.lastIndexOf(". ") + 1);
  const kept = (at > limit / 2 ? head.slice(0, at) : head).trimEnd();
  // A mark behind a fence would make it none.
  const isFence = /[`~]$/.test(kept) && [...linesOf(kept)].at(-1)!.role !== "outside";
  return withClosedBlocks(`${kept}${isFence ? "\n" : " "}…`);
}

/** Milliseconds. A drawing whose worker died is waited for this long. */
const LONGEST_DRAWING = 30_000;
const LOOK_AGAIN = 1500;
/** Buttons work for a day after they were drawn, so a board that stands longer is drawn anew before that. */
const REDRAWN_AFTER = 20 * 3_600_000;
/** The clocks of two machines are never quite the same. */
const MARGIN = 1000;

/** Whether this is a button's or the clock's call, whose answer takes the place of the board. */
export function isInPlace({ args, user }: Compare): boolean {
  return args.of !== undefined && !user.isLocal;
}

/**
 * Whether nobody else is at it. Whoever is looks again after its drawing stands, and what was changed before this was
 * asked is seen then: it lets go before it looks. Names that are out wait for nobody.
 */
export async function acquireRenderLock(records: Records, workspace: string, board: Board): Promise<boolean> {
  const key = keys.drawing(workspace, board.question.id);
  if (!namesShown(board)) return records.claim(key, stateOf(board), LONGEST_DRAWING);
  await records.set(key, stateOf(board), LONGEST_DRAWING);
  return true;
}

/** Lets go of the drawing, whoever began it; returns the state that was drawn, where that is known. */
export async function releaseRenderLock(records: Records, workspace: string, id: string): Promise<string | undefined> {
  const key = keys.drawing(workspace, id);
  const drawn = await records.get(key);
  await records.delete(key);
  return typeof drawn === "string" ? drawn : undefined;
}

/** Two boards of the same state look the same. */
export function stateOf(board: Board): string {
  return `${board.ballot?.casts ?? 0}/${namesShown(board)}`;
}

/** The clock looks again at a board that was drawn in place: a slower hand may have drawn an older one over it. */
export function lookAgain({ question, now }: Board, job: string): Reply {
  const id = `${question.id}-${wordsDigest("", job).slice(0, 8)}`;
  return appointment(id, now + LOOK_AGAIN, question.id);
}

/** The clock reveals the names; long before that it keeps the buttons fresh. */
export function* untilReveal(board: Board): Generator<Reply> {
  const { question, ballot, now } = board;
  if (!ballot || namesShown(board)) return;
  const number = Math.floor((now - ballot.at) / REDRAWN_AFTER) + 1;
  const at = Math.min(ballot.until + MARGIN, ballot.at + number * REDRAWN_AFTER);
  yield appointment(`${question.id}-t${number}`, at, question.id);
}

function appointment(id: string, at: number, of: string): Reply {
  return { type: "appointment", appointment: { id, at, command: "compare", options: { board: true, of } } };
}
