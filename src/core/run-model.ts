// Runs one model: its words as they come, and how it ended; a failure is an outcome.

import { z } from "zod";
import { untilAborted } from "./async.ts";
import { markAfter, marksIn, saysNothing, type Mark } from "./citations.ts";
import { BotError, isPassing, isRetryable } from "./errors.ts";
import type { Model, ModelEvent, Prompt, StopReason } from "./model.ts";
import { noAnswer } from "./no-answer.ts";
import type { Runtime } from "./runtime.ts";
import { truncate } from "./text.ts";

const Failure = z.object({ code: z.string(), en: z.string(), "zh-TW": z.string() });

/** How one model's turn ended. Times are milliseconds from the request. */
export const Outcome = z.object({
  text: z.string(),
  /** Where a model that only quotes cites; of one that writes, its text tells. */
  marks: z
    .array(
      z.object({ start: z.number(), end: z.number(), numbers: z.array(z.number()).readonly(), leads: z.boolean() }),
    )
    .optional(),
  /** "failed" where there are no words and the model did not decline; `failure` says why. */
  end: z.enum(["end", "length", "context-full", "refused", "filtered", "tool-calls", "paused", "failed", "late"]),
  failure: Failure.optional(),
  firstToken: z.number().optional(),
  total: z.number(),
  usage: z.object({ input: z.number(), output: z.number() }).optional(),
  /** What the vendor calls the model that answered. */
  named: z.string().optional(),
  /** What it cost by the price of that day, in US dollars; undefined where the price is not known. */
  cost: z.number().optional(),
  /** The day of that price. */
  pricedAt: z.string().optional(),
  isLocal: z.boolean().optional(),
});
export type Outcome = z.infer<typeof Outcome>;

/** What is heard of a model while it is at work. */
export type Progress =
  /** In line at its provider; `place` counts from 1. */
  { type: "waiting"; place: number } | { type: "text"; text: string } | { type: "ended"; outcome: Outcome };

export interface RunContext {
  runtime: Runtime;
  /** The person's Stop: the only thing that is thrown. */
  signal: AbortSignal;
  /** Aborted when the time for all is up. */
  deadline: AbortSignal;
}

/** What may pass is asked for once more, after the wait it asks for but at most this long, in milliseconds. */
const LONGEST_WAIT = 20_000;
const USUAL_WAIT = 2000;
/** What is kept of an answer, in UTF-16 units. */
const LONGEST_ANSWER = 40_000;

/** So that loading one model's package is in nobody's time. What fails here fails again when the model is asked, and is told then. */
export async function prepareModels(models: readonly Model[]): Promise<void> {
  await Promise.allSettled(models.map(async (model) => model.prepare?.()));
}

/** Throws only the signal's reason. */
export async function* runModel(model: Model, prompt: Prompt, run: RunContext): AsyncGenerator<Progress> {
  const now = () => run.runtime.now();
  const made: Making = { text: "", marks: [], startedAt: now() };
  let end: Pick<Outcome, "end" | "failure">;
  try {
    // Not retry(): what has been yielded of an answer cannot be taken back, and a generator yields between the tries.
    for (let again = true; again;) {
      again = false;
      try {
        for await (const event of eventsOf(model, prompt, run)) {
          if (event.type === "text") yield { type: "text", text: add(event, made, now()) };
          else note(event, made, now());
          if (event.type === "waiting") yield event;
        }
      } catch (error) {
        again = await canAskAgain(error, made, run);
        if (!again) throw error;
      }
    }
    end = howItEnded(made, model, prompt);
  } catch (error) {
    run.signal.throwIfAborted();
    end = run.deadline.aborted ? { end: "late" } : failed(error, run.runtime);
  }
  const { firstToken, usage, named } = made;
  const text = truncate(made.text, LONGEST_ANSWER);
  const marks = made.marks.filter((mark) => mark.end <= text.length);
  const total = now() - made.startedAt;
  const rest = {
    ...(marks.length > 0 && { marks }),
    ...(firstToken !== undefined && { firstToken }),
    ...(usage && { usage }),
    ...(named && { named }),
  };
  yield { type: "ended", outcome: { text, total, ...end, ...rest } };
}

interface Making extends Pick<Outcome, "text" | "firstToken" | "usage" | "named"> {
  /** When the vendor was asked: a wait in line before that says nothing of the model. */
  startedAt: number;
  marks: Mark[];
  stop?: StopReason;
  askedAgain?: boolean;
}

type Text = Extract<ModelEvent, { type: "text" }>;

/** What was said, with the number of the passage that it quotes. */
function add({ text, quotes }: Text, made: Making, now: number): string {
  made.firstToken ??= now - made.startedAt;
  const mark = quotes === undefined ? "" : markAfter(text, quotes);
  const start = made.text.length + text.length;
  if (quotes !== undefined) made.marks.push({ start, end: start + mark.length, numbers: [quotes], leads: false });
  made.text += text + mark;
  return text + mark;
}

function note(event: Exclude<ModelEvent, Text>, made: Making, now: number): void {
  if (event.type === "waiting") made.startedAt = now;
  // A request that broke was billed as well.
  if (event.type === "usage")
    made.usage = { input: event.input + (made.usage?.input ?? 0), output: event.output + (made.usage?.output ?? 0) };
  if (event.type === "stop") {
    made.stop = event.reason;
    if (event.model) made.named = event.model;
  }
}

/** The model's events; ends at once when the signal or the deadline is aborted, even where the model does not. */
function eventsOf(model: Model, prompt: Prompt, { signal, deadline }: RunContext): AsyncIterable<ModelEvent> {
  const either = AbortSignal.any([signal, deadline]);
  return untilAborted(model.generate(prompt, either), either);
}

/** Waits, where the failure may pass, nothing was said yet, and it is the first time. Who kept all waiting once is not waited for again. */
async function canAskAgain(error: unknown, made: Making, run: RunContext): Promise<boolean> {
  const mayPass = error instanceof BotError && isRetryable(error) && error.code !== "timeout";
  if (!mayPass || made.text.trim() || made.askedAgain) return false;
  made.askedAgain = true;
  const wait = error.retryAfterMs ?? USUAL_WAIT;
  if (wait > LONGEST_WAIT) return false;
  await run.runtime.sleep(wait, AbortSignal.any([run.signal, run.deadline]));
  made.startedAt = run.runtime.now();
  return true;
}

function howItEnded(
  { text, marks, stop = "empty" }: Making,
  { name }: Model,
  { passages }: Prompt,
): Pick<Outcome, "end" | "failure"> {
  if (saysNothing(text, marks.length > 0 ? marks : marksIn(text, passages))) return ofError(noAnswer(name, stop));
  // With words, it is neither.
  return { end: stop === "empty" || stop === "thoughts-only" ? "end" : stop };
}

function failed(error: unknown, { log }: Runtime): Pick<Outcome, "end" | "failure"> {
  if (error instanceof BotError) return ofError(error);
  log.error("a model broke", { error });
  const failure = { code: "unforeseen", en: "Something broke on my side.", "zh-TW": "我這邊出了問題。" };
  return { end: "failed", failure };
}

function ofError({ code, phrase }: BotError): Pick<Outcome, "end" | "failure"> {
  if (code === "refused" || code === "filtered") return { end: code };
  return { end: "failed", failure: { code, ...phrase } };
}

/** Whether the answer can be voted for: it has words, and its model was done or at its limit. */
export function isVotable({ text, end }: Outcome): boolean {
  return (end === "end" || end === "length" || end === "context-full") && text.trim() !== "";
}

/** Whether the model or its vendor declined, with words or without. */
export function isDeclined({ end }: Outcome): boolean {
  return end === "refused" || end === "filtered";
}

/** Whether the same job may fare better later. */
export function mayPass({ failure }: Outcome): boolean {
  return failure !== undefined && isPassing(failure.code);
}

/** Whether there is no use in asking the model this again: it answered, it declined, or what went wrong stays so. */
export function isSettled({ end, failure }: Outcome): boolean {
  if (end === "late" || failure?.code === "unforeseen") return false;
  return failure === undefined || !isPassing(failure.code);
}
