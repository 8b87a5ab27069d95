// Opens a Redis connection that batches what one turn of the event loop sends.

import { Redis, type Command } from "ioredis";

/** No more, so that Redis works on the first commands while this process still makes the others. */
const AT_ONCE = 4;

/**
 * Unlike ioredis' pipelines, each command stays its own: when a connection dies, it is sent again by itself.
 * Single writes were half of what a short job cost (`npm run bench:queue`).
 */
export class BatchedRedis extends Redis {
  #gathered = 0;

  override sendCommand(command: Command, stream?: Parameters<Redis["sendCommand"]>[1]): unknown {
    if (this.status === "ready") this.#gather();
    return super.sendCommand(command, stream);
  }

  #gather(): void {
    const { stream } = this;
    if (this.#gathered === 0) {
      stream.cork();
      process.nextTick(() => {
        this.#gathered = 0;
        stream.uncork();
      });
    } else if (this.#gathered % AT_ONCE === 0) {
      stream.uncork();
      stream.cork();
    }
    this.#gathered++;
  }
}
