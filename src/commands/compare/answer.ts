// One model's turn: its words as they come, and how it ended. Whatever happens to it is an outcome, never an error of the whole.

import { untilAborted } from "../../core/async.ts";
import { markBehind, marksIn, saysNothing, type Mark } from "../../core/citations.ts";
import { BotError, isPassing, isRetryable } from "../../core/errors.ts";
import type { Model, ModelEvent, Prompt, StopReason } from "../../core/model.ts";
import { noAnswer } from "../../core/no-answer.ts";
import type { World } from "../../core/world.ts";
import type { Outcome } from "./records.ts";

/** What the board learns while a model is at work. */
export type Progress =
  /** In line at its provider; `place` counts from 1. */
  { type: "waiting"; place: number } | { type: "text"; text: string } | { type: "ended"; outcome: Outcome };

export interface Turn {
  world: World;
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
export async function prepareAll(models: readonly Model[]): Promise<void> {
  await Promise.allSettled(models.map(async (model) => model.prepare?.()));
}

/** Throws only the signal's reason. */
export async function* takeTurn(model: Model, prompt: Prompt, turn: Turn): AsyncGenerator<Progress> {
  const now = () => turn.world.now();
  const made: Making = { text: "", marks: [], startedAt: now() };
  let end: Pick<Outcome, "end" | "failure">;
  try {
    for (let again = true; again;) {
      again = false;
      try {
        for await (const event of eventsOf(model, prompt, turn)) {
          if (event.type === "text") yield { type: "text", text: add(event, made, now()) };
          else note(event, made, now());
          if (event.type === "waiting") yield event;
        }
      } catch (error) {
        again = await canAskAgain(error, made, turn);
        if (!again) throw error;
      }
    }
    end = howItEnded(made, model, prompt);
  } catch (error) {
    turn.signal.throwIfAborted();
    end = turn.deadline.aborted ? { end: "late" } : failed(error, turn.world);
  }
  const { firstToken, usage, named } = made;
  const text = made.text.slice(0, LONGEST_ANSWER);
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
  const mark = quotes === undefined ? "" : markBehind(text, quotes);
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
function eventsOf(model: Model, prompt: Prompt, { signal, deadline }: Turn): AsyncIterable<ModelEvent> {
  const either = AbortSignal.any([signal, deadline]);
  return untilAborted(model.generate(prompt, either), either);
}

/** Waits, where the failure may pass, nothing was said yet, and it is the first time. Who kept all waiting once is not waited for again. */
async function canAskAgain(error: unknown, made: Making, turn: Turn): Promise<boolean> {
  const mayPass = error instanceof BotError && isRetryable(error) && error.code !== "timeout";
  if (!mayPass || made.text.trim() || made.askedAgain) return false;
  made.askedAgain = true;
  const wait = error.retryAfterMs ?? USUAL_WAIT;
  if (wait > LONGEST_WAIT) return false;
  await turn.world.sleep(wait, AbortSignal.any([turn.signal, turn.deadline]));
  made.startedAt = turn.world.now();
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

function failed(error: unknown, { log }: World): Pick<Outcome, "end" | "failure"> {
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
