// One job: open the chat it came from, perform the command, deliver what it says, judge what went wrong.

import { deliver } from "../src/bot/deliver.ts";
import { languageFor, perform } from "../src/bot/perform.ts";
import type { Toolbox } from "../src/core/command.ts";
import { BotError, explain, isRetryable } from "../src/core/errors.ts";
import type { Invocation } from "../src/core/invocation.ts";
import type { Phrase } from "../src/core/language.ts";
import type { Adapter } from "../src/core/platform.ts";
import type { Attempt, Handler } from "../src/core/queue.ts";
import type { Reply } from "../src/core/reply.ts";
import type { Fields, World } from "../src/core/world.ts";

/** The longest a job may run, in milliseconds. */
const LONGEST_JOB_MS = 10 * 60_000;
/** How much longer the chat may take to show the end of it. */
const LAST_WORDS_MS = 30_000;

export function createHandler(adapters: ReadonlyMap<string, Adapter>, tools: Toolbox): Handler {
  return async (invocation, attempt) => {
    const { id, command, address } = invocation;
    const { world } = tools;
    const adapter = adapters.get(address.platform);
    if (!adapter) throw new TypeError(`job ${id} is for ${address.platform}, which this worker does not serve`);
    const startedAt = world.now();
    const { post, failure } = await deliver({
      replies: performUntil(invocation, attempt, tools, adapter),
      outbox: adapter.open(address, attempt.receipt),
      language: languageFor(invocation, tools.commands),
      world,
      keep: (receipt) => attempt.keep(receipt),
      waits: (error) => (willRetry(error, attempt) ? waiting(error) : undefined),
      signal: AbortSignal.timeout(LONGEST_JOB_MS + LAST_WORDS_MS),
    });
    const facts = { id, command, attempt: attempt.number, ms: world.now() - startedAt };
    if (failure) judge(failure.error, facts, world);
    else world.log.info("answered", facts);
    return post;
  };
}

/** The command's replies, ended by the time limit or by the person's Stop, whichever comes first. */
async function* performUntil(
  invocation: Invocation,
  attempt: Attempt,
  tools: Toolbox,
  adapter: Adapter,
): AsyncGenerator<Reply> {
  const signal = AbortSignal.any([attempt.signal, AbortSignal.timeout(LONGEST_JOB_MS)]);
  try {
    signal.throwIfAborted();
    yield* perform(invocation, { tools, adapter, signal });
  } catch (error) {
    if (attempt.signal.aborted) throw stopped(error);
    if (signal.aborted) throw timedOut(error);
    throw error;
  }
}

/** What the person can mend is answered and done. The rest goes back to the queue, which tries again or files it. */
function judge(error: unknown, facts: Fields, { log }: World): void {
  const isForeseen = error instanceof BotError;
  const code = isForeseen ? error.code : "unforeseen";
  if (isForeseen && !isRetryable(error)) return log.info("declined", { ...facts, code });
  if (isForeseen) log.warn("failed", { ...facts, code, error });
  else log.error("failed", { ...facts, code, error });
  throw error;
}

function willRetry(error: unknown, attempt: Attempt): boolean {
  return !attempt.last && isRetryable(error);
}

function waiting(error: unknown): Phrase {
  const { en, "zh-TW": zh } = explain(error);
  return { en: `${en} Trying again by myself …`, "zh-TW": `${zh}我會自動再試一次…` };
}

function stopped(cause: unknown): BotError {
  return new BotError("stopped", { en: "Stopped.", "zh-TW": "已停止。" }, { cause });
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
