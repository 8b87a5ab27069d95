// What a ranking needs to know of all documents at once: how long they are, and how many have each word of the question.

import { inverseFrequency, type Field } from "../lexical.ts";
import type { Query } from "../store.ts";
import { is, oneOf, type Shelf } from "./documents.ts";

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

export interface Statistics {
  averages: Readonly<Record<Field, number>>;
  frequencies: ReadonlyMap<number, number>;
  unseen: number;
}

/** How many of the workspaces' units have each term of the question. */
export async function statisticsOf(
  { name, call }: Shelf,
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
