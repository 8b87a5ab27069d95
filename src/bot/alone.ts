// Work that only one process may do at a time, whichever it is: whoever comes second waits in line.

import type { Alone } from "../knowledge/upkeep.ts";
import type { Limiter } from "../world/limiter.ts";

export function createAlone(limiter: Limiter): Alone {
  return async (name, work, signal) => {
    const line = limiter.enter(name, 1, signal);
    let next = await line.next();
    while (!next.done) next = await line.next();
    try {
      return await work();
    } finally {
      await next.value.leave();
    }
  };
}
