// Exports the clock's sleep, for the runtime and for what runs before there is one.

import { setTimeout as delay } from "node:timers/promises";

/** Resolves after `ms`; rejects with the signal's reason when that is aborted first. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    throw signal?.reason ?? error;
  }
}
