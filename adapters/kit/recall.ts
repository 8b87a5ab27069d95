// The answer that a pressed button stands under. A person can be quicker than the queue, which files it a moment after it is shown.

import type { Door } from "../../src/core/platform.ts";
import type { Finished } from "../../src/core/queue.ts";
import type { World } from "../../src/core/world.ts";

/** Well inside the three seconds that a platform waits for a press to be acknowledged. */
const FILED_AFTER_MS = [300, 900];

/** Undefined where it is too old, or still being written. */
export async function recall(
  id: string,
  { door, world }: { door: Pick<Door, "recall">; world: Pick<World, "sleep"> },
): Promise<Finished | undefined> {
  for (const wait of FILED_AFTER_MS) {
    const finished = await door.recall(id);
    if (finished) return finished;
    await world.sleep(wait);
  }
  return door.recall(id);
}
