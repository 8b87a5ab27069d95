// The lexical side of search as sparse vectors, so that any store that can add up products ranks alike.
// A unit (a passage, or a whole document) is a vector of term id -> how often; a question is a vector of term id -> weight.
// The score is BM25 in Lucene's form (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond"):
//   sum over terms of weight * idf * count * (K1 + 1) / (count + K1 * (1 - B + B * length / typical length)),
//   idf = ln(1 + (units - units with the term + 0.5) / (units with the term + 0.5)).

import type { Tokens } from "./tokens.ts";

/** `text` and `pairs` describe a passage; `title` and `article` (the passages together) describe its document. */
export type Field = "text" | "pairs" | "title" | "article";

/** Field weights; chosen on the development split, see docs/decisions/0001-retrieval.md. */
export const WEIGHTS: Readonly<Record<Field, number>> = { text: 1, pairs: 0.3, title: 0.6, article: 0.2 };

/** Term frequency saturates at K1; B is how far a long unit is held against it. */
export const K1 = 0.9;
export const B = 0.75;

/**
 * What a unit's length is held against, in UTF-16 units without white space. It is the same for every workspace, so that a
 * unit's side of the product never changes once it is written; docs/decisions/0004-qdrant.md has what that costs.
 */
export const TYPICAL: Readonly<Record<Field, number>> = { text: 220, pairs: 220, title: 100, article: 2000 };

/**
 * Both sides of a product are whole steps, so small that nothing is lost to a ranking and so large that sums up to 128 are
 * exact in the 24 bits of a short float: every store comes to the same score, in whatever order it adds up.
 */
export const STEPS = { unit: 256, question: 512 };

/** A unit's terms: ids ascending, each once, with how often it occurs (at most 255). */
export interface TermVector {
  ids: Uint32Array;
  counts: Uint8Array;
  /** UTF-16 units without white space. Not terms: 400 units are 40 English terms but 800 Chinese ones, and one index holds both. */
  length: number;
}

/** A question's term: `id` names the field too, `weight` is the field's weight times how often the term is asked for. */
export interface QueryTerm {
  field: Field;
  id: number;
  weight: number;
  /** The id under which passages have it, for a term of a field that a document's passages share. */
  inText?: number;
}

/** Whether all passages of a document share the field. */
export function isShared(field: Field): boolean {
  return field === "title" || field === "article";
}

const MOST = 255;
/** Seeds keep one field's ids apart from another's, so that fields add up in one vector. */
const SEEDS: Readonly<Record<Field, number>> = { text: 0, pairs: 0x9e3779b9, title: 0x7f4a7c15, article: 0x94d049bb };

/** A passage's vector: its terms and its neighbouring words. */
export function passageVector(text: string, tokens: Tokens): TermVector {
  const ids = new Uint32Array(tokens.terms.length + tokens.pairs.length);
  writeIds("text", tokens.terms, ids, 0);
  writeIds("pairs", tokens.pairs, ids, tokens.terms.length);
  return vectorOf(ids, lengthOf(text));
}

/** A document's vector in the fields of the title or of the whole article. */
export function documentVector(field: "title" | "article", text: string, terms: readonly string[]): TermVector {
  return termsOf(field, terms, lengthOf(text));
}

export function queryTerms(tokens: Tokens): QueryTerm[] {
  const shared = (["title", "article"] as const).flatMap((field) =>
    [...countsOf(tokens.terms)].map(([term, count]): QueryTerm => {
      const inText = termId("text", term);
      return { field, id: termId(field, term), weight: WEIGHTS[field] * count, inText };
    }),
  );
  return [...weigh("text", tokens.terms), ...shared, ...weigh("pairs", tokens.pairs)];
}

/**
 * What a question's term tells. One number for all fields, counted over passages: a word weighs in a title what it weighs in
 * a text, also where no passage has it. A word of the text that no passage has tells nothing apart.
 */
export function idfOf(
  { field, id, inText = id }: QueryTerm,
  { frequencies, unseen }: { frequencies: ReadonlyMap<number, number>; unseen: number },
): number {
  return frequencies.get(inText) ?? (isShared(field) ? unseen : 0);
}

/** How much a term tells: `having` of `units` units have it. */
export function inverseFrequency(units: number, having: number): number {
  return Math.log(1 + (units - having + 0.5) / (having + 0.5));
}

/** The question's side of the product, in steps of 1 / STEPS.question. */
export function gainOf(weight: number, idf: number): number {
  const steps = Math.round(weight * idf * STEPS.question);
  // A word that nearly every passage has tells little, but a question of nothing else still finds them.
  return Math.max(steps, weight * idf > 0 ? 1 : 0) / STEPS.question;
}

/** The unit's side of the product, in steps of 1 / STEPS.unit. It nears K1 + 1 as `count` grows. */
export function saturate(count: number, length: number, typicalLength: number): number {
  const saturated = (count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / typicalLength));
  return Math.round(saturated * STEPS.unit) / STEPS.unit;
}

/** FNV-1a over UTF-16 units with a final mix: 32 bits, so that two terms of a million share an id about 100 times. */
export function termId(field: Field, term: string): number {
  let hash = (0x811c9dc5 ^ SEEDS[field]) >>> 0;
  for (let i = 0; i < term.length; i++) hash = Math.imul(hash ^ term.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function weigh(field: Field, terms: readonly string[]): QueryTerm[] {
  return [...countsOf(terms)].map(([term, count]) => ({
    field,
    id: termId(field, term),
    weight: WEIGHTS[field] * count,
  }));
}

function countsOf(terms: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

function termsOf(field: Field, terms: readonly string[], length: number): TermVector {
  const ids = new Uint32Array(terms.length);
  writeIds(field, terms, ids, 0);
  return vectorOf(ids, length);
}

function writeIds(field: Field, terms: readonly string[], into: Uint32Array, at: number): void {
  for (let i = 0; i < terms.length; i++) into[at + i] = termId(field, terms[i]!);
}

/** Sorts `all` in place and counts the repeats: several times quicker than a map from id to count. */
function vectorOf(all: Uint32Array, length: number): TermVector {
  all.sort();
  const ids = new Uint32Array(all.length);
  const counts = new Uint8Array(all.length);
  let terms = 0;
  for (let i = 0; i < all.length; i++) {
    if (i === 0 || all[i] !== all[i - 1]) ids[terms++] = all[i]!;
    if (counts[terms - 1]! < MOST) counts[terms - 1]!++;
  }
  return { ids: ids.slice(0, terms), counts: counts.slice(0, terms), length };
}

function lengthOf(text: string): number {
  return text.replaceAll(/\s+/g, "").length;
}
