// Handles a button of a comparison, or its time: draws the same post again from the records.

import * as phrases from "./messages.ts";
import { z } from "zod";
import { BotError } from "../../core/errors.ts";
import type { Hit } from "../../core/knowledge.ts";
import type { Reply } from "../../core/reply.ts";
import {
  drawAnswers,
  drawFooter,
  isInPlace,
  releaseRenderLock,
  lookAgain,
  acquireRenderLock,
  stateOf,
  untilReveal,
} from "./board.ts";
import { markedTexts, answerTitle, answerWords, type Board } from "./board-state.ts";
import type { Compare } from "./args.ts";
import { Verdict } from "./judge.ts";
import { createMask } from "./redact.ts";
import { Ballot, wordsDigest, keys, Latest, placesSeenFrom, Comparison, readRecord } from "./records.ts";
import { Outcome } from "../../core/run-model.ts";
import { castInto, isRevealed, revealBy } from "./votes.ts";

type Replies = AsyncGenerator<Reply, void, undefined>;

export async function* vote(call: Compare): Replies {
  const { args, tools, workspace, user } = call;
  const { id, askerName } = await findComparison(call);
  const typed = args.vote!.trim();
  const choice = typed.length === 1 ? typed.toUpperCase() : typed.toLowerCase();
  const voter = wordsDigest(workspace, user.id);
  const done = await castInto(tools.records, { workspace, id, voter, choice, now: tools.runtime.now() });
  if (!done) throw gone();
  if (done.verdict === "unknown-letter") throw new BotError("usage", phrases.noSuchLetter(typed, done.ballot.letters));
  const { ballot } = done;
  // Typed, it stands below the board; another board there would only repeat it.
  if (!isInPlace(call) && done.verdict === "closed") throw new BotError("usage", phrases.CLOSED);
  if (!isInPlace(call) && !isRevealed(ballot, tools.runtime.now()))
    return yield* confirm(call, choice, ballot, askerName);
  yield* redraw(call, id);
}

function* confirm({ tools, say }: Compare, choice: string, ballot: Ballot, asker: string): Generator<Reply> {
  const hours = (ballot.until - tools.runtime.now()) / 3_600_000;
  yield { type: "text", text: say(phrases.yourVote(choice)) };
  yield { type: "note", text: say(phrases.soFar(Object.keys(ballot.votes).length, ballot.after, asker, hours)) };
}

/** Throws BotError "forbidden" for whoever did not ask, while the names are hidden. */
export async function* reveal(call: Compare): Replies {
  const { tools, workspace, user } = call;
  const question = await findComparison(call);
  const ballot = await readRecord(tools.records, keys.ballot(workspace, question.id), Ballot);
  if (!ballot) throw gone();
  const isAsker = question.asker === wordsDigest(workspace, user.id);
  if (!isAsker && !isRevealed(ballot, tools.runtime.now()))
    throw new BotError("forbidden", phrases.onlyAsker(question.askerName, ballot.after));
  if (isAsker) await revealBy(tools.records, workspace, question.id);
  yield* redraw(call, question.id);
}

/** Typed, the comparison as it stands; asked by the clock, only where what stands in the chat is no longer right. */
export async function* showBoard(call: Compare): Replies {
  const { tools, workspace } = call;
  const { id } = await findComparison(call);
  const drawn = isInPlace(call) ? await releaseRenderLock(tools.records, workspace, id) : undefined;
  if (drawn !== stateOf(await loadBoard(call, id))) yield* redraw(call, id);
}

/** Every answer at its full length, for the one who pressed. */
export async function* showFull(call: Compare): Replies {
  const board = await loadBoard(call, (await findComparison(call)).id);
  for (const [index] of board.outcomes.entries()) {
    const text = answerWords(board, index);
    if (text) yield { type: "text", section: answerTitle(board, index), text };
  }
}

/** Everything is read before the first word: the board stands in place of the one that everybody reads. */
async function* redraw(call: Compare, id: string): Replies {
  const { tools, workspace, invocation } = call;
  const board = await loadBoard(call, id);
  const inPlace = isInPlace(call);
  if (inPlace && !(await acquireRenderLock(tools.records, workspace, board))) return;
  yield* drawAnswers(board);
  yield* drawFooter(board);
  yield* untilReveal(board);
  if (inPlace) yield lookAgain(board, invocation.id);
}

const Passages = z.object({ hits: z.array(z.custom<Hit>((value) => typeof value === "object")) });

async function loadBoard({ tools, workspace }: Compare, id: string): Promise<Board> {
  const { records, runtime } = tools;
  const question = await readRecord(records, keys.question(workspace, id), Comparison);
  if (!question) throw gone();
  const [outcomes, passages, verdict, ballot] = await Promise.all([
    Promise.all(question.models.map((name) => readRecord(records, keys.answer(workspace, id, name), Outcome))),
    readRecord(records, keys.passages(workspace, id), Passages),
    readRecord(records, keys.verdict(workspace, id), Verdict),
    readRecord(records, keys.ballot(workspace, id), Ballot),
  ]);
  const whole = outcomes.filter((outcome) => outcome !== undefined);
  if (whole.length < outcomes.length || (!ballot && !question.open)) throw gone();
  const answers = { outcomes: whole, passages: question.kb ? (passages?.hits ?? []) : [] };
  return {
    ...answers,
    question,
    texts: markedTexts(tools, question, answers),
    ballot,
    verdict: verdict ?? (question.judge ? "unreadable" : undefined),
    now: runtime.now(),
    mask: createMask(tools.models.families()),
  };
}

/** Throws BotError "not-found" for one of another place too: its answers are for those who are in there. */
async function findComparison(call: Compare): Promise<Comparison> {
  const { args, tools, workspace } = call;
  const id = args.of ?? (await latest(call));
  const question =
    id === undefined ? undefined : await readRecord(tools.records, keys.question(workspace, id), Comparison);
  if (!question || !mayOpen(question, call)) throw gone();
  // Where others would see it too, whoever asked it is told how to see it alone.
  const isForOthersToo = call.invocation.address.privacy === "public";
  if (question.privacy === "private" && isForOthersToo) throw new BotError("forbidden", phrases.ASKED_PRIVATELY);
  return question;
}

/** What was asked in private is its asker's alone; the rest is for the channel where it was asked, or for that thread of it. */
function mayOpen(
  { privacy, asker, place }: Comparison,
  { workspace, invocation: { address }, user }: Compare,
): boolean {
  const isAsker = asker === wordsDigest(workspace, user.id);
  if (privacy === "private") return isAsker;
  // The asker may be reading in their direct messages, where the answer went on.
  return placesSeenFrom(address).includes(place) || (isAsker && address.privacy === "private");
}

/** The newest that was asked here, else in the channel around; for whoever asks in private, their own private ones count too. */
async function latest({ tools, workspace, invocation: { address }, user }: Compare): Promise<string | undefined> {
  const asker = address.privacy === "private" ? wordsDigest(workspace, user.id) : undefined;
  const latestIn = (place: string, asker?: string) =>
    readRecord(tools.records, keys.latest(workspace, { place, asker }), Latest);
  for (const place of placesSeenFrom(address)) {
    const [open, own] = await Promise.all([latestIn(place), asker ? latestIn(place, asker) : undefined]);
    const newest = (own?.at ?? -Infinity) > (open?.at ?? -Infinity) ? own : open;
    if (newest) return newest.id;
  }
  return undefined;
}

function gone(): BotError {
  return new BotError("not-found", {
    en: "I no longer have that comparison: it is over half a year old, was never finished, or belongs to another place or person.",
    "zh-TW": "我找不到那次比較：可能已超過半年、沒有完成，或屬於別的頻道、討論串或別人。",
  });
}
