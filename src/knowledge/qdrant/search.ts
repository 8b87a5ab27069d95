// A search in Qdrant: its products find the candidates, and the workspaces' own statistics rank them, as the embedded store does.

import { saturate, type Field, type QueryTerm } from "../lexical.ts";
import type { Candidate, Candidates, Query } from "../store.ts";
import { is, oneOf, type Shelf } from "./documents.ts";
import { cosinesOf, nearest } from "./nearest.ts";
import {
  documentPointId,
  DocumentPayload,
  passagePointId,
  PassagePayload,
  readPassage,
  sparse,
  WORDS,
} from "./points.ts";
import { statisticsOf, type Statistics, type Totals } from "./statistics.ts";

/** Found by typical lengths, ranked by true ones: so many times what is asked for is looked at. */
const WIDER = 3;

export async function search(shelf: Shelf, query: Query, totals: Totals, signal: AbortSignal): Promise<Candidates> {
  const statistics = await statisticsOf(shelf, query, totals, signal);
  const { frequencies, unseen } = statistics;
  const known = { ...query, terms: query.terms.filter(({ id }) => frequencies.has(id)) };
  const [speaking, near] = await Promise.all([
    find(shelf, known, statistics, signal),
    query.dense ? nearest(shelf, query.dense, query, signal) : [],
  ]);
  const documents = await withDocuments(shelf, speaking, near, signal);
  const all = new Map([...near, ...speaking.passages].map((passage) => [placeOf(passage), passage]));
  const ranked = [...all.values()].flatMap((passage): Ranked[] => {
    const document = documents.get(keyOf(passage));
    // A passage of another revision is on its way in or out.
    if (document?.revision !== passage.revision) return [];
    return [{ passage, document, score: scoreOf(passage, document, known.terms, statistics) }];
  });
  return { candidates: await choose(shelf, ranked, near, query, signal), frequencies, unseen };
}

interface Ranked {
  passage: PassagePayload;
  document: DocumentPayload;
  score: number;
}

/** The best by their sums, then those that only their vectors speak for; with a dense query each with its cosine. */
async function choose(
  shelf: Shelf,
  ranked: readonly Ranked[],
  near: readonly PassagePayload[],
  { dense, workspaces, limit }: Query,
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const bySum = ranked.filter(({ score }) => score > 0).toSorted(inOrder(workspaces));
  const best = bySum.slice(0, limit);
  const places = new Map(near.map((passage, i) => [placeOf(passage), i]));
  const rankOf = ({ passage }: Ranked) => places.get(placeOf(passage)) ?? Infinity;
  const chosen = new Set([
    ...best,
    ...ranked.filter((each) => rankOf(each) < limit).toSorted((a, b) => rankOf(a) - rankOf(b)),
  ]);
  const passages = [...chosen].map(({ passage }) => passage);
  const cosines = dense ? await cosinesOf(shelf, dense, { passages, workspaces }, signal) : new Map<string, number>();
  return [...chosen].map(({ passage, document, score }) => {
    const cosine = cosines.get(placeOf(passage));
    const { ordinal } = passage;
    return { passage: readPassage(passage, document), ordinal, score, ...(cosine === undefined ? {} : { cosine }) };
  });
}

function inOrder(workspaces: readonly string[]) {
  const order = (workspace: string) => workspaces.indexOf(workspace);
  return (a: Ranked, b: Ranked): number =>
    b.score - a.score ||
    order(a.passage.workspace) - order(b.passage.workspace) ||
    a.document.about.addedAt - b.document.about.addedAt ||
    a.passage.document.localeCompare(b.passage.document, "en") ||
    a.passage.ordinal - b.passage.ordinal;
}

interface Found {
  documents: readonly DocumentPayload[];
  passages: readonly PassagePayload[];
}

/** The passages that speak to the question themselves, and those whose document does. */
async function find(
  { name, call }: Shelf,
  { terms, workspaces, limit }: Query,
  { frequencies }: Statistics,
  signal: AbortSignal,
): Promise<Found> {
  const search = (kind: string, fields: readonly Field[], most: number) => ({
    query: vectorOf(terms, fields, frequencies),
    using: WORDS,
    filter: { must: [oneOf("workspace", workspaces), is("kind", kind)] },
    limit: most,
    with_payload: true,
  });
  const searches = [
    search("passage", ["text", "pairs"], limit * WIDER),
    search("document", ["title", "article"], limit),
  ].filter(({ query }) => query.indices.length > 0);
  if (searches.length === 0) return { documents: [], passages: [] };
  const answers = await call((qdrant) => qdrant.queryBatch(name, { searches }), signal);
  const found = sort(answers.flatMap(({ points }) => points));
  const revisions = found.documents.map(({ revision }) => revision);
  if (revisions.length === 0) return found;
  const must = [oneOf("workspace", workspaces), is("kind", "passage"), oneOf("revision", revisions)];
  const { points } = await call((qdrant) => qdrant.scroll(name, { filter: { must }, limit: limit * WIDER }), signal);
  return { ...found, passages: [...found.passages, ...sort(points).passages] };
}

function sort(points: readonly { payload?: unknown }[]): Found {
  const isDocument = ({ payload }: { payload?: unknown }) => (payload as { kind?: unknown }).kind === "document";
  return {
    documents: points.filter(isDocument).map(({ payload }) => DocumentPayload.parse(payload)),
    passages: points.filter((point) => !isDocument(point)).map(({ payload }) => PassagePayload.parse(payload)),
  };
}

/** The document of every passage that was found, by its key. */
async function withDocuments(
  { name, call }: Shelf,
  { documents, passages }: Found,
  near: readonly PassagePayload[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, DocumentPayload>> {
  const known = new Map(documents.map((document) => [keyOf(document), document]));
  const missing = [...passages, ...near].filter((passage) => !known.has(keyOf(passage)));
  const ids = [...new Set(missing.map(({ workspace, document }) => documentPointId(workspace, document)))];
  if (ids.length === 0) return known;
  const more = sort(await call((qdrant) => qdrant.retrieve(name, { ids }), signal)).documents;
  return new Map([...known, ...more.map((document): [string, DocumentPayload] => [keyOf(document), document])]);
}

function vectorOf(terms: readonly QueryTerm[], fields: readonly Field[], frequencies: ReadonlyMap<number, number>) {
  const chosen = terms.filter(({ field }) => fields.includes(field));
  const values = chosen.map(({ id, weight }) => weight * (frequencies.get(id) ?? 0));
  return sparse(
    chosen.map(({ id }) => id),
    values,
  );
}

function scoreOf(
  passage: PassagePayload,
  { title, article }: DocumentPayload,
  terms: readonly QueryTerm[],
  { averages, frequencies }: Statistics,
): number {
  const own = { ids: passage.terms, counts: passage.counts, length: passage.length };
  const units = { text: own, pairs: own, title, article };
  return terms.reduce((sum, { field, id, weight }) => {
    const { ids, counts, length } = units[field];
    const at = ids.indexOf(id);
    if (at < 0) return sum;
    return sum + weight * (frequencies.get(id) ?? 0) * saturate(counts[at]!, length, averages[field]);
  }, 0);
}

/** One passage of one revision. */
const placeOf = passagePointId;

function keyOf({ workspace, document }: { workspace: string; document: string }): string {
  return JSON.stringify([workspace, document]);
}
