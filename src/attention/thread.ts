// A thread that starts when first asked, answers one question at a time, and is let go when idle or when it hangs.

import { Worker } from "node:worker_threads";
import { BotError, type ErrorCode } from "../core/errors.ts";
import type { Phrase } from "../core/language.ts";
import type { World } from "../core/world.ts";

/** What travels to the thread, and what comes back. */
export interface Letter<Question> {
  id: number;
  question: Question;
}
/** A value, an error that the thread foresaw, or one that it did not. */
export type Answer<Value> =
  | { id: number; value: Value }
  | { id: number; refusal: { code: ErrorCode; phrase: Phrase; cause: unknown } }
  | { id: number; failure: string };

export interface ThreadPlan {
  /** The file that the thread runs, and what it is given to begin with. */
  script: URL;
  data: unknown;
  idleMs: number;
  limitMs: number;
  /** The errors that a person reads. */
  broken: (cause: unknown) => BotError;
  late: () => BotError;
}

export interface Thread<Question, Value> {
  /** Throws what the thread refused with, plan.broken or plan.late; throws the signal's reason when it is aborted. */
  ask(question: Question, signal: AbortSignal): Promise<Value>;
  /** A later question starts it again. */
  close(): Promise<void>;
  /** Whether someone waits for it. */
  isBusy(): boolean;
}

type Waiting<Value> = { resolve: (value: Value) => void; reject: (error: Error) => void };

/** A running thread and who waits for it. */
interface Running<Value> {
  worker: Worker;
  waiting: Map<number, Waiting<Value>>;
  idle: AbortController;
}

export function createThread<Question, Value>(world: World, plan: ThreadPlan): Thread<Question, Value> {
  let running: Running<Value> | undefined;
  let asked = 0;

  const close = async (): Promise<void> => {
    const { worker, idle } = running ?? {};
    running = undefined;
    idle?.abort();
    await worker?.terminate();
  };

  const rest = (current: Running<Value>): void => {
    current.idle = new AbortController();
    const { signal } = current.idle;
    world.sleep(plan.idleMs, signal).then(close, (error: unknown) => {
      if (!signal.aborted) world.log.error("attention.idle", { error });
    });
  };

  const ask = async (question: Question, signal: AbortSignal): Promise<Value> => {
    signal.throwIfAborted();
    const current = (running ??= start<Value>(plan, (ended) => {
      if (running === ended) running = undefined;
    }));
    current.idle.abort();
    // A thread keeps the process alive while someone waits for it, and only then.
    current.worker.ref();
    const id = asked++;
    const answered = new Promise<Value>((resolve, reject) => current.waiting.set(id, { resolve, reject }));
    const letter: Letter<Question> = { id, question };
    current.worker.postMessage(letter, []);
    try {
      return await within(world, { answered, signal, plan, close });
    } finally {
      current.waiting.delete(id);
      if (current.waiting.size === 0) current.worker.unref();
      if (running === current && current.waiting.size === 0) rest(current);
    }
  };

  return { ask, close, isBusy: () => running !== undefined && running.waiting.size > 0 };
}

function start<Value>(plan: ThreadPlan, onEnd: (ended: Running<Value>) => void): Running<Value> {
  const worker = new Worker(plan.script, { workerData: plan.data });
  const started: Running<Value> = { worker, waiting: new Map(), idle: new AbortController() };
  const fail = (cause: unknown) => {
    onEnd(started);
    started.idle.abort();
    for (const waiting of started.waiting.values()) waiting.reject(plan.broken(cause));
    started.waiting.clear();
  };
  worker.on("message", (answer: Answer<Value>) => {
    const waiting = started.waiting.get(answer.id);
    if ("value" in answer) waiting?.resolve(answer.value);
    else if ("failure" in answer) waiting?.reject(plan.broken(answer.failure));
    else waiting?.reject(new BotError(answer.refusal.code, answer.refusal.phrase, { cause: answer.refusal.cause }));
  });
  worker.on("error", fail);
  worker.on("exit", (code) => fail(`the thread ended with status ${code}`));
  return started;
}

interface Race<Value> {
  answered: Promise<Value>;
  signal: AbortSignal;
  plan: ThreadPlan;
  close: () => Promise<void>;
}

/** The answer, unless the person stops first or the time is up; then the thread is ended, for it may hang. */
async function within<Value>(world: World, { answered, signal, plan, close }: Race<Value>): Promise<Value> {
  const over = new AbortController();
  const late = world.sleep(plan.limitMs, AbortSignal.any([signal, over.signal])).then(() => {
    // Ending the thread fails whoever waits for it; this one hears the true reason first.
    close().catch((error: unknown) => world.log.error("attention.close", { error }));
    throw plan.late();
  });
  try {
    return await Promise.race([answered, late]);
  } finally {
    over.abort();
    // The loser of the race may reject as well, with nobody left to hear it.
    void Promise.allSettled([late, answered]);
  }
}
