// One comparison from the first status to the buttons: blind, where the answers appear together, or open, side by side as they come.

import { toJson } from "../../core/json.ts";
import { HOUR_MS } from "../../core/time.ts";
import * as phrases from "./messages.ts";
import type { Language } from "../../core/language.ts";
import { BotError } from "../../core/errors.ts";
import type { Reply } from "../../core/reply.ts";
import { isDeclined, isVotable, mayPass, type Outcome } from "../../core/run-model.ts";
import { drawAnswers, drawFooter, settleAnswers, untilReveal, drawEnd } from "./board.ts";
import { markedTexts, namesShown, sayIn, type Board, answerTitle, type Say } from "./board-state.ts";
import type { Compare } from "./args.ts";
import { createMask } from "./redact.ts";
import { LETTERS } from "./order.ts";
import { prepare, type Prepared } from "./prepare.ts";
import { Ballot, keys, readRecord, wordsTtl, type Comparison } from "./records.ts";
import { topicOf } from "./messages.ts";
import { readVerdict } from "./judge.ts";
import { failureWords } from "../../core/failure-words.ts";
import type { Runtime } from "../../core/runtime.ts";
import { runModels, type ModelOutcome } from "./run-models.ts";
import { mergeStreams } from "../../core/async.ts";

const USUAL_VOTES = 3;
const USUAL_HOURS = 24;

export async function* compareModels(call: Compare): AsyncGenerator<Reply, void, undefined> {
  const { args, tools, workspace } = call;
  if (args.kb) yield { type: "status", text: call.say(phrases.SEARCHING) };
  const prepared = await prepare(call);
  const { question, models } = prepared;
  const say = sayIn(question);
  if (prepared.leftOut.length > 0) yield { type: "note", text: say(phrases.leftOut(prepared.leftOut)) };
  if (prepared.answerable === false)
    yield { type: "note", text: say(prepared.prompt.passages.length > 0 ? phrases.NOT_IN_KB : phrases.NOTHING_IN_KB) };
  const outcomes = yield* runRound(call, prepared);
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
  const now = tools.runtime.now();
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
  const now = tools.runtime.now();
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
    until: now + (args.hours ?? USUAL_HOURS) * HOUR_MS,
    votes: {},
    casts: 0,
    // With nothing to choose from, there is nothing to hide.
    ...(letters.length < 2 && { revealed: "asker" as const }),
  };
  const key = keys.ballot(workspace, id);
  await tools.records.set(latestKeyOf(workspace, question), { id, at: now }, wordsTtl(question));
  if (await tools.records.claim(key, toJson(ballot))) return ballot;
  return (await readRecord(tools.records, key, Ballot)) ?? ballot;
}

/** What was asked in private is never the latest of its place, only of its asker's own there. */
function latestKeyOf(workspace: string, { place, privacy, asker }: Comparison): string {
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

/** How long all models may take together, in milliseconds. */
const PATIENCE = 240_000;
/** A board on which nothing happens still counts the seconds, this many milliseconds apart. */
const TICK = 5000;

type Stage = "done" | "writing" | "waiting" | "failed";
const DOTS: Readonly<Record<Stage, string>> = { done: "●", writing: "◔", waiting: "○", failed: "✗" };
const PROGRESS: readonly Stage[] = ["done", "writing", "waiting", "failed"];

interface Standing {
  stage: Stage;
  /** Its place in the line of its provider, counted from 1. */
  place?: number;
}

/** Yields what is to be seen meanwhile; returns what each model came to, in the order of the question. */
export async function* runRound(call: Compare, prepared: Prepared): AsyncGenerator<Reply, readonly Outcome[]> {
  const { question, models, prompt } = prepared;
  const { tools, workspace, signal } = call;
  const { records, runtime } = tools;
  const startedAt = runtime.now();
  const standings: Standing[] = models.map(() => ({ stage: "waiting" }));
  const outcomes: Outcome[] = [];
  const board = (): Board => openBoard(prepared, outcomes, runtime.now());
  const status = () => statusOf(prepared, standings, runtime.now() - startedAt);
  // In the order of the letters, whoever speaks first.
  if (question.open)
    for (const [index] of models.entries())
      yield { type: "text", text: "", section: answerTitle(board(), index), beside: true };
  yield status();
  const kept = { id: question.id, workspace, ttlMs: wordsTtl(question) };
  const round = { ...kept, models, prompt, records, runtime, signal, patience: PATIENCE };
  for await (const progress of withTicks(runModels(round), runtime, signal)) {
    if (progress === "tick") {
      yield status();
      continue;
    }
    const { index } = progress;
    if (progress.type === "text" && question.open)
      yield { type: "text", text: progress.text, section: answerTitle(board(), index), beside: true };
    if (progress.type === "ended") outcomes[index] = progress.outcome;
    if (moves(standings, progress)) yield status();
    if (progress.type === "ended" && question.open) yield* drawEnd(board(), index);
  }
  return outcomes;
}

function openBoard({ question, prompt }: Prepared, outcomes: readonly Outcome[], now: number): Board {
  const { passages } = prompt;
  // No answer stands on it yet, so that there is nothing to mask.
  const mask = (text: string) => text;
  return { question, outcomes, texts: [], passages, ballot: undefined, verdict: undefined, now, mask };
}

/** Whether the board has something new to say. */
function moves(standings: Standing[], progress: ModelOutcome): boolean {
  const before = standings[progress.index];
  const after = standingOf(progress);
  standings[progress.index] = after;
  return before?.stage !== after.stage || before.place !== after.place;
}

function standingOf(progress: ModelOutcome): Standing {
  if (progress.type === "waiting") return { stage: "waiting", place: progress.place };
  if (progress.type === "text") return { stage: "writing" };
  return { stage: progress.outcome.end === "failed" || progress.outcome.end === "late" ? "failed" : "done" };
}

function statusOf({ question }: Prepared, standings: readonly Standing[], ms: number): Reply {
  const say = sayIn(question);
  if (question.open) return { type: "status", text: statusNames(question.models, standings, say) };
  const at = (stage: Stage) => standings.filter((each) => each.stage === stage).length;
  const tallied = { done: at("done"), writing: at("writing"), waiting: at("waiting"), failed: at("failed") };
  const dots = PROGRESS.map((stage) => DOTS[stage].repeat(tallied[stage])).join("");
  const line = say(phrases.writing(tallied, dots, Math.round(ms / 1000)));
  return { type: "status", text: `${line}  ${say(phrases.HIDDEN)}` };
}

function statusNames(models: readonly string[], standings: readonly Standing[], say: Say): string {
  return models
    .map((name, i) => {
      const { stage, place } = standings[i]!;
      return `${DOTS[stage]} ${name}${place === undefined ? "" : ` (${say(phrases.inLine(place))})`}`;
    })
    .join(" · ");
}

/** The same, and a tick now and then, until the stream ends. */
async function* withTicks(
  progress: AsyncIterable<ModelOutcome>,
  runtime: Pick<Runtime, "sleep">,
  signal: AbortSignal,
): AsyncGenerator<ModelOutcome | "tick"> {
  const over = new AbortController();
  try {
    for await (const piece of mergeStreams<ModelOutcome | "tick">([
      progress,
      ticks(runtime, AbortSignal.any([signal, over.signal])),
    ])) {
      if ("value" in piece) yield piece.value;
      else if (piece.index === 0) return;
    }
  } finally {
    over.abort();
  }
}

async function* ticks({ sleep }: Pick<Runtime, "sleep">, signal: AbortSignal): AsyncGenerator<"tick"> {
  for (;;) {
    // Whoever stops, stops the models too, and they say so.
    await sleep(TICK, signal).catch(() => undefined);
    if (signal.aborted) return;
    yield "tick";
  }
}
