// One mention reaches Heed as two events; only `message` names the files, so `app_mention` gives it a moment to come.

import type { Records } from "../../../src/core/records.ts";
import type { World } from "../../../src/core/world.ts";

/** How long a mention waits for its twin where twins are known to come, and where none was ever seen. */
const EXPECTED_MS = 700;
const UNEXPECTED_MS = 60;
const REMEMBERED = 2000;

export class Twins {
  readonly #records: Records;
  readonly #world: Pick<World, "sleep">;
  readonly #hearing = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #waiting = new Map<string, () => void>();

  constructor(records: Records, world: Pick<World, "sleep">) {
    this.#records = records;
    this.#world = world;
  }

  /** A `message` event came: this workspace sends them, and the mention of the same message need not be read. */
  async heard(team: string, key: string): Promise<void> {
    if (this.#seen.size >= REMEMBERED) this.#seen.clear();
    this.#seen.add(key);
    this.#waiting.get(key)?.();
    if (this.#hearing.has(team)) return;
    this.#hearing.add(team);
    await this.#records.set(`slack/hears/${team}`, true).catch(() => this.#hearing.delete(team));
  }

  /** Whether the `message` event of a mention comes by itself, within a moment. */
  async comes(team: string, key: string): Promise<boolean> {
    if (this.#seen.has(key)) return true;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(key, resolve);
    // Where nobody can tell, a moment's wait does less harm than a second answer.
    const hears =
      this.#hearing.has(team) || (await this.#records.get(`slack/hears/${team}`).catch(() => true)) === true;
    const done = new AbortController();
    const patience = this.#world.sleep(hears ? EXPECTED_MS : UNEXPECTED_MS, done.signal);
    await Promise.race([promise, patience.catch(() => {})]);
    done.abort(new Error("heard"));
    this.#waiting.delete(key);
    return this.#seen.has(key);
  }
}
