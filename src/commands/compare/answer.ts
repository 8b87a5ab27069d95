// One model's turn: its words as they come, and how it ended. Whatever happens to it is an outcome, never an error of the whole.

import { untilAborted } from "../../core/async.ts";
import { markBehind, marksIn, saysNothing, type Mark } from "../../core/citations.ts";
import { BotError, isRetryable } from "../../core/errors.ts";
import type { Model, ModelEvent, Prompt } from "../../core/model.ts";
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

/** A busy vendor is asked once more, after the wait it asks for but at most this long, in milliseconds. */
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
    end = howItEnded(made, prompt);
  } catch (error) {
    turn.signal.throwIfAborted();
    end = turn.deadline.aborted ? { end: "late" } : failed(error, turn);
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
  stop?: "end" | "length" | "refused";
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
  if (event.type === "usage") made.usage = { input: event.input, output: event.output };
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

/** Waits, where the vendor is only busy, nothing was said yet, and it is the first time. */
async function canAskAgain(error: unknown, made: Making, turn: Turn): Promise<boolean> {
  const busy = error instanceof BotError && (error.code === "rate-limited" || error.code === "overloaded");
  if (!busy || made.text || made.askedAgain) return false;
  made.askedAgain = true;
  const wait = error.retryAfterMs ?? USUAL_WAIT;
  if (wait > LONGEST_WAIT) return false;
  await turn.world.sleep(wait, AbortSignal.any([turn.signal, turn.deadline]));
  made.startedAt = turn.world.now();
  return true;
}

function howItEnded({ text, marks, stop }: Making, { passages }: Prompt): Pick<Outcome, "end" | "failure"> {
  if (stop === "refused") return { end: "refused" };
  if (!saysNothing(text, marks.length > 0 ? marks : marksIn(text, passages))) return { end: stop ?? "end" };
  return { end: "failed", failure: { code: "empty", en: "The answer came back empty.", "zh-TW": "回答是空白的。" } };
}

function failed(error: unknown, { world }: Turn): Pick<Outcome, "end" | "failure"> {
  if (error instanceof BotError && error.code === "refused") return { end: "refused" };
  if (error instanceof BotError) return { end: "failed", failure: { code: error.code, ...error.phrase } };
  world.log.error("a model broke", { error });
  const failure = { code: "unforeseen", en: "Something broke on my side.", "zh-TW": "我這邊出了問題。" };
  return { end: "failed", failure };
}

/** Whether the answer can be voted for: it has words, and its model was done or at its limit. */
export function isVotable({ text, end }: Outcome): boolean {
  return (end === "end" || end === "length") && text.trim() !== "";
}

/** Whether the same job may fare better later. */
export function mayPass({ failure }: Outcome): boolean {
  const phrase = { en: "", "zh-TW": "" };
  return failure !== undefined && isRetryable(new BotError(failure.code as BotError["code"], phrase));
}
