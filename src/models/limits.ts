// How long a model may keep a person waiting, and the wait itself.

import type { BotError } from "../core/errors.ts";
import type { Runtime } from "../core/runtime.ts";

/** Milliseconds. */
export interface Limits {
  /** From the request to the first word or thought. */
  firstToken: number;
  /** Between two signs of life after that. */
  silence: number;
  /** The whole answer. */
  whole: number;
}

export const LIMITS: Limits = { firstToken: 60_000, silence: 30_000, whole: 600_000 };

/** A local server may have to load tens of gigabytes first. */
export const LOCAL_LIMITS: Limits = { ...LIMITS, firstToken: 180_000 };

/** The work's result; throws `late` when it takes longer than `ms`, and the signal's reason as soon as that is aborted. */
export async function within<T>(
  work: Promise<T>,
  ms: number,
  late: () => BotError,
  { runtime, signal }: { runtime: Runtime; signal: AbortSignal },
): Promise<T> {
  const done = new AbortController();
  const alarm = runtime.sleep(ms, AbortSignal.any([signal, done.signal])).then(() => {
    throw late();
  });
  try {
    return await Promise.race([work, alarm]);
  } finally {
    done.abort();
  }
}
