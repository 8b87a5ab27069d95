// Handles once what Slack sends twice: a mention as two events, or a repeated request.

import { isLate } from "../../../src/core/async.ts";
import { BoundedMap } from "../../../src/core/bounded-map.ts";
import type { Records } from "../../../src/core/records.ts";
import type { Runtime } from "../../../src/core/runtime.ts";
import { createHash } from "node:crypto";

/** How long a mention waits for its twin where twins are known to come, and where none was ever seen. */
const EXPECTED_MS = 700;
const UNEXPECTED_MS = 60;
const REMEMBERED_MENTIONS = 2000;

export class MentionDeduplicator {
  readonly #records: Records;
  readonly #runtime: Pick<Runtime, "sleep">;
  readonly #subscribed = new Set<string>();
  readonly #seen = new BoundedMap<string, true>(REMEMBERED_MENTIONS);
  readonly #waiting = new Map<string, () => void>();

  constructor(records: Records, runtime: Pick<Runtime, "sleep">) {
    this.#records = records;
    this.#runtime = runtime;
  }

  /** A `message` event came: this workspace sends them, and the mention of the same message need not be read. */
  async noteMessage(team: string, key: string): Promise<void> {
    this.#seen.set(key, true);
    this.#waiting.get(key)?.();
    if (this.#subscribed.has(team)) return;
    this.#subscribed.add(team);
    await this.#records.set(`slack/hears/${team}`, true).catch(() => this.#subscribed.delete(team));
  }

  /** Whether the `message` event of a mention comes by itself, within a moment. */
  async comes(team: string, key: string): Promise<boolean> {
    if (this.#seen.has(key)) return true;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(key, resolve);
    // Where nobody can tell, a moment's wait does less harm than a second answer.
    const isSubscribed =
      this.#subscribed.has(team) || (await this.#records.get(`slack/hears/${team}`).catch(() => true)) === true;
    await isLate(promise, isSubscribed ? EXPECTED_MS : UNEXPECTED_MS, this.#runtime);
    this.#waiting.delete(key);
    return this.#seen.has(key);
  }
}

const REMEMBERED_REQUESTS = 2000;

export class RequestDeduplicator {
  readonly #handled = new BoundedMap<string, Promise<void>>(REMEMBERED_REQUESTS);

  /** Runs for the first of equal requests. Throws what that run threw; after that, the next one is the first again. */
  async handle(request: unknown, run: () => Promise<void>): Promise<void> {
    const key = createHash("sha256").update(JSON.stringify(request)).digest("base64");
    const handled = this.#handled.get(key) ?? run();
    this.#handled.set(key, handled);
    try {
      await handled;
    } catch (error) {
      this.#handled.delete(key);
      throw error;
    }
  }
}
