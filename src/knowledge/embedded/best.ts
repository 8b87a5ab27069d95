// The best of many without sorting them all.

/** Keeps the `limit` items with the highest score, best first; of equals the one offered earlier. Scores are above 0. */
export class Best<Item extends { score: number }> {
  readonly items: Item[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Only what is above this can still come in. */
  get floor(): number {
    return this.items.length < this.#limit ? 0 : (this.items.at(-1)?.score ?? Infinity);
  }

  offer(item: Item): void {
    if (item.score <= this.floor) return;
    if (this.items.length >= this.#limit) this.items.pop();
    let at = this.items.length;
    while (at > 0 && this.items[at - 1]!.score < item.score) at--;
    this.items.splice(at, 0, item);
  }
}
