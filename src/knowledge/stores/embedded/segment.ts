// An inverted list that never changes: term id -> the units that have it, as four flat arrays. Small enough to keep, quick to build.

import { type TermVector, saturate } from "../../search/lexical.ts";

export interface Unit {
  number: number;
  vector: TermVector;
}

/** The postings of `ids[i]` are `units` and `counts` from `starts[i]` to `starts[i + 1]`. */
export interface Segment {
  ids: Uint32Array;
  starts: Uint32Array;
  units: Uint32Array;
  counts: Uint8Array;
}

/** One posting per term and unit, in three columns. */
interface Postings {
  ids: Uint32Array;
  units: Uint32Array;
  counts: Uint8Array;
}

export function buildSegment(units: readonly Unit[]): Segment {
  const postings = emptyPostings(units.reduce((sum, { vector }) => sum + vector.ids.length, 0));
  let at = 0;
  for (const { number, vector } of units) {
    postings.ids.set(vector.ids, at);
    postings.counts.set(vector.counts, at);
    postings.units.fill(number, at, (at += vector.ids.length));
  }
  return group(sortById(postings));
}

/** Two segments as one; the units of `later` have higher numbers. */
export function mergeSegments(earlier: Segment, later: Segment): Segment {
  const { ids, starts } = mergeTerms(earlier, later);
  const units = new Uint32Array(earlier.units.length + later.units.length);
  const counts = new Uint8Array(units.length);
  spread(earlier, ids, starts, units, counts);
  // What `earlier` has put in place moves the beginning of `later`'s part; the next pass moves it to the end of the term.
  spread(later, ids, starts, units, counts);
  starts.copyWithin(1, 0, ids.length);
  starts[0] = 0;
  return { ids, starts, units, counts };
}

/** The ids of both, each once, and where each term's postings begin. */
function mergeTerms(one: Segment, other: Segment): Pick<Segment, "ids" | "starts"> {
  const [left, right] = [one.ids, other.ids];
  const ids = new Uint32Array(left.length + right.length);
  const starts = new Uint32Array(ids.length + 1);
  let [terms, at, i, j] = [0, 0, 0, 0];
  while (i < left.length || j < right.length) {
    const takesLeft = j === right.length || (i < left.length && left[i]! <= right[j]!);
    const id = takesLeft ? left[i]! : right[j]!;
    ids[terms] = id;
    starts[terms++] = at;
    if (takesLeft) at += one.starts[i + 1]! - one.starts[i++]!;
    if (j < right.length && right[j] === id) at += other.starts[j + 1]! - other.starts[j++]!;
  }
  starts[terms] = at;
  return { ids: ids.slice(0, terms), starts: starts.slice(0, terms + 1) };
}

/** Writes a segment's postings to where `next` says, and moves `next` past them. `ids` has all of the segment's. */
function spread(from: Segment, ids: Uint32Array, next: Uint32Array, units: Uint32Array, counts: Uint8Array): void {
  const { ids: own, starts, units: fromUnits, counts: fromCounts } = from;
  for (let term = 0, at = 0; term < own.length; term++, at++) {
    while (ids[at] !== own[term]) at++;
    let to = next[at]!;
    for (let i = starts[term]!; i < starts[term + 1]!; i++, to++) {
      units[to] = fromUnits[i]!;
      counts[to] = fromCounts[i]!;
    }
    next[at] = to;
  }
}

/** Where the postings of a term stand, or undefined. */
export function findPostings({ ids, starts }: Segment, id: number): { from: number; to: number } | undefined {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return ids[low] === id ? { from: starts[low]!, to: starts[low + 1]! } : undefined;
}

function emptyPostings(size: number): Postings {
  return { ids: new Uint32Array(size), units: new Uint32Array(size), counts: new Uint8Array(size) };
}

const DIGIT = 16;

/** Radix sort in two passes of 16 bits: stable, so that units stay ascending within a term. */
function sortById(postings: Postings): Postings {
  return sortByDigit(sortByDigit(postings, 0), DIGIT);
}

function sortByDigit({ ids, units, counts }: Postings, shift: number): Postings {
  const size = ids.length;
  const next = new Uint32Array(1 << DIGIT);
  for (let i = 0; i < size; i++) next[(ids[i]! >>> shift) & 0xffff]!++;
  for (let digit = 0, sum = 0; digit < next.length; digit++) {
    const many = next[digit]!;
    next[digit] = sum;
    sum += many;
  }
  const sorted = emptyPostings(size);
  for (let i = 0; i < size; i++) {
    const to = next[(ids[i]! >>> shift) & 0xffff]!++;
    sorted.ids[to] = ids[i]!;
    sorted.units[to] = units[i]!;
    sorted.counts[to] = counts[i]!;
  }
  return sorted;
}

function group({ ids, units, counts }: Postings): Segment {
  let distinct = 0;
  for (let i = 0; i < ids.length; i++) if (i === 0 || ids[i] !== ids[i - 1]) distinct++;
  const segment = { ids: new Uint32Array(distinct), starts: new Uint32Array(distinct + 1), units, counts };
  for (let i = 0, at = 0; i < ids.length; i++) {
    if (i > 0 && ids[i] === ids[i - 1]) continue;
    segment.ids[at] = ids[i]!;
    segment.starts[at++] = i;
  }
  segment.starts[distinct] = ids.length;
  return segment;
}

export class PostingIndex {
  #segments: Segment[] = [];
  #lengths: number[] = [];
  #alive: boolean[] = [];
  #struck = 0;

  /** How many units are not struck out. */
  get living(): number {
    return this.size - this.#struck;
  }

  /** How many numbers have been given out, struck units included. */
  get size(): number {
    return this.#lengths.length;
  }

  /** The share of units that only take up room. */
  get waste(): number {
    return this.size === 0 ? 0 : this.#struck / this.size;
  }

  /** Adds units in one go and gives the first its number; the others follow. */
  add(vectors: readonly TermVector[]): number {
    const first = this.size;
    this.#segments.push(buildSegment(vectors.map((vector, i) => ({ number: first + i, vector }))));
    for (const { length } of vectors) {
      this.#lengths.push(length);
      this.#alive.push(true);
    }
    this.#settle();
    return first;
  }

  strike(unit: number): void {
    if (!this.#alive[unit]) return;
    this.#alive[unit] = false;
    this.#struck++;
  }

  /** How many living units have the term. */
  frequency(id: number): number {
    let many = 0;
    for (const segment of this.#segments) {
      const found = findPostings(segment, id);
      if (!found) continue;
      if (this.#struck === 0) many += found.to - found.from;
      else for (let i = found.from; i < found.to; i++) if (this.#alive[segment.units[i]!]) many++;
    }
    return many;
  }

  /** Adds `gain` times each unit's saturated count to `scores`; struck units get some too, and are for the reader to leave out. */
  accumulate(id: number, gain: number, typicalLength: number, scores: Float64Array): void {
    for (const segment of this.#segments) {
      const found = findPostings(segment, id);
      if (!found) continue;
      const { units, counts } = segment;
      for (let i = found.from; i < found.to; i++) {
        const unit = units[i]!;
        scores[unit]! += gain * saturate(counts[i]!, this.#lengths[unit]!, typicalLength);
      }
    }
  }

  /** Keeps each segment more than twice the next, so that a posting is moved only a logarithmic number of times. */
  #settle(): void {
    while (this.#segments.length > 1) {
      const [earlier, later] = this.#segments.slice(-2) as [Segment, Segment];
      if (earlier.units.length > 2 * later.units.length) return;
      this.#segments.splice(-2, 2, mergeSegments(earlier, later));
    }
  }
}
