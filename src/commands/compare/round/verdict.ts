// The judge's verdict on a comparison: asked once, kept with the job, and never in the way of the answers.

import { startDeadline } from "../../../core/async.ts";
import { BotError } from "../../../core/errors.ts";
import { isVotable } from "../../../core/run-model.ts";
import type { Compare } from "../compare-call.ts";
import { judge, Verdict } from "../board/judge.ts";
import { createMask } from "../mask.ts";
import { LETTERS } from "../order.ts";
import type { Prepared } from "./prepare.ts";
import { keys, read, toJson, wordsTtl } from "../records.ts";
import type { Outcome } from "../../../core/run-model.ts";

/** Milliseconds. */
const PATIENCE = 120_000;

/** Undefined where nobody asked for one, or there is nothing to compare. Throws only the signal's reason. */
export async function readVerdict(
  { tools, workspace, signal }: Compare,
  { question, prompt, judge: model }: Prepared,
  outcomes: readonly Outcome[],
): Promise<Verdict | "unreadable" | undefined> {
  const mask = createMask(tools.models.families());
  const candidates = outcomes.flatMap((outcome, i) =>
    isVotable(outcome) ? [{ letter: LETTERS[i]!, text: mask(outcome.text) }] : [],
  );
  if (!model || candidates.length < 2) return undefined;
  const key = keys.verdict(workspace, question.id);
  const kept = await read(tools.records, key, Verdict);
  if (kept) return kept;
  const deadline = startDeadline(PATIENCE, tools.world, () => new Error("the judging model took too long"));
  try {
    const verdict = await judge(model, prompt, candidates, AbortSignal.any([signal, deadline.signal]));
    if (verdict) await tools.records.set(key, toJson(verdict), wordsTtl(question));
    return verdict ?? "unreadable";
  } catch (error) {
    signal.throwIfAborted();
    tools.world.log.warn("the judge failed", { model: model.name, error });
    const failed = deadline.signal.aborted ? "late" : error instanceof BotError ? error.code : "unforeseen";
    // Kept, since the board is drawn again whenever somebody votes.
    await tools.records.set(key, toJson({ failed }), wordsTtl(question));
    return { failed };
  } finally {
    deadline.cancel();
  }
}
