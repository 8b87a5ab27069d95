// An index that grows: immutable segments, merged as they pile up, and units that are struck out without rewriting anything.

import { saturate, type TermVector } from "../lexical.ts";
import { buildSegment, findPostings, mergeSegments, type Segment } from "./segment.ts";

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
