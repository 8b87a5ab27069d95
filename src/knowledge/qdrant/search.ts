// A search in Qdrant: its products find the candidates, and the workspaces' own statistics rank them, as the embedded store does.

import { inverseFrequency, saturate, type Field, type QueryTerm } from "../lexical.ts";
import type { Candidates, Query } from "../store.ts";
import type { Collection } from "./collection.ts";
import { documentPointId, DocumentPayload, PassagePayload, readPassage, sparse, WORDS } from "./points.ts";

/** Found by typical lengths, ranked by true ones: so many times what is asked for is looked at. */
const WIDER = 3;
/** Term counts asked for at a time. */
const AT_ONCE = 16;

/** What is known of all documents of the workspaces asked; lengths as in lexical.ts. */
export interface Totals {
  documents: number;
  passages: number;
  textLength: number;
  titleLength: number;
  articleLength: number;
}

interface Statistics {
  averages: Readonly<Record<Field, number>>;
  frequencies: ReadonlyMap<number, number>;
  unseen: number;
}

export async function search(
  collection: Collection,
  query: Query,
  totals: Totals,
  signal: AbortSignal,
): Promise<Candidates> {
  const statistics = await statisticsOf(collection, query, totals, signal);
  const { frequencies, unseen } = statistics;
  const known = query.terms.filter(({ id }) => frequencies.has(id));
  if (known.length === 0) return { candidates: [], frequencies, unseen };
  const { documents, passages } = await find(collection, { ...query, terms: known }, statistics, signal);
  const ranked = [...passages.values()].flatMap((passage) => {
    const document = documents.get(keyOf(passage));
    // A passage of another revision is on its way in or out.
    if (document?.revision !== passage.revision) return [];
    const score = scoreOf(passage, document, known, statistics);
    return score > 0 ? [{ passage, document, score }] : [];
  });
  const order = (workspace: string) => query.workspaces.indexOf(workspace);
  const best = ranked.toSorted(
    (a, b) =>
      b.score - a.score ||
      order(a.passage.workspace) - order(b.passage.workspace) ||
      a.document.about.addedAt - b.document.about.addedAt ||
      a.passage.document.localeCompare(b.passage.document, "en") ||
      a.passage.ordinal - b.passage.ordinal,
  );
  const candidates = best.slice(0, query.limit).map(({ passage, document, score }) => ({
    passage: readPassage(passage, document),
    ordinal: passage.ordinal,
    score,
  }));
  return { candidates, frequencies, unseen };
}

type Found = { documents: Map<string, DocumentPayload>; passages: Map<string, PassagePayload> };

/** The passages that speak to the question themselves, and those whose document does. */
async function find(
  { name, call }: Collection,
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
  const answers = await call((qdrant) => qdrant.queryBatch(name, { searches }), signal);
  const found: Found = { documents: new Map(), passages: new Map() };
  const take = (payloads: readonly unknown[]) => payloads.forEach((payload) => file(payload, found));
  take(answers.flatMap(({ points }) => points.map(({ payload }) => payload)));
  const speaking = [...found.documents.values()];
  const missing = [...found.passages.values()].filter((passage) => !found.documents.has(keyOf(passage)));
  const ids = [...new Set(missing.map(({ workspace, document }) => documentPointId(workspace, document)))];
  if (ids.length > 0)
    take((await call((qdrant) => qdrant.retrieve(name, { ids }), signal)).map(({ payload }) => payload));
  if (speaking.length > 0) {
    const filter = {
      must: [
        oneOf("workspace", workspaces),
        is("kind", "passage"),
        oneOf(
          "revision",
          speaking.map(({ revision }) => revision),
        ),
      ],
    };
    const { points } = await call((qdrant) => qdrant.scroll(name, { filter, limit: limit * WIDER }), signal);
    take(points.map(({ payload }) => payload));
  }
  return found;
}

function file(payload: unknown, { documents, passages }: Found): void {
  const document = DocumentPayload.safeParse(payload);
  if (document.success) return void documents.set(keyOf(document.data), document.data);
  const passage = PassagePayload.parse(payload);
  passages.set(`${keyOf(passage)} ${passage.revision} ${passage.ordinal}`, passage);
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

/** How many of the workspaces' units have each term of the question. */
async function statisticsOf(
  { name, call }: Collection,
  { terms, workspaces }: Query,
  totals: Totals,
  signal: AbortSignal,
): Promise<Statistics> {
  const { documents, passages, textLength, titleLength, articleLength } = totals;
  const isOwn = (field: Field) => field === "text" || field === "pairs";
  const frequencies = new Map<number, number>();
  for (let at = 0; at < terms.length; at += AT_ONCE)
    await Promise.all(
      terms.slice(at, at + AT_ONCE).map(async ({ field, id }) => {
        const kind = is("kind", isOwn(field) ? "passage" : "document");
        const filter = { must: [oneOf("workspace", workspaces), kind, is("terms", id)] };
        const { count } = await call((qdrant) => qdrant.count(name, { filter, exact: true }), signal);
        if (count > 0) frequencies.set(id, inverseFrequency(isOwn(field) ? passages : documents, count));
      }),
    );
  const average = (length: number, units: number) => Math.max(1, length / Math.max(1, units));
  const text = average(textLength, passages);
  const averages = {
    text,
    pairs: text,
    title: average(titleLength, documents),
    article: average(articleLength, documents),
  };
  return { averages, frequencies, unseen: inverseFrequency(passages, 0) };
}

export function is(key: string, value: string | number) {
  return { key, match: { value } };
}

export function oneOf(key: string, values: readonly string[]) {
  return { key, match: { any: [...values] } };
}

function keyOf({ workspace, document }: { workspace: string; document: string }): string {
  return JSON.stringify([workspace, document]);
}
