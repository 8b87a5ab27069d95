// Recalls the job of a pressed button, and waits the moment until a fresh answer is filed.

import type { Dispatcher } from "../../src/core/platform.ts";
import type { FinishedJob } from "../../src/core/queue.ts";
import type { Runtime } from "../../src/core/runtime.ts";

/** Well inside the three seconds that a platform waits for a press to be acknowledged. */
const FILED_AFTER_MS = [300, 900];

/** Undefined where it is too old, or still being written. Not retry(): what is not there yet is no error. */
export async function recall(
  id: string,
  { dispatcher, runtime }: { dispatcher: Pick<Dispatcher, "recall">; runtime: Pick<Runtime, "sleep"> },
): Promise<FinishedJob | undefined> {
  for (const wait of FILED_AFTER_MS) {
    const finished = await dispatcher.recall(id);
    if (finished) return finished;
    await runtime.sleep(wait);
  }
  return dispatcher.recall(id);
}
