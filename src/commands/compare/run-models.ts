// All models at once: what they say as it comes, what each came to, and what was already paid for taken from the record.

import { toJson } from "../../core/json.ts";
import type { Model, Prompt } from "../../core/model.ts";
import type { Records } from "../../core/records.ts";
import type { Runtime } from "../../core/runtime.ts";
import { isSettled, prepareModels, runModel, type Progress, Outcome } from "../../core/run-model.ts";
import { costOf } from "../../core/figures.ts";
import { mergeStreams, startDeadline } from "../../core/async.ts";
import { keys, readRecord } from "./records.ts";

export interface Round {
  /** The comparison, under which finished answers are kept. */
  id: string;
  workspace: string;
  /** How long finished answers are kept, in milliseconds. */
  ttlMs: number;
  /** In the order of the question. */
  models: readonly Model[];
  prompt: Prompt;
  records: Records;
  runtime: Runtime;
  signal: AbortSignal;
  /** How long all may take together, in milliseconds. */
  patience: number;
}

export type ModelOutcome = { index: number } & Progress;

/** Yields every model's words and end. Throws only the signal's reason. */
export async function* runModels(round: Round): AsyncGenerator<ModelOutcome> {
  const { models, runtime, patience } = round;
  const deadline = startDeadline(patience, runtime, () => new Error("the time for all is up"));
  try {
    await prepareModels(models);
    const turns = models.map((model) => progressOf(model, round, deadline.signal));
    for await (const piece of mergeStreams(turns)) if ("value" in piece) yield { index: piece.index, ...piece.value };
  } finally {
    deadline.cancel();
  }
}

async function* progressOf(model: Model, round: Round, deadline: AbortSignal): AsyncGenerator<Progress> {
  const { records, runtime, signal, prompt, workspace, id } = round;
  const key = keys.answer(workspace, id, model.name);
  const stored = await readRecord(records, key, Outcome);
  if (stored) {
    if (stored.text) yield { type: "text", text: stored.text };
    return yield { type: "ended", outcome: stored };
  }
  for await (const progress of runModel(model, prompt, { runtime, signal, deadline })) {
    if (progress.type !== "ended") {
      yield progress;
      continue;
    }
    const outcome = priced(progress.outcome, model);
    // Kept before anyone hears of it: a job that is tried again asks no model that has answered.
    if (isSettled(outcome)) await records.set(key, toJson(outcome), round.ttlMs);
    yield { type: "ended", outcome };
  }
}

function priced(outcome: Outcome, { card }: Model): Outcome {
  const { usage } = outcome;
  const cost = usage && card?.price && costOf(usage, card.price);
  const bill = cost !== undefined && { cost, pricedAt: card?.price?.asOf };
  return { ...outcome, isLocal: card?.hosting === "local", ...bill };
}
