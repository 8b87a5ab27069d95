// From a question to the passages that answer it: the store's sum, then what only the words in their places can tell.

import { EVERYONE, type Found, type Hit } from "../core/knowledge.ts";
import { confidenceOf, isAnswerable } from "./confidence.ts";
import { queryTerms, termId } from "./lexical.ts";
import { bestSentences, type Question } from "./quote.ts";
import type { Candidate, Candidates, Store } from "./store.ts";
import type { Tokenize, Tokens } from "./tokens.ts";

/** How many the store is asked for, and how many of those are read sentence by sentence. */
const CANDIDATES = 100;
const READ = 50;
/** How many of the first may vouch for the answer being there. */
const TRUSTED = 3;
/** The weight of the better neighbour's score; a passage counts as its own neighbour by OWN, or short documents would lose. */
const NEIGHBOUR = 0.3;
const OWN = 0.7;
/** The weight of the idf that the best single sentence covers: an answer says in one place what a near miss scatters. */
const SENTENCE = 0.6;
/** UTF-16 units of a question that are looked at. */
const LONGEST_QUESTION = 2000;

export async function retrieve(
  { store, tokenize }: { store: Store; tokenize: Tokenize },
  question: string,
  where: { workspace: string; limit: number },
  signal: AbortSignal,
): Promise<Found> {
  const tokens = tokenize(question.slice(0, LONGEST_QUESTION), "question");
  if (tokens.terms.length === 0) return { hits: [], confidence: 0, answerable: false };
  const workspaces = [...new Set([where.workspace, EVERYONE])];
  const found = await store.search({ terms: queryTerms(tokens), workspaces, limit: CANDIDATES }, signal);
  const asked = askedFor(tokens, found);
  const read = withNeighbours(found.candidates)
    .slice(0, READ)
    .map((candidate) => readHit(candidate, asked, tokenize));
  const confidence = confidenceOf(
    tokens,
    found,
    Math.max(0, ...read.slice(0, TRUSTED).map(({ coverage }) => coverage)),
  );
  const hits = read.map(({ hit }) => hit).toSorted((a, b) => b.score - a.score);
  return { hits: hits.slice(0, where.limit), confidence, answerable: isAnswerable(confidence, tokens, found) };
}

function askedFor({ terms }: Tokens, { frequencies, unseen }: Candidates): Question {
  return new Map(terms.map((term) => [term, frequencies.get(termId("text", term)) ?? unseen]));
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
  question: Question,
  tokenize: Tokenize,
): { hit: Hit; coverage: number } {
  const { quote, coverage } = bestSentences(passage, question, tokenize);
  return { hit: { ...passage, score: score + SENTENCE * coverage, quote }, coverage };
}
