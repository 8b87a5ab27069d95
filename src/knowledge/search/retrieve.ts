// Retrieves the passages that answer a question: the store's sums, then a closer look.

import { readingsOf, withoutCourtesy } from "../../core/clauses.ts";
import { type SearchResult, type Hit, type Passage } from "../../core/knowledge.ts";
import { languageOf, type Language } from "../../core/language.ts";
import { truncate } from "../../core/text.ts";
import type { AskDense } from "./dense.ts";
import { queryTerms, termId, K1, WEIGHTS } from "./lexical.ts";
import { asksForDefinition, bestSentences, type TermWeights } from "./quote.ts";
import type { Candidate, Candidates, Store } from "../stores/store.ts";
import type { Tokenize, Tokens } from "./tokens.ts";

/** How many the store is asked for, and how many of those are read sentence by sentence. */
const CANDIDATES = 100;
const READ = 30;
/** How many of the first may vouch for the answer being there. */
const TRUSTED = 3;
/** What a cosine is worth, as a share of the highest sum that the question's words can reach, and from where on it counts. */
const DENSE = 0.8;
const UNRELATED = 0.2;
/** The weight of the better neighbour's score; a passage counts as its own neighbour by OWN, or short documents would lose. */
const NEIGHBOUR = 0.3;
const OWN = 0.7;
/** The weight of the idf that the best single sentence covers: an answer says in one place what a near miss scatters. */
const SENTENCE = 0.6;
/** The weight of how far the passage's heading asks the same, where the passage opens the section and where it goes on. */
const HEADING = { opening: 0.55, further: 0.5 };
/** The weight of a sentence that says what the question asks the meaning of. */
const DEFINITION = 0.4;
/** How many of the first may be headed by what is asked about. */
const HEADED = 10;
/** What a Chinese passage counts for an English question, and from which share of Han characters it is Chinese. */
const FOREIGN = 0.8;
const MOSTLY_HAN = 0.2;
/** Of how many of the whole question's first passages the one must be that a part of it finds first. */
const AGREED = 5;
/** The confidence from which on a part of a message needs no such word: a short question drowns in what is said around it. */
const SURE = 0.75;
/** UTF-16 units of a question that are looked at. */
const LONGEST_SEARCHED = 2000;

interface Searched {
  store: Pick<Store, "search">;
  tokenize: Tokenize;
  askDense?: AskDense;
}

interface Where {
  workspaces: readonly string[];
  /** Whether the question is put together from several messages, so that no part of it is said around another. */
  isJoined?: boolean;
}

type ReadWhere = Where & { language: Language | undefined };

/**
 * Searches with the whole question first. Where that finds no answer, with the part of it that asks: what is found then
 * must be among the first of the whole question too, or nearly certain, so that a polite clause never answers by itself.
 */
export async function retrieve(
  searched: Searched,
  question: string,
  where: Where,
  signal: AbortSignal,
): Promise<SearchResult> {
  const asked = where.isJoined ? question : withoutCourtesy(question);
  // What is left of a message may be a name, and tells no longer which language the person writes.
  const read = { ...where, language: languageOf(question) };
  const whole = await search(searched, asked, read, signal);
  if (whole.answerable || where.isJoined) return whole;
  return readOtherwise(searched, { question: asked, whole }, read, signal);
}

async function readOtherwise(
  searched: Searched,
  { question, whole }: { question: string; whole: SearchResult },
  where: ReadWhere,
  signal: AbortSignal,
): Promise<SearchResult> {
  const near = new Set(whole.hits.slice(0, AGREED).map(idOf));
  for (const way of readingsOf(truncate(question, LONGEST_SEARCHED))) {
    const answered: SearchResult[] = [];
    for (const reading of way) {
      const found = await search(searched, reading, where, signal);
      const [best] = found.hits;
      if (found.answerable && best && (near.has(idOf(best)) || found.confidence >= SURE)) answered.push(found);
    }
    // What is nearly certain needs no word of the whole, which may name something else.
    const isSure = answered.every(({ confidence }) => confidence >= SURE);
    if (answered.length > 0) return together(isSure ? { ...whole, hits: [] } : whole, answered);
  }
  return whole;
}

/**
 * What a message found, as a whole and by the questions in it. Scores of two searches do not compare, so each one's best
 * counts as 1; the whole is counted beside each question, for what is said around one often names what it is about.
 */
function together(whole: SearchResult, found: readonly SearchResult[]): SearchResult {
  const around = new Map(whole.hits.map((hit) => [idOf(hit), shareOf(hit, whole)]));
  const hits = found
    .flatMap((each) => each.hits.map((hit) => ({ ...hit, score: shareOf(hit, each) + (around.get(idOf(hit)) ?? 0) })))
    .toSorted((a, b) => b.score - a.score)
    .filter((hit, i, all) => all.findIndex((each) => idOf(each) === idOf(hit)) === i);
  return { hits, confidence: Math.min(...found.map(({ confidence }) => confidence)), answerable: true };
}

function shareOf({ score }: Hit, { hits }: SearchResult): number {
  return score / (hits[0]?.score || 1);
}

function idOf({ documentId, start }: Hit): string {
  return `${documentId} ${start}`;
}

async function search(
  { store, tokenize, askDense }: Searched,
  question: string,
  where: ReadWhere,
  signal: AbortSignal,
): Promise<SearchResult> {
  const words = truncate(question, LONGEST_SEARCHED);
  const tokens = tokenize(words, "question");
  if (tokens.terms.length === 0) return { hits: [], confidence: 0, answerable: false };
  const dense = await askDense?.(words, signal);
  const query = { terms: queryTerms(tokens), workspaces: where.workspaces, limit: CANDIDATES, ...(dense && { dense }) };
  const found = await store.search(query, signal);
  const asked = askedFor(tokens, found);
  const reading = { asked, language: where.language, wantsDefinition: asksForDefinition(question) };
  const read = withNeighbours(withMeaning(found.candidates, DENSE * attainable(tokens, found)))
    .slice(0, READ)
    .map((candidate) => readHit(candidate, reading, tokenize));
  const coverage = Math.max(0, ...read.slice(0, TRUSTED).map((each) => each.coverage));
  const confidence = adjustedBySimilarity(confidenceOf(tokens, found, coverage), found, dense?.minSimilarity);
  const hits = read.map(({ hit }) => hit).toSorted((a, b) => b.score - a.score);
  const isHeaded = hits.slice(0, HEADED).some((hit) => isHeadedBy(hit, asked, tokenize));
  const isMeant = dense !== undefined && dense.minSimilarity === undefined && standsOut(found);
  const answerable = isMeant || isAnswerable(confidence, tokens, found, isHeaded);
  return { hits, confidence, answerable };
}

function askedFor({ terms }: Tokens, { frequencies, unseen }: Candidates): TermWeights {
  return new Map(terms.map((term) => [term, frequencies.get(termId("text", term)) ?? unseen]));
}

/** Both scales have a top, so they can be added: a convex sum, up to a factor, which keeps how far apart two passages are. */
function withMeaning(candidates: readonly Candidate[], worth: number): Candidate[] {
  return candidates
    .map((each) => ({ ...each, score: each.score + worth * Math.max(0, (each.cosine ?? 0) - UNRELATED) }))
    .toSorted((a, b) => b.score - a.score);
}

const name = ({ passage }: Candidate, ordinal: number) => `${passage.documentId} ${ordinal}`;

/** What an answer leans on often stands in the passage before or after it. */
function withNeighbours(candidates: readonly Candidate[]): Candidate[] {
  const scores = new Map(candidates.map((candidate) => [name(candidate, candidate.ordinal), candidate.score]));
  const scoreAt = (candidate: Candidate, ordinal: number) => scores.get(name(candidate, ordinal)) ?? 0;
  return candidates
    .map((candidate) => {
      const { ordinal, score } = candidate;
      const near = Math.max(scoreAt(candidate, ordinal - 1), scoreAt(candidate, ordinal + 1), OWN * score);
      return { ...candidate, score: score + NEIGHBOUR * near };
    })
    .toSorted((a, b) => b.score - a.score);
}

function readHit(
  { passage, score }: Candidate,
  {
    asked,
    language,
    wantsDefinition,
  }: { asked: TermWeights; language: Language | undefined; wantsDefinition: boolean },
  tokenize: Tokenize,
): { hit: Hit; coverage: number } {
  const { quote, coverage, isDefined } = bestSentences(passage, asked, tokenize, wantsDefinition);
  const heading = headingOverlap(passage, asked, tokenize);
  const definition = isDefined ? sum(asked.values()) : 0;
  const preference = isForeign(passage, language) ? FOREIGN : 1;
  return {
    hit: {
      ...passage,
      score: preference * (score + SENTENCE * coverage + heading + DEFINITION * definition),
      quote,
    },
    coverage,
  };
}

/** The question's idf that the last heading shares with it, less for every word that the heading says besides. */
function headingOverlap({ headings, title, text }: Passage, asked: TermWeights, tokenize: Tokenize): number {
  const terms = new Set(tokenize(headings.at(-1) ?? title, "question").terms);
  const shared = sum([...asked].filter(([term]) => terms.has(term)).map(([, idf]) => idf));
  if (shared === 0) return 0;
  const besides = [...terms].filter((term) => !asked.has(term)).length * (sum(asked.values()) / asked.size);
  const isOpening = text.startsWith("#") || !headings.length;
  return (isOpening ? HEADING.opening : HEADING.further) * ((shared * shared) / (shared + besides));
}

/** What a heading says besides its subject: an aside, and the Chinese "is" and "of". */
const BESIDES = /\([^)]*\)|（[^）]*）|[是的]/g;

/** Whether the section's heading is about nothing but what is asked: "What is LoRA?" for a question on LoRA's size. */
function isHeadedBy({ headings }: Passage, asked: TermWeights, tokenize: Tokenize): boolean {
  const { terms } = tokenize((headings.at(-1) ?? "").replace(BESIDES, " "), "question");
  return terms.length > 0 && terms.every((term) => asked.has(term));
}

/**
 * An English question finds Chinese passages by the English terms in them, in few words and therefore high up.
 * Where both languages have the answer, the question's own should come first. The other way round it does so by itself.
 */
function isForeign({ text }: Passage, language: Language | undefined): boolean {
  return language === "en" && (text.match(/\p{Script=Han}/gu)?.length ?? 0) > MOSTLY_HAN * text.length;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/**
 * Chosen on the development split over 1829 documents in both languages: it keeps 94 % of the answerable questions in Chinese
 * and in English alike, and turns away 88 % and 83 % of those whose article is missing. A refused question can be asked again,
 * and a model may still say that its sources are silent, so it leans towards answering.
 */
const THRESHOLD = 0.365;
/** Where a section is headed by what is asked, its words may be fewer: whoever wrote the heading vouches for it. */
const HEADED_THRESHOLD = 0.28;

/** The highest sum that the question's words could reach in a passage's text, words that no passage has included. */
export function attainable({ terms }: Tokens, { frequencies, unseen }: Candidates): number {
  return WEIGHTS.text * (K1 + 1) * sumOfWeights(terms.map((term) => frequencies.get(termId("text", term)) ?? unseen));
}

/**
 * The mean of two shares, each of what the question's words could reach at most, words that no passage has included:
 * the best passage's score of the highest score, and the idf that one sentence covers of all idf. The first alone has
 * an AUROC of .968 in Chinese and .959 in English, both together .975 and .959, and then one threshold fits both languages.
 */
export function confidenceOf(tokens: Tokens, found: Candidates, coverage: number): number {
  const { candidates, frequencies, unseen } = found;
  const highest = attainable(tokens, found);
  if (highest === 0 || !candidates[0]) return 0;
  const idfOf = (term: string) => frequencies.get(termId("text", term)) ?? unseen;
  const covered = coverage / sumOfWeights([...new Set(tokens.terms)].map(idfOf));
  return (Math.min(1, candidates[0].score / highest) + Math.min(1, covered)) / 2;
}

/** What the nearest passage adds or takes for each point of its cosine above or below where it vouches for the answer. */
const SIMILARITY_WEIGHT = 0.3;

/** The confidence by words, moved by the nearest passage's meaning; as it was where no passage was compared. */
export function adjustedBySimilarity(
  confidence: number,
  { candidates }: Candidates,
  minSimilarity: number | undefined,
): number {
  const cosines = candidates.flatMap(({ cosine }) => cosine ?? []);
  if (minSimilarity === undefined || cosines.length === 0) return confidence;
  return Math.min(1, Math.max(0, confidence + SIMILARITY_WEIGHT * (Math.max(...cosines) - minSimilarity)));
}

/** How far the nearest passage must stand out among the near ones, and among how many at least. */
const CONTRAST = 0.3;
const FEWEST_NEAR = 10;

/**
 * Whether one passage is so much nearer than the other near ones that it speaks for itself, whatever its words: a question
 * in one language, its answer in another. A share of what the others leave to 1, because each model's cosines lie elsewhere.
 */
export function standsOut({ candidates }: Candidates): boolean {
  const cosines = candidates.flatMap(({ cosine }) => cosine ?? []);
  if (cosines.length < FEWEST_NEAR) return false;
  const mean = sumOfWeights(cosines) / cosines.length;
  return (Math.max(...cosines) - mean) / (1 - mean) >= CONTRAST;
}

/** A question none of whose words is in any passage is never answerable, whatever a title shares with it. */
export function isAnswerable(
  confidence: number,
  { terms }: Tokens,
  { frequencies }: Candidates,
  isHeaded: boolean,
): boolean {
  const threshold = isHeaded ? HEADED_THRESHOLD : THRESHOLD;
  return confidence >= threshold && terms.some((term) => frequencies.has(termId("text", term)));
}

function sumOfWeights(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
