// Handles one job: opens the outbox, performs the command, delivers, judges what went wrong.

import { deliver, type Delivered } from "../src/bot/deliver.ts";
import { createMemory, type Memory } from "../src/bot/memory.ts";
import { perform, readInvocation, type AskedCommand } from "../src/bot/perform.ts";
import type { Toolbox } from "../src/core/command.ts";
import { TYPED, writerFor } from "../src/core/notation.ts";
import { BotError, explain, isRetryable, mayTryAgain } from "../src/core/errors.ts";
import type { Invocation } from "../src/core/invocation.ts";
import type { Phrase } from "../src/core/language.ts";
import type { Metrics } from "../src/core/metrics.ts";
import type { Adapter, Outbox } from "../src/core/platform.ts";
import { filesOf, uncitedTextOf, type Post } from "../src/core/post.ts";
import type { Attempt, Ending, Handler, Queue } from "../src/core/queue.ts";
import type { Reply } from "../src/core/reply.ts";
import { sentencesIn } from "../src/core/sentences.ts";
import { publishDocuments } from "../src/core/suggestions.ts";
import type { Fields, Runtime } from "../src/core/runtime.ts";
import { keepAppointments } from "./keep-appointments.ts";
import { measure, watchShows } from "./measure.ts";
import { withVerifiedRights } from "./verify-rights.ts";

/** The longest a job may run, in milliseconds. */
const LONGEST_JOB_MS = 10 * 60_000;
/** How much longer the chat may take to show the end of it. */
const LAST_WORDS_MS = 30_000;
const WORTH_KEEPING_MS = 500;
/** A wait that a person would wonder about. */
const WORTH_SAYING_MS = 5000;

export function createHandler(
  adapters: ReadonlyMap<string, Adapter>,
  tools: Toolbox,
  metrics: Metrics = { count: () => {}, time: () => {} },
  /** Takes what posts leave for later; without one, nothing comes of it. */
  queue: Pick<Queue, "add" | "isPrivate"> = { add: async () => {} },
): Handler {
  const memory = createMemory(tools.records, tools.runtime);
  return async (claimed, attempt) => {
    const { id, address } = claimed;
    const { runtime } = tools;
    const adapter = adapters.get(address.platform);
    if (!adapter) throw new TypeError(`job ${id} is for ${address.platform}, which this worker does not serve`);
    const invocation = withVerifiedRights(claimed, adapter, queue);
    const startedAt = runtime.now();
    const asked = readInvocation(invocation, tools.commands);
    const command = nameForOthers(asked);
    const opened = adapter.open(address, attempt.receipt, !attempt.isFirst && attempt.receipt === undefined);
    const { outbox, shown } = watchShows(opened, runtime, attempt.receipt);
    const job = { invocation, asked, attempt, tools, adapter, outbox, memory, startedAt };
    const delivered = await answer(job).catch((error: unknown) => notShown(error, job));
    const facts = {
      id,
      command,
      attempt: attempt.number,
      ms: runtime.now() - startedAt,
      ...(outbox.outcome && { shown: outbox.outcome }),
    };
    const shownAt = shown.firstAt;
    measure({ invocation, command, attempt, delivered, startedAt, shownAt, endedAt: runtime.now() }, metrics);
    await tellDocuments(invocation, asked, tools);
    if (delivered.failure && isHandedOver(attempt)) throw delivered.failure.error;
    if (delivered.failure) judge(delivered.failure.error, facts, runtime);
    else {
      runtime.log.info("answered", facts);
      await keepAppointments({ invocation, post: delivered.post, receipt: shown.receipt }, adapter, queue);
      await remember(delivered.post, job);
    }
    return delivered.post;
  };
}

/** For the log and the metrics. What names no command are words that a person typed. */
function nameForOthers({ command }: AskedCommand): string {
  return command?.name ?? "unknown";
}

/** The chat did not take the answer: that may pass, or the queue files it, and the log says which. */
function notShown(error: unknown, { invocation, asked, attempt, tools }: Job): never {
  const { runtime } = tools;
  const code = error instanceof BotError ? error.code : "unforeseen";
  const { id } = invocation;
  const facts = {
    id,
    command: nameForOthers(asked),
    attempt: attempt.number,
    code,
    shown: "failed",
    error,
  };
  if (isHandedOver(attempt)) runtime.log.info("not shown", facts);
  else if (isRetryable(error) && !attempt.isLast) runtime.log.warn("not shown", facts);
  else runtime.log.error("not shown", facts);
  throw error;
}

/** A command that names documents may have changed them; what can be completed follows. */
async function tellDocuments({ address }: Invocation, { command }: AskedCommand, tools: Toolbox): Promise<void> {
  const suggests = command?.suggests ?? {};
  if (!Object.values(suggests).includes("document")) return;
  await publishDocuments(tools, address.workspace).catch((error: unknown) =>
    tools.runtime.log.warn("documents cannot be suggested", { error }),
  );
}

interface Job {
  invocation: Invocation;
  asked: AskedCommand;
  attempt: Attempt;
  tools: Toolbox;
  adapter: Adapter;
  outbox: Outbox;
  memory: Memory;
  /** Milliseconds since 1970. */
  startedAt: number;
}

async function answer(job: Job): Promise<Delivered> {
  const { invocation, asked, attempt, tools, outbox, startedAt } = job;
  const signal = AbortSignal.timeout(LONGEST_JOB_MS + LAST_WORDS_MS);
  if (attempt.finishedPost) {
    await attempt.keep(await outbox.show(attempt.finishedPost, signal));
    return { post: attempt.finishedPost };
  }
  return deliver({
    replies: performUntil(job),
    outbox,
    language: asked.language,
    write: writerFor(job.adapter.notation ?? TYPED, tools.commands, invocation.input),
    runtime: tools.runtime,
    keep: (receipt) => attempt.keep(receipt),
    saveFinished: async (post) => {
      // What was made in a moment is as soon made again; and the bytes of files are too much to keep.
      const isWorthKeeping = tools.runtime.now() - startedAt >= WORTH_KEEPING_MS && filesOf(post).length === 0;
      if (isWorthKeeping) await attempt.saveFinished(post);
    },
    waits: (error) => (!attempt.isLast && mayTryAgain(error, attempt.number) ? waiting(error) : undefined),
    leaves: () => isHandedOver(attempt),
    signal,
  });
}

/** The command's replies, ended by the time limit or by the queue, whichever comes first. */
async function* performUntil({ invocation, asked, attempt, tools, adapter, memory }: Job): AsyncGenerator<Reply> {
  const signal = AbortSignal.any([attempt.signal, AbortSignal.timeout(LONGEST_JOB_MS)]);
  try {
    signal.throwIfAborted();
    if (attempt.isExhausted) throw givenUp();
    yield* perform(invocation, { tools, adapter, signal, memory, asked });
  } catch (error) {
    if (attempt.signal.aborted) throw stopped(error);
    if (signal.aborted) throw timedOut(error);
    throw error;
  }
}

/** The answer stands already: that it could not be remembered is for the log, and no reason to give it again. */
async function remember(post: Post, { invocation, asked, tools, memory, outbox }: Job): Promise<void> {
  if (!("question" in asked) || !asked.command.converses) return;
  try {
    await memory.remember(invocation, { question: asked.question, answer: uncitedTextOf(post) }, outbox.thread);
  } catch (error) {
    tools.runtime.log.error("a turn could not be remembered", { id: invocation.id, error });
  }
}

/** What the person can correct is answered and done. The rest goes back to the queue, which tries again or files it. */
function judge(error: unknown, facts: Fields, { log }: Runtime): void {
  const isForeseen = error instanceof BotError;
  const code = isForeseen ? error.code : "unforeseen";
  if (isForeseen && !isRetryable(error)) return log.info("declined", { ...facts, code });
  if (isForeseen) log.warn("failed", { ...facts, code, error });
  else log.error("failed", { ...facts, code, error });
  throw error;
}

function isHandedOver({ signal }: Attempt): boolean {
  return signal.reason === ("handed-over" satisfies Ending);
}

/** The reason without its advice: the person need not do what Heed does by itself. */
function waiting(error: unknown): Phrase {
  const { en, "zh-TW": zh } = explain(error);
  const asked = error instanceof BotError ? (error.retryAfterMs ?? 0) : 0;
  const seconds = asked >= WORTH_SAYING_MS ? Math.ceil(asked / 1000) : 0;
  return {
    en: `${firstSentence(en)} Trying again by myself${seconds ? ` in ${seconds} s` : ""} …`,
    "zh-TW": `${firstSentence(zh)}${seconds ? `我會在 ${seconds} 秒後自動再試一次` : "我會自動再試一次"}…`,
  };
}

function firstSentence(text: string): string {
  const [first] = sentencesIn(text);
  return first ? text.slice(first.start, first.end).trim() : text;
}

function stopped(cause: unknown): BotError {
  return new BotError("stopped", { en: "Stopped.", "zh-TW": "已停止。" }, { cause });
}

/** Retryable, so that the queue files it where a person can run it again. */
function givenUp(): BotError {
  return new BotError("unavailable", {
    en: "I was interrupted several times while working on this and have given up. Your question is kept; whoever runs me can start it again.",
    "zh-TW": "我處理這一題時中斷了好幾次，先停下來了。題目有保留，維運人員可以讓我重新處理。",
  });
}

function timedOut(cause: unknown): BotError {
  return new BotError(
    "too-large",
    {
      en: `This took longer than ${LONGEST_JOB_MS / 60_000} minutes, so I ended it. A smaller question or fewer files may fit.`,
      "zh-TW": `這項工作超過 ${LONGEST_JOB_MS / 60_000} 分鐘，我先停下來了。請縮小問題或減少檔案再試。`,
    },
    { cause },
  );
}
