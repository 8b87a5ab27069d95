// Exports a map that forgets: what was set longest ago makes room for what comes.

/** At most `most` entries. Setting a key again makes it the newest; reading it does not. */
export class BoundedMap<Key, Value> {
  readonly #most: number;
  readonly #entries = new Map<Key, Value>();
  /** Kept between sets: from the start, it would walk over all that was deleted. It goes on where it is, at the oldest. */
  #oldest = this.#entries.keys();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#most) return;
    const { value: oldest, done } = this.#oldest.next();
    if (!done) this.#entries.delete(oldest);
  }

  delete(key: Key): boolean {
    return this.#entries.delete(key);
  }
}
