// Opens queues for tests, with the real clock, and closes whatever a test left open.

import { readSettings } from "../../src/runtime/config.ts";
import { openQueue, type DurableQueue } from "../../src/runtime/queue/open-queue.ts";
import { eventually, succeeds, type QueueRig } from "../contracts/queue.ts";
import { createTestRuntime } from "./test-runtime.ts";

/** Claims of a second: what a test kills is found soon. */
export const QUICK = { claim: 1500, renewal: 400, check: 300 };

export function createQueueRig(
  env: () => Record<string, string>,
): QueueRig & { runtime: ReturnType<typeof liveRuntime> } {
  const opened: DurableQueue[] = [];
  const runtime = liveRuntime();
  return {
    runtime,
    async open(more = {}) {
      const queue = await openQueue(readSettings({ ...env(), ...more }), runtime, QUICK);
      opened.push(queue);
      return queue;
    },
    async reset() {
      const all = opened.splice(0);
      const last = all.pop();
      try {
        // Workers let go of their jobs first; the last opened queue is still open then.
        await Promise.all(all.map((queue) => queue.close(0)));
        if (last) await empty(last);
      } finally {
        await last?.close(0);
      }
    },
  };
}

/** Tried again for a while: after Redis was away, each connection finds its way back by itself. */
async function empty({ jobs }: DurableQueue): Promise<void> {
  for (const each of jobs) await eventually(() => succeeds(each.obliterate({ force: true })));
}

/** A test's world on the real clock. */
export function liveRuntime() {
  return {
    ...createTestRuntime(),
    now: () => Date.now(),
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  };
}
