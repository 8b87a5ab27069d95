// One workspace's index in memory. Workspaces are kept apart down to the statistics, so that a ranking tells nothing about a neighbour.

import { BoundedMap } from "../../../core/bounded-map.ts";
import {
  gainOf,
  idfOf,
  inverseFrequency,
  isShared,
  TYPICAL,
  type Field,
  type QueryTerm,
} from "../../search/lexical.ts";
import type { Query } from "../store.ts";
import { DenseIndex, type DocumentVectors, unpackRows, unpackVectors } from "./vectors.ts";
import { PostingIndex } from "./segment.ts";
import type { DatabaseSync } from "node:sqlite";

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

export interface Shards {
  /** The workspace's shard, as the file stands now, with its vectors in that space. */
  open(this: void, workspace: string, space?: string): Shard;
  /** This process has written. */
  changed(this: void): void;
}

/** The index of a workspace stays in memory until this many others were asked since. */
const MOST_SHARDS = 64;
/** Past this share of struck units an index is read afresh. */
const MOST_WASTE = 0.5;
/** Bytes of vectors that are read and added in one go: enough to sort quickly, few enough to stay near the processor. */
const BATCH = 16 * 2 ** 20;

interface Opened {
  shard: Shard;
  version: string;
}

export function createShards(database: DatabaseSync): Shards {
  const opened = new BoundedMap<string, Opened>(MOST_SHARDS);
  let writes = 0;
  // SQLite's own counter moves only with the commits of other connections, ours with this one's.
  const dataVersion = database.prepare("PRAGMA data_version");
  const version = () => `${writes} ${String(dataVersion.get()?.["data_version"])}`;
  return {
    changed: () => void writes++,
    open: (workspace, space) => {
      const now = version();
      let found = opened.get(workspace);
      opened.delete(workspace);
      if (!found || found.shard.passages.waste > MOST_WASTE) found = { shard: new Shard(), version: "" };
      if (found.version !== now) catchUp(database, workspace, found.shard);
      if (space !== undefined) catchUpDense(database, space, found.shard);
      opened.set(workspace, { shard: found.shard, version: now });
      return found.shard;
    },
  };
}

/** A document that is put again gets a new key, so the keys alone say what came and what went. */
function catchUp(database: DatabaseSync, workspace: string, shard: Shard): void {
  const rows = database.prepare("SELECT key FROM document WHERE workspace = ? ORDER BY key").all(workspace);
  const present = new Set(rows.map((row) => Number(row["key"])));
  const known = shard.keys;
  for (const key of known) if (!present.has(key)) shard.drop(key);
  const missing = [...present].filter((key) => !known.has(key));
  const read = database.prepare("SELECT vectors FROM document WHERE key = ?");
  let batch: { key: number; vectors: DocumentVectors }[] = [];
  let bytes = 0;
  for (const key of missing) {
    const blob = read.get(key)?.["vectors"];
    if (!(blob instanceof Uint8Array)) continue;
    batch.push({ key, vectors: unpackVectors(blob) });
    bytes += blob.length;
    if (bytes < BATCH) continue;
    shard.add(batch);
    [batch, bytes] = [[], 0];
  }
  if (batch.length) shard.add(batch);
}

/** A document that gets vectors is put again, so each key is looked up once. */
function catchUpDense(database: DatabaseSync, space: string, { keys, dense }: Shard): void {
  const missing = dense.missing(keys, space);
  if (missing.length === 0) return;
  const read = database.prepare("SELECT vectors FROM embedding WHERE document = ? AND space = ?");
  for (const key of missing) {
    const blob = read.get(key, space)?.["vectors"];
    dense.add(key, blob instanceof Uint8Array ? unpackRows(blob) : undefined);
  }
}

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
