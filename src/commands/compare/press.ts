// A button under a comparison was pressed: vote, reveal, or read in full. The same post is drawn again from what is kept.

import { BotError } from "../../core/errors.ts";
import type { Hit } from "../../core/knowledge.ts";
import type { Phrase } from "../../core/language.ts";
import type { Reply } from "../../core/reply.ts";
import { z } from "zod";
import { drawAnswers, drawFooter } from "./board.ts";
import { titleOf, type Board } from "./board-state.ts";
import type { Compare } from "./compare-call.ts";
import { Judgement } from "./judge.ts";
import * as phrases from "./phrases.ts";
import { Ballot, digestOf, keys, Outcome, Question, read } from "./records.ts";
import { castInto, isRevealed, revealBy } from "./votes.ts";

export async function* vote(call: Compare): AsyncGenerator<Reply, void, undefined> {
  const { args, tools, workspace, user } = call;
  const id = await idOf(call);
  const typed = args.vote!.trim();
  const choice = typed.length === 1 ? typed.toUpperCase() : typed.toLowerCase();
  const voter = digestOf(workspace, user.id);
  const done = await castInto(tools.records, { workspace, id, voter, choice, now: tools.world.now() });
  if (!done) throw gone();
  const { ballot, verdict } = done;
  const note: Record<typeof verdict, Phrase | undefined> = {
    counted: undefined,
    closed: phrases.CLOSED,
    "unknown-letter": phrases.noSuchLetter(typed, ballot.letters),
  };
  yield* redraw(call, id, note[verdict]);
}

export async function* reveal(call: Compare): AsyncGenerator<Reply, void, undefined> {
  const { tools, workspace, user } = call;
  const id = await idOf(call);
  const question = await read(tools.records, keys.question(workspace, id), Question);
  const ballot = await read(tools.records, keys.ballot(workspace, id), Ballot);
  if (!question || !ballot) throw gone();
  const isAsker = question.asker === digestOf(workspace, user.id);
  if (isAsker) await revealBy(tools.records, workspace, id);
  const refused = !isAsker && !isRevealed(ballot, tools.world.now());
  yield* redraw(call, id, refused ? phrases.onlyAsker(question.askerName, ballot.after) : undefined);
}

/** Every answer at its full length, for the one who pressed. */
export async function* showFull(call: Compare): AsyncGenerator<Reply, void, undefined> {
  const board = await loadBoard(call, await idOf(call));
  for (const [index, { text }] of board.outcomes.entries())
    if (text.trim()) yield { type: "text", section: titleOf(board, index), text: text.trim() };
}

/** The board never fails halfway: it stands in place of the one that everybody reads. */
async function* redraw(call: Compare, id: string, note: Phrase | undefined): AsyncGenerator<Reply> {
  const board = await loadBoard(call, id);
  yield* drawAnswers(board);
  if (note) yield { type: "note", text: call.say(note) };
  yield* drawFooter(board);
}

const Passages = z.object({ hits: z.array(z.custom<Hit>((value) => typeof value === "object")) });

async function loadBoard({ tools, workspace }: Compare, id: string): Promise<Board> {
  const { records, world, models } = tools;
  const question = await read(records, keys.question(workspace, id), Question);
  if (!question) throw gone();
  const [outcomes, passages, verdict, ballot] = await Promise.all([
    Promise.all(question.models.map((name) => read(records, keys.answer(workspace, id, name), Outcome))),
    read(records, keys.passages(workspace, id), Passages),
    read(records, keys.verdict(workspace, id), Judgement),
    read(records, keys.ballot(workspace, id), Ballot),
  ]);
  const whole = outcomes.filter((outcome) => outcome !== undefined);
  if (whole.length < outcomes.length || (!ballot && !question.open)) throw gone();
  const takesNone = (name: string) => models.names().includes(name) && models.pick(name).card?.samples === false;
  return {
    question,
    outcomes: whole,
    passages: question.kb ? (passages?.hits ?? []) : [],
    ballot,
    verdict: verdict ?? (question.judge ? "unreadable" : undefined),
    unsampled: question.temperature === undefined ? [] : question.models.filter(takesNone),
    now: world.now(),
  };
}

async function idOf({ args, tools, workspace, invocation }: Compare): Promise<string> {
  if (args.of !== undefined) return args.of;
  const latest = await tools.records.get(keys.latest(workspace, invocation.address.channel));
  if (typeof latest === "string") return latest;
  throw gone();
}

function gone(): BotError {
  return new BotError("not-found", {
    en: "I no longer have that comparison: it is over half a year old, was never finished, or belongs to another workspace.",
    "zh-TW": "我找不到那次比較：可能已超過半年、沒有完成，或屬於別的工作區。",
  });
}
