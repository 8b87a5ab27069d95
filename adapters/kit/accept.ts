// Queues a question, and tells the platform that it was taken only once it is queued.

import { isLate } from "../../src/core/async.ts";
import { explain } from "../../src/core/errors.ts";
import type { Invocation } from "../../src/core/invocation.ts";
import type { Phrase } from "../../src/core/language.ts";
import type { Dispatcher } from "../../src/core/platform.ts";
import type { Runtime } from "../../src/core/runtime.ts";

/** How the asker hears of it. */
export interface AckCallbacks {
  /** The question is safe. `isSlow`: "slow" was said before. */
  taken: (isSlow: boolean) => Promise<void>;
  /** The queue takes its time; `taken` or `refused` still follow. */
  slow: () => Promise<void>;
  refused: (phrase: Phrase, isSlow: boolean) => Promise<void>;
}

/** `patienceMs`: how long the platform can be left without a word. Throws only what the voices throw. */
export async function accept(
  invocation: Invocation,
  patienceMs: number,
  { dispatcher, runtime }: { dispatcher: Pick<Dispatcher, "enqueue">; runtime: Pick<Runtime, "sleep" | "log"> },
  callbacks: AckCallbacks,
): Promise<void> {
  const enqueued = dispatcher.enqueue(invocation).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const isSlow = await isLate(enqueued, patienceMs, runtime);
  if (isSlow) await callbacks.slow();
  const failure = await enqueued;
  if (!failure) return callbacks.taken(isSlow);
  const { platform } = invocation.address;
  runtime.log.error(`${platform}: not queued`, { id: invocation.id, error: failure.error });
  await callbacks.refused(explain(failure.error), isSlow);
}
