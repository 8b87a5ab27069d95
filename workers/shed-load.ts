// Delays new jobs while a process that also listens falls behind: acknowledgements come first.

import type { Attempt, Handler } from "../src/core/queue.ts";
import type { Runtime } from "../src/core/runtime.ts";

/** So many run whatever happens. */
const LEAST = 2;
/** How late the event loop may come back to a timer of `LOOK_MS`, in milliseconds, before no further job begins. */
const LATE_MS = 30;
const LOOK_MS = 5;

/** The same handler, one start at a time, and none that the event loop has no time for. */
export function shedLoad(handler: Handler, runtime: Pick<Runtime, "now" | "sleep">): Handler {
  const jobs = new Set<Attempt>();
  let last = Promise.resolve();
  const begin = async (attempt: Attempt) => {
    while (!attempt.signal.aborted && jobs.size >= LEAST && (await isBehind(runtime)));
    jobs.add(attempt);
  };
  return async (invocation, attempt) => {
    await (last = last.then(() => begin(attempt)));
    try {
      return await handler(invocation, attempt);
    } finally {
      jobs.delete(attempt);
    }
  };
}

async function isBehind({ now, sleep }: Pick<Runtime, "now" | "sleep">): Promise<boolean> {
  const startedAt = now();
  await sleep(LOOK_MS);
  return now() - startedAt > LOOK_MS + LATE_MS;
}
