// One comparison from the first status to the buttons: blind, where the answers appear together, or open, side by side as they come.

import type { Language } from "../../../core/language.ts";
import { BotError } from "../../../core/errors.ts";
import type { Reply } from "../../../core/reply.ts";
import { isDeclined, isVotable, mayPass } from "../../../core/run-model.ts";
import { drawAnswers, drawFooter, settleAnswers } from "../board/board.ts";
import { markedTexts, namesShown, sayIn, type Board } from "../board/board-state.ts";
import type { Compare } from "../compare-call.ts";
import { untilReveal } from "../board/drawing.ts";
import { hearAll } from "./hear.ts";
import { createMask } from "../mask.ts";
import { LETTERS } from "../order.ts";
import * as phrases from "../phrases.ts";
import { prepare, type Prepared } from "./prepare.ts";
import { Ballot, keys, read, toJson, wordsTtl, type Question } from "../records.ts";
import type { Outcome } from "../../../core/run-model.ts";
import { topicOf } from "../topic.ts";
import { readVerdict } from "./verdict.ts";
import { failureWords } from "../../../core/failure-words.ts";

const USUAL_VOTES = 3;
const USUAL_HOURS = 24;
const HOUR = 3_600_000;

export async function* compareModels(call: Compare): AsyncGenerator<Reply, void, undefined> {
  const { args, tools, workspace } = call;
  if (args.kb) yield { type: "status", text: call.say(phrases.SEARCHING) };
  const prepared = await prepare(call);
  const { question, models } = prepared;
  const say = sayIn(question);
  if (prepared.leftOut.length > 0) yield { type: "note", text: say(phrases.leftOut(prepared.leftOut)) };
  if (prepared.answerable === false)
    yield { type: "note", text: say(prepared.prompt.passages.length > 0 ? phrases.NOT_IN_KB : phrases.NOTHING_IN_KB) };
  const outcomes = yield* hearAll(call, prepared);
  if (outcomes.every((outcome) => !outcome.text.trim() && !isDeclined(outcome))) throw allFailed(models, outcomes);
  // Failures too, for whoever votes later is shown the same board.
  for (const [i, outcome] of outcomes.entries())
    await tools.records.set(
      keys.answer(workspace, question.id, question.models[i]!),
      toJson(outcome),
      wordsTtl(question),
    );
  const ballot = question.open ? undefined : await openBallot(call, prepared, outcomes);
  const { passages } = prepared.prompt;
  const texts = markedTexts(tools, question, { passages, outcomes });
  const mask = createMask(tools.models.families());
  const now = tools.world.now();
  const board: Board = { question, outcomes, texts, passages, ballot, verdict: undefined, now, mask };
  yield* question.open ? settleAnswers(board) : drawAnswers(board);
  if (outcomes.filter(isVotable).length < 2 && !question.open) yield { type: "note", text: say(phrases.ONE_ANSWER) };
  if (call.user.isLocal && !namesShown(board)) yield { type: "note", text: say(phrases.TYPED) };
  if (prepared.judge) yield { type: "status", text: say(phrases.JUDGING) };
  yield* drawFooter({ ...board, verdict: await readVerdict(call, prepared, outcomes) });
  yield* untilReveal(board);
}

/** The ballot of the first attempt, where there was one: votes may have been cast. */
async function openBallot(
  { args, tools, workspace }: Compare,
  { question }: Prepared,
  outcomes: readonly Outcome[],
): Promise<Ballot> {
  const now = tools.world.now();
  const letters = outcomes.flatMap((outcome, i) => (isVotable(outcome) ? [LETTERS[i]!] : []));
  const { channel, language, models, prompt, kb, id } = question;
  const ballot: Ballot = {
    channel,
    language,
    topic: topicOf(prompt, kb),
    models,
    letters,
    at: now,
    after: args.votes ?? USUAL_VOTES,
    until: now + (args.hours ?? USUAL_HOURS) * HOUR,
    votes: {},
    casts: 0,
    // With nothing to choose from, there is nothing to hide.
    ...(letters.length < 2 && { revealed: "asker" as const }),
  };
  const key = keys.ballot(workspace, id);
  await tools.records.set(latestKeyOf(workspace, question), { id, at: now }, wordsTtl(question));
  if (await tools.records.claim(key, toJson(ballot))) return ballot;
  return (await read(tools.records, key, Ballot)) ?? ballot;
}

/** What was asked in private is never the latest of its place, only of its asker's own there. */
function latestKeyOf(workspace: string, { place, privacy, asker }: Question): string {
  return keys.latest(workspace, privacy === "private" ? { place, asker } : { place });
}

/** Retryable where one of the failures may pass. */
function allFailed(models: Prepared["models"], outcomes: readonly Outcome[]): BotError {
  const passing = outcomes.find(mayPass);
  const { end: firstEnd, failure } = passing ?? outcomes[0]!;
  const code = firstEnd === "late" ? "timeout" : failure?.code;
  const why = (language: Language) =>
    models.map(({ name }, i) => {
      const { end, failure } = outcomes[i]!;
      return `${name}: ${failure?.[language] ?? failureWords(end)[language]}`;
    });
  const known = code === undefined || code === "unforeseen" ? "unavailable" : code;
  return new BotError(known as BotError["code"], {
    en: `None of the models answered.\n${why("en").join("\n")}`,
    "zh-TW": `沒有任何模型回答。\n${why("zh-TW").join("\n")}`,
  });
}
