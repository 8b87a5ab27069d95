// One workspace's index in memory. Workspaces are kept apart down to the statistics, so that a ranking tells nothing about a neighbour.

import { gainOf, idfOf, inverseFrequency, isShared, TYPICAL, type Field, type QueryTerm } from "../lexical.ts";
import type { Query } from "../store.ts";
import { Best } from "./best.ts";
import { DenseIndex } from "./dense.ts";
import { PostingIndex } from "./postings.ts";
import type { DocumentVectors } from "./vectors.ts";

/** A passage by its document's key in the file, and where it stands in it. */
export interface Scored {
  key: number;
  ordinal: number;
  score: number;
  cosine?: number;
}

interface Member {
  unit: number;
  firstPassage: number;
  passages: number;
}

export class Shard {
  readonly passages = new PostingIndex();
  readonly dense = new DenseIndex();
  readonly #titles = new PostingIndex();
  readonly #articles = new PostingIndex();
  #members = new Map<number, Member>();

  get keys(): ReadonlySet<number> {
    return new Set(this.#members.keys());
  }

  add(documents: readonly { key: number; vectors: DocumentVectors }[]): void {
    let firstPassage = this.passages.add(documents.flatMap(({ vectors }) => [...vectors.passages]));
    let unit = this.#titles.add(documents.map(({ vectors }) => vectors.title));
    this.#articles.add(documents.map(({ vectors }) => vectors.article));
    for (const { key, vectors } of documents) {
      const passages = vectors.passages.length;
      this.#members.set(key, { unit: unit++, firstPassage, passages });
      firstPassage += passages;
    }
  }

  drop(key: number): void {
    const member = this.#members.get(key);
    if (!member) return;
    this.#members.delete(key);
    this.dense.drop(key);
    this.#titles.strike(member.unit);
    this.#articles.strike(member.unit);
    for (let i = 0; i < member.passages; i++) this.passages.strike(member.firstPassage + i);
  }

  indexOf(field: Field): PostingIndex {
    return field === "title" ? this.#titles : field === "article" ? this.#articles : this.passages;
  }

  /** Offers every passage: by its own sum and that of its document, and by how near its vector is. */
  score(terms: readonly QueryTerm[], dense: Query["dense"], statistics: Statistics, best: Bests): void {
    const own = new Float64Array(this.passages.size);
    const shared = new Float64Array(this.#titles.size);
    for (const term of terms) {
      const { field, id, weight } = term;
      const gain = gainOf(weight, idfOf(term, statistics));
      if (gain > 0) this.indexOf(field).accumulate(id, gain, TYPICAL[field], isShared(field) ? shared : own);
    }
    for (const [key, { unit, firstPassage, passages }] of this.#members) {
      const cosines = dense && this.dense.cosines(key, dense, passages);
      for (let ordinal = 0; ordinal < passages; ordinal++) {
        const score = own[firstPassage + ordinal]! + shared[unit]!;
        const cosine = cosines?.[ordinal];
        // Few come in, so only they become objects.
        if (score <= best.sums.floor && (cosine === undefined || cosine <= best.cosines.floor)) continue;
        const scored: Scored = { key, ordinal, score, ...(cosine ? { cosine } : {}) };
        best.sums.offer(scored);
        if (cosine !== undefined) best.cosines.offer({ score: cosine, scored });
      }
    }
  }
}

/** The best by each of the two, apart: their scales differ, and what they are worth is decided above the store. */
interface Bests {
  sums: Best<Scored>;
  cosines: Best<{ score: number; scored: Scored }>;
}

interface Statistics {
  frequencies: ReadonlyMap<number, number>;
  unseen: number;
}

/** The best passages of several shards, by statistics over all of them together. */
export function rank(
  shards: readonly Shard[],
  { terms, dense, limit }: Query,
): { scored: readonly Scored[]; frequencies: ReadonlyMap<number, number>; unseen: number } {
  const statistics = statisticsOf(shards, terms);
  const best: Bests = { sums: new Best(limit), cosines: new Best(limit) };
  for (const shard of shards) shard.score(terms, dense, statistics, best);
  const scored = [...new Set([...best.sums.items, ...best.cosines.items.map((near) => near.scored)])];
  return { scored, frequencies: statistics.frequencies, unseen: statistics.unseen };
}

function statisticsOf(shards: readonly Shard[], terms: readonly QueryTerm[]): Statistics {
  const units = shards.reduce((sum, { passages }) => sum + passages.living, 0);
  const frequencies = new Map<number, number>();
  for (const { field, id } of terms) {
    if (isShared(field)) continue;
    const having = shards.reduce((sum, { passages }) => sum + passages.frequency(id), 0);
    if (having > 0) frequencies.set(id, inverseFrequency(units, having));
  }
  return { frequencies, unseen: inverseFrequency(units, 0) };
}
