// How many passages there are and how many have each word, as this process last counted. What is counted is kept, because a
// question asks for words that others asked for, and looked at again often enough to stay true.

import type { Runtime } from "../../../core/runtime.ts";
import { inverseFrequency, isShared } from "../../search/lexical.ts";
import type { Query } from "../store.ts";
import type { Kind } from "./points.ts";
import { countPoints, findAll, is, oneOf, type Shelf } from "./requests.ts";

/** How long the totals are taken as they were, where another worker may have changed them. */
const FRESH_MS = 5000;
/** How long a count is, where the totals have not told of a change. */
const LONGEST_MS = 10 * 60_000;
/** Of up to so many passages every change counts; of more, a share of them. */
const FEW = 5000;
const NOTICEABLE = 0.01;
/** A word of fewer units than this is counted by listing them, all such words in one request. */
const RARE = 64;
/** Counts asked for at a time. */
const AT_ONCE = 16;
const PASSAGE = is("kind", "passage" satisfies Kind);
const MOST_WORDS = 200_000;
const MOST_WORKSPACES = 64;

interface Counted {
  passages: number;
  /** When the passages were counted, and when the first of the words was. */
  at: number;
  since: number;
  counts: Map<number, number>;
}

/** What a search needs to know of its terms. */
export interface Known {
  frequencies: ReadonlyMap<number, number>;
  unseen: number;
  /** The terms that no passage had when they were last counted. */
  missing: readonly number[];
}

export class Frequencies {
  readonly #now: Runtime["now"];
  readonly #counted = new Map<string, Counted>();

  constructor({ now }: Pick<Runtime, "now">) {
    this.#now = now;
  }

  async learn(collection: Shelf, { terms, workspaces }: Query, signal: AbortSignal): Promise<Known> {
    const { counts, passages } = await this.#current(collection, workspaces, signal);
    const own = terms.filter(({ field }) => !isShared(field)).map(({ id }) => id);
    // What nothing had is asked for again along with what is new, at no further request.
    if (own.some((id) => !counts.has(id))) {
      const wanted = own.filter((id) => !counts.get(id));
      for (const [id, count] of await countEach(collection, wanted, workspaces, signal)) counts.set(id, count);
    }
    const frequencies = new Map<number, number>();
    for (const id of own) {
      const having = counts.get(id) ?? 0;
      // The number of passages may be older than that of a word by a moment.
      if (having > 0) frequencies.set(id, inverseFrequency(Math.max(passages, having), having));
    }
    const missing = own.filter((id) => !frequencies.has(id));
    return { frequencies, unseen: inverseFrequency(passages, 0), missing };
  }

  /** Something has been found to be otherwise than it was counted. */
  forget(workspaces: readonly string[]): void {
    this.#counted.delete(keyOf(workspaces));
  }

  /** This process has changed a workspace. */
  changed(workspace: string): void {
    for (const [key, counted] of this.#counted) {
      if (!key.split("\0").includes(workspace)) continue;
      if (counted.passages < FEW) this.#counted.delete(key);
      else counted.at = -Infinity;
    }
  }

  clear(): void {
    this.#counted.clear();
  }

  async #current(collection: Shelf, workspaces: readonly string[], signal: AbortSignal): Promise<Counted> {
    const key = keyOf(workspaces);
    const known = this.#counted.get(key);
    if (known && this.#now() - known.at < FRESH_MS) return known;
    const at = this.#now();
    const filter = { must: [oneOf("workspace", workspaces), PASSAGE] };
    const passages = await countPoints(collection, filter, signal);
    const isTrue =
      known && at - known.since < LONGEST_MS && known.counts.size < MOST_WORDS && !isChanged(known.passages, passages);
    const counted = isTrue
      ? { ...known, passages, at }
      : { passages, at, since: at, counts: new Map<number, number>() };
    this.#counted.delete(key);
    this.#counted.set(key, counted);
    if (this.#counted.size > MOST_WORKSPACES) this.#counted.delete(this.#counted.keys().next().value!);
    return counted;
  }
}

function isChanged(before: number, now: number): boolean {
  return Math.abs(now - before) > (before < FEW ? 0 : NOTICEABLE * before);
}

/** The rare ones are listed, in one request for all of them; only the common ones are worth one each. */
async function countEach(
  collection: Shelf,
  ids: readonly number[],
  workspaces: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, number>> {
  const filterOf = (id: number) => ({ must: [oneOf("workspace", workspaces), PASSAGE, is("terms", id)] });
  const listings = ids.map((id) => ({ filter: filterOf(id), limit: RARE, with_payload: false }));
  const listed = await findAll(collection, listings, signal);
  const counts = new Map(ids.map((id, i) => [id, listed[i]!.length]));
  const common = ids.filter((id) => counts.get(id) === RARE);
  for (let at = 0; at < common.length; at += AT_ONCE)
    await Promise.all(
      common.slice(at, at + AT_ONCE).map(async (id) => {
        counts.set(id, await countPoints(collection, filterOf(id), signal));
      }),
    );
  return counts;
}

function keyOf(workspaces: readonly string[]): string {
  return workspaces.join("\0");
}
