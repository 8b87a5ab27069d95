// How sure a search may be that the answer is in the knowledge base at all.

import { K1, queryTerms } from "./lexical.ts";
import type { Candidates } from "./store.ts";
import type { Tokens } from "./tokens.ts";

/** placeholder */
const THRESHOLD = 0.4;

/** The best score over the highest that any passage could reach for these words, those that no passage has included. */
export function confidenceOf(tokens: Tokens, { candidates, frequencies, unseen }: Candidates): number {
  const attainable = queryTerms(tokens)
    .filter(({ field }) => field === "text" || field === "pairs")
    .reduce((sum, { id, weight }) => sum + weight * (frequencies.get(id) ?? unseen) * (K1 + 1), 0);
  return attainable === 0 ? 0 : Math.min(1, (candidates[0]?.score ?? 0) / attainable);
}

export function isAnswerable(confidence: number, _tokens: Tokens): boolean {
  return confidence >= THRESHOLD;
}
