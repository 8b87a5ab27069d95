// A search in Qdrant, in three requests: what the server's sums find, by ids alone; whose those are and what the sums still
// lack; and the words of the chosen ones. The sums are the embedded store's, in whole steps.

import { gainOf, idfOf, STEPS, type Field } from "../../search/lexical.ts";
import type { Candidate, Candidates, Query } from "../store.ts";
import type { Frequencies, Known } from "./frequencies.ts";
import { articlePointId, documentPointId, placeOf } from "./ids.ts";
import { DocumentPayload, PASSAGE_FIELDS, readPassage, sparse, vectorName, WORDS } from "./points.ts";
import { documentsToLookAt, inOrder, rank, type Ranked, type Standing, type Sums } from "./rank.ts";
import {
  findAll,
  is,
  oneOf,
  type Condition,
  type Filter,
  type Hit,
  type Search,
  type Shelf,
  type SparseVector,
} from "./requests.ts";

/** Of each part of the sums so many times what is asked for is looked at. */
const WIDER = 3;

/** What the server adds up is in steps of both sides. */
const STEP = 1 / (STEPS.unit * STEPS.question);

const STANDING = ["workspace", "revision", "about.id", "about.addedAt", "about.passages"];
const StandingPayload = DocumentPayload.pick({ workspace: true, revision: true }).extend({
  about: DocumentPayload.shape.about.pick({ id: true, addedAt: true, passages: true }),
});

export async function search(
  collection: Shelf,
  query: Query,
  frequencies: Frequencies,
  signal: AbortSignal,
): Promise<Candidates> {
  let known = await frequencies.learn(collection, query, signal);
  let found = await find(collection, query, known, known.missing, signal);
  if (found.isOutdated) {
    frequencies.forget(query.workspaces);
    known = await frequencies.learn(collection, query, signal);
    found = await find(collection, query, known, [], signal);
  }
  const ranked = await complete(collection, query, found, signal);
  const chosen = choose(ranked, found.near, query);
  const { frequencies: counted, unseen } = known;
  return { candidates: await read(collection, chosen, query, signal), frequencies: counted, unseen };
}

/** The question as the server takes it: a vector for the passages' own terms, one for those that their document shares. */
interface Asked {
  own: SparseVector;
  shared: SparseVector;
}

function askedOf({ terms }: Query, known: Known): Asked {
  const vectorOf = (fields: readonly Field[]) => {
    const chosen = terms.filter(({ field }) => fields.includes(field));
    const gains = chosen.map((term) => ({ id: term.id, gain: gainOf(term.weight, idfOf(term, known)) }));
    const telling = gains.filter(({ gain }) => gain > 0);
    return sparse(
      telling.map(({ id }) => id),
      telling.map(({ gain }) => gain * STEPS.question),
    );
  };
  return { own: vectorOf(["text", "pairs"]), shared: vectorOf(["title", "article"]) };
}

interface Found extends Sums {
  asked: Asked;
  /** Points of passages, the nearest first. */
  near: readonly string[];
  /** A word that nothing had is somewhere by now: a document that has just come is found at once. */
  isOutdated: boolean;
}

async function find(
  collection: Shelf,
  query: Query,
  known: Known,
  missing: readonly number[],
  signal: AbortSignal,
): Promise<Found> {
  const { dense, workspaces, limit } = query;
  const asked = askedOf(query, known);
  const { own, shared } = asked;
  const most = limit * WIDER;
  const passages = within(workspaces, is("kind", "passage"));
  const answers = await findEach(
    collection,
    {
      own: byWords(own, passages, most),
      shared: byWords(shared, within(workspaces, is("kind", "article")), most),
      near: dense && { ...nearestTo(dense, passages, limit), score_threshold: 0 },
      missing: missing.length > 0 && {
        filter: within(workspaces, is("kind", "passage"), oneOf("terms", missing)),
        limit: 1,
        with_payload: false,
      },
    },
    signal,
  );
  return {
    asked,
    isOutdated: answers.missing.length > 0,
    own: { scores: sumsOf(answers.own), most: leastOf(answers.own, most) },
    shared: { scores: sumsOf(answers.shared, ownerOfPoint), most: leastOf(answers.shared, most) },
    // Whether a threshold lets through what equals it is not said; nothing in common is nothing near.
    near: answers.near.filter(({ score }) => score > 0).map(({ id }) => id),
  };
}

/** Every passage that may be among the best, with its whole sum. */
async function complete(
  collection: Shelf,
  { workspaces, limit }: Query,
  found: Found,
  signal: AbortSignal,
): Promise<Ranked[]> {
  const { near } = found;
  const { own, shared } = found.asked;
  const { leading, promising } = documentsToLookAt(found, limit);
  const owners = [...new Set([...leading, ...promising, ...near.map(ownerOfPoint)])];
  if (owners.length === 0) return [];
  const unsummed = found.shared.most > 0 ? owners.filter((owner) => !found.shared.scores.has(owner)) : [];
  const unread = found.own.most > 0 ? near.filter((point) => !found.own.scores.has(point)) : [];
  const siblings = found.own.most > 0 ? promising : [];
  const most = limit * WIDER;
  const answers = await findEach(
    collection,
    {
      standing: {
        filter: within(workspaces, is("kind", "document"), { has_id: owners.map(documentPointId) }),
        limit: owners.length,
        with_payload: STANDING,
      },
      shared: byWords(shared, within(workspaces, { has_id: unsummed.map(articlePointId) }), unsummed.length),
      own: byWords(own, within(workspaces, { has_id: unread }), unread.length),
      siblings:
        siblings.length > 0 &&
        byWords(own, within(workspaces, is("kind", "passage"), oneOf("document", siblings)), most),
    },
    signal,
  );
  const sums: Sums = {
    own: { ...found.own, scores: new Map([...found.own.scores, ...sumsOf([...answers.own, ...answers.siblings])]) },
    shared: { ...found.shared, scores: new Map([...found.shared.scores, ...sumsOf(answers.shared, ownerOfPoint)]) },
  };
  // Where not all of their siblings came, those that are missing may have words of the question.
  const wordless = answers.siblings.length < most ? promising : [];
  return rank(sums, standingOf(answers.standing), { near, promising: wordless, limit });
}

/** The best by their sums, then those that only their vectors speak for. */
function choose(ranked: readonly Ranked[], near: readonly string[], { workspaces, limit }: Query): readonly Ranked[] {
  const best = ranked
    .filter(({ score }) => score > 0)
    .toSorted(inOrder(workspaces))
    .slice(0, limit);
  const byPoint = new Map(ranked.map((each) => [each.point, each]));
  return [...new Set([...best, ...near.flatMap((point) => byPoint.get(point) ?? [])])];
}

/** The words of the chosen ones; with a dense query also how near each is, exactly. */
async function read(
  collection: Shelf,
  chosen: readonly Ranked[],
  { dense, workspaces }: Query,
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  if (chosen.length === 0) return [];
  const filter = within(workspaces, is("kind", "passage"), { has_id: chosen.map(({ point }) => point) });
  const answers = await findEach(
    collection,
    {
      texts: { filter, limit: chosen.length, with_payload: PASSAGE_FIELDS },
      cosines: dense && { ...nearestTo(dense, filter, chosen.length), params: { exact: true } },
    },
    signal,
  );
  const texts = new Map(answers.texts.map(({ id, payload }) => [id, payload]));
  const cosines = new Map(answers.cosines.map(({ id, score }) => [id, score]));
  return chosen.flatMap(({ point, score }): Candidate[] => {
    // Removed in this very moment.
    if (!texts.has(point)) return [];
    const cosine = cosines.get(point);
    return [{ ...readPassage(texts.get(point)), score, ...(cosine !== undefined && { cosine }) }];
  });
}

/** Several searches in one request. What is not searched for finds nothing. */
async function findEach<Name extends string>(
  collection: Shelf,
  searches: Readonly<Record<Name, Search | false | undefined>>,
  signal: AbortSignal,
): Promise<Readonly<Record<Name, readonly Hit[]>>> {
  const names = Object.keys(searches) as Name[];
  const asked = names.filter((name) => searches[name]);
  const found = await findAll(
    collection,
    asked.map((name) => searches[name] as Search),
    signal,
  );
  return Object.fromEntries(names.map((name) => [name, found[asked.indexOf(name)] ?? []])) as Record<Name, Hit[]>;
}

function byWords(query: SparseVector, filter: Filter, limit: number): Search | undefined {
  return query.indices.length > 0 && limit > 0
    ? { query, using: WORDS, filter, limit, with_payload: false }
    : undefined;
}

function nearestTo({ space, vector }: NonNullable<Query["dense"]>, filter: Filter, limit: number): Search {
  return { query: [...vector], using: vectorName(space), filter, limit, with_payload: false };
}

/** Every search names its workspaces. */
function within(workspaces: readonly string[], ...must: readonly Condition[]): Filter {
  return { must: [oneOf("workspace", workspaces), ...must] };
}

function ownerOfPoint(point: string): string {
  return placeOf(point).owner;
}

function sumsOf(hits: readonly Hit[], keyOf = (id: string) => id): Map<string, number> {
  return new Map(hits.map(({ id, score }) => [keyOf(id), score * STEP]));
}

/** What nothing can have that is not among the hits of a search for `most`, best first. */
function leastOf(hits: readonly Hit[], most: number): number {
  return hits.length < most ? 0 : (hits.at(-1)?.score ?? 0) * STEP;
}

function standingOf(hits: readonly Hit[]): ReadonlyMap<string, Standing> {
  return new Map(
    hits.map(({ id, payload }) => {
      const { about, ...same } = StandingPayload.parse(payload);
      return [ownerOfPoint(id), { ...same, ...about }];
    }),
  );
}
