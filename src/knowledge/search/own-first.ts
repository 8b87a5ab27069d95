// Keeps the bundled course away from a team's own documents: an answer is taken from one or from the other.

import type { Hit, SearchResult } from "../../core/knowledge.ts";

/** The share of the course's best score from which on a team's own passage answers instead: less means that the course is meant. */
const OWN_SHARE = 0.75;

/** What was found in the team's own documents alone, or in the course alone where the question is plainly about that. */
export function ownFirst(found: SearchResult, isBundled: (hit: Hit) => boolean): SearchResult {
  const own = found.hits.filter((hit) => !isBundled(hit));
  const [best] = found.hits;
  if (!best || !own[0] || own.length === found.hits.length) return found;
  const isOwn = own[0].score >= OWN_SHARE * best.score;
  return { ...found, hits: isOwn ? own : found.hits.filter(isBundled) };
}
