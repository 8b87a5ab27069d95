// While the models are at work: a status board of who is how far, without names where it is blind, with the words where it is open.

import type { Reply } from "../../../core/reply.ts";
import type { World } from "../../../core/world.ts";
import { drawEnd } from "../board/board.ts";
import { sayIn, titleOf, type Board, type Say } from "../board/board-state.ts";
import type { Compare } from "../compare-call.ts";
import { gather, type Heard } from "./gather.ts";
import { mergeStreams } from "../../../core/async.ts";
import * as phrases from "../phrases.ts";
import type { Prepared } from "./prepare.ts";
import { wordsTtl } from "../records.ts";
import type { Outcome } from "../../../core/run-model.ts";

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
export async function* hearAll(call: Compare, prepared: Prepared): AsyncGenerator<Reply, readonly Outcome[]> {
  const { question, models, prompt } = prepared;
  const { tools, workspace, signal } = call;
  const { records, world } = tools;
  const startedAt = world.now();
  const standings: Standing[] = models.map(() => ({ stage: "waiting" }));
  const outcomes: Outcome[] = [];
  const board = (): Board => openBoard(prepared, outcomes, world.now());
  const status = () => statusOf(prepared, standings, world.now() - startedAt);
  // In the order of the letters, whoever speaks first.
  if (question.open)
    for (const [index] of models.entries())
      yield { type: "text", text: "", section: titleOf(board(), index), beside: true };
  yield status();
  const kept = { id: question.id, workspace, keptFor: wordsTtl(question) };
  const round = { ...kept, models, prompt, records, world, signal, patience: PATIENCE };
  for await (const heard of withTicks(gather(round), world, signal)) {
    if (heard === "tick") {
      yield status();
      continue;
    }
    const { index } = heard;
    if (heard.type === "text" && question.open)
      yield { type: "text", text: heard.text, section: titleOf(board(), index), beside: true };
    if (heard.type === "ended") outcomes[index] = heard.outcome;
    if (moves(standings, heard)) yield status();
    if (heard.type === "ended" && question.open) yield* drawEnd(board(), index);
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
function moves(standings: Standing[], heard: Heard): boolean {
  const before = standings[heard.index];
  const after = standingOf(heard);
  standings[heard.index] = after;
  return before?.stage !== after.stage || before.place !== after.place;
}

function standingOf(heard: Heard): Standing {
  if (heard.type === "waiting") return { stage: "waiting", place: heard.place };
  if (heard.type === "text") return { stage: "writing" };
  return { stage: heard.outcome.end === "failed" || heard.outcome.end === "late" ? "failed" : "done" };
}

function statusOf({ question }: Prepared, standings: readonly Standing[], ms: number): Reply {
  const say = sayIn(question);
  if (question.open) return { type: "status", text: named(question.models, standings, say) };
  const at = (stage: Stage) => standings.filter((each) => each.stage === stage).length;
  const tallied = { done: at("done"), writing: at("writing"), waiting: at("waiting"), failed: at("failed") };
  const dots = PROGRESS.map((stage) => DOTS[stage].repeat(tallied[stage])).join("");
  const line = say(phrases.writing(tallied, dots, Math.round(ms / 1000)));
  return { type: "status", text: `${line}  ${say(phrases.HIDDEN)}` };
}

function named(models: readonly string[], standings: readonly Standing[], say: Say): string {
  return models
    .map((name, i) => {
      const { stage, place } = standings[i]!;
      return `${DOTS[stage]} ${name}${place === undefined ? "" : ` (${say(phrases.inLine(place))})`}`;
    })
    .join(" · ");
}

/** The same, and a tick now and then, until the stream ends. */
async function* withTicks(
  heard: AsyncIterable<Heard>,
  world: Pick<World, "sleep">,
  signal: AbortSignal,
): AsyncGenerator<Heard | "tick"> {
  const over = new AbortController();
  try {
    for await (const piece of mergeStreams<Heard | "tick">([
      heard,
      ticks(world, AbortSignal.any([signal, over.signal])),
    ])) {
      if ("value" in piece) yield piece.value;
      else if (piece.index === 0) return;
    }
  } finally {
    over.abort();
  }
}

async function* ticks({ sleep }: Pick<World, "sleep">, signal: AbortSignal): AsyncGenerator<"tick"> {
  for (;;) {
    // Whoever stops, stops the models too, and they say so.
    await sleep(TICK, signal).catch(() => undefined);
    if (signal.aborted) return;
    yield "tick";
  }
}
