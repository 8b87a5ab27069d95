// A request that Slack sends again, or through another socket, is handled once; the repeat shares what the first came to.

import { createHash } from "node:crypto";

const REMEMBERED = 2000;

export class Repeats {
  readonly #handled = new Map<string, Promise<void>>();

  /** Runs for the first of equal requests. Throws what that run threw; after that, the next one is the first again. */
  async handle(request: unknown, run: () => Promise<void>): Promise<void> {
    const key = createHash("sha256").update(JSON.stringify(request)).digest("base64");
    const handled = this.#handled.get(key) ?? run();
    this.#keep(key, handled);
    try {
      await handled;
    } catch (error) {
      this.#handled.delete(key);
      throw error;
    }
  }

  #keep(key: string, handled: Promise<void>): void {
    const [oldest] = this.#handled.keys();
    if (oldest !== undefined && this.#handled.size >= REMEMBERED) this.#handled.delete(oldest);
    this.#handled.set(key, handled);
  }
}
