// Ranking by sums of two parts, a passage's own and its document's: which documents can still matter once the best of each
// part are known, and which passages are the best in the end. Nothing here asks the server anything.

import { markOf, passagePointId, placeOf } from "./ids.ts";

/** One part of the sums, as the server has added it up. */
export interface Part {
  scores: ReadonlyMap<string, number>;
  /** What nothing can have that is missing here: 0 where nothing is. */
  most: number;
}

/** A document as it stands. */
export interface Standing {
  workspace: string;
  id: string;
  addedAt: number;
  revision: string;
  passages: number;
}

/** A passage by its point, with its sum. */
export interface Ranked {
  point: string;
  ordinal: number;
  score: number;
  document: Standing;
}

export interface Sums {
  /** By passages' points. */
  own: Part;
  /** By documents' owners. */
  shared: Part;
}

/**
 * The documents of the passages that lead so far, and those whose other passages could still come in among the best: each of
 * these has at most what is missing of its own part, and its document's.
 */
export function documentsToLookAt({ own, shared }: Sums, limit: number): { leading: string[]; promising: string[] } {
  const sums = [...own.scores]
    .map(([point, score]): [string, number] => {
      const { owner } = placeOf(point);
      return [owner, score + (shared.scores.get(owner) ?? 0)];
    })
    .toSorted((a, b) => b[1] - a[1]);
  const least = sums[limit - 1]?.[1] ?? 0;
  const leading = new Set(sums.slice(0, 2 * limit).map(([owner]) => owner));
  const promising = [...shared.scores].filter(([, score]) => score + own.most > least).map(([owner]) => owner);
  return { leading: [...leading], promising: promising.slice(0, limit) };
}

/** All passages that are known, and of the promising documents those that have no word of the question themselves. */
export function rank(
  { own, shared }: Sums,
  standing: ReadonlyMap<string, Standing>,
  { near, promising, limit }: { near: readonly string[]; promising: readonly string[]; limit: number },
): Ranked[] {
  const points = new Set([...own.scores.keys(), ...near, ...wordless(own, standing, promising, limit)]);
  return [...points].flatMap((point): Ranked[] => {
    const { owner, revision, ordinal } = placeOf(point);
    const document = standing.get(owner);
    // A passage of another revision is on its way out.
    if (document === undefined || markOf(document.revision) !== revision) return [];
    return [{ point, ordinal, document, score: (own.scores.get(point) ?? 0) + (shared.scores.get(owner) ?? 0) }];
  });
}

function wordless(own: Part, standing: ReadonlyMap<string, Standing>, promising: readonly string[], limit: number) {
  const points: string[] = [];
  for (const owner of promising) {
    const { passages = 0, revision = "" } = standing.get(owner) ?? {};
    for (let ordinal = 0; ordinal < passages && points.length < limit; ordinal++) {
      const point = passagePointId({ owner, revision, ordinal });
      if (!own.scores.has(point)) points.push(point);
    }
  }
  return points;
}

/** Best first; equals in an order that does not change from search to search. */
export function inOrder(workspaces: readonly string[]) {
  const order = ({ workspace }: Standing) => workspaces.indexOf(workspace);
  return (a: Ranked, b: Ranked): number =>
    b.score - a.score ||
    order(a.document) - order(b.document) ||
    a.document.addedAt - b.document.addedAt ||
    a.document.id.localeCompare(b.document.id, "en") ||
    a.ordinal - b.ordinal;
}
