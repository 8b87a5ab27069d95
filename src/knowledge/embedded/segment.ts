// An inverted list that never changes: term id -> the units that have it, as four flat arrays. Small enough to keep, quick to build.

import type { TermVector } from "../lexical.ts";

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
  const postings = emptyPostings(earlier.units.length + later.units.length);
  let at = 0;
  for (const segment of [earlier, later]) {
    postings.units.set(segment.units, at);
    postings.counts.set(segment.counts, at);
    for (const [i, id] of segment.ids.entries()) {
      postings.ids.fill(id, at + segment.starts[i]!, at + segment.starts[i + 1]!);
    }
    at += segment.units.length;
  }
  return group(sortById(postings));
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
