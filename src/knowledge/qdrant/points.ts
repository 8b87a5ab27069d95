// Documents and passages as points of one collection, and back. A point says whose it is and which terms it has.

import { createHash } from "node:crypto";
import { z } from "zod";
import type { Document, Passage } from "../../core/knowledge.ts";
import { saturate, type TermVector } from "../lexical.ts";
import type { Cut } from "../split.ts";
import type { Kept, Listed } from "../store.ts";

/** The one sparse vector: text and pairs on a passage's point, title and article on its document's. */
export const WORDS = "words";

/** The dense vector of a space. Qdrant names folders after it, so only plain characters go in. */
export function vectorName(space: string): string {
  return space.replaceAll(/[^\w.-]+/g, "_");
}

/**
 * Lengths that a stored weight is reckoned with. The true averages are a workspace's own and change with every document,
 * so what a search finds by these is ranked again by those.
 */
const TYPICAL = { passage: 500, title: 30, article: 20_000 };

const Terms = { ids: z.array(z.number()), counts: z.array(z.number()), length: z.number() };

/** `revision` names the version of the document that a passage belongs to; only the document's own counts. */
const Whose = { workspace: z.string(), document: z.string(), revision: z.string() };

export const DocumentPayload = z.object({
  ...Whose,
  kind: z.literal("document"),
  about: z.object({
    id: z.string(),
    workspace: z.string(),
    title: z.string(),
    origin: z.string(),
    url: z.string().optional(),
    format: z.string(),
    digest: z.string(),
    bytes: z.number(),
    addedAt: z.number(),
    addedBy: z.string(),
    passages: z.number(),
  }),
  origin: z.string(),
  title: z.object(Terms),
  article: z.object(Terms),
  /** The lengths of all passages together. */
  textLength: z.number(),
  /** Ids of both fields, for counting who has a term. */
  terms: z.array(z.number()),
  /** By what the document was described; missing on points of the first version. */
  words: z.string().optional(),
  space: z.string().optional(),
});
export type DocumentPayload = z.infer<typeof DocumentPayload>;

export const PassagePayload = z.object({
  ...Whose,
  kind: z.literal("passage"),
  ordinal: z.number(),
  headings: z.array(z.string()),
  page: z.number().optional(),
  text: z.string(),
  start: z.number(),
  end: z.number(),
  terms: z.array(z.number()),
  counts: z.array(z.number()),
  length: z.number(),
});
export type PassagePayload = z.infer<typeof PassagePayload>;

export interface Point {
  id: string;
  vector: Record<string, { indices: number[]; values: number[] } | number[]>;
  payload: DocumentPayload | PassagePayload;
}

/** The id of a document's point: a UUID, as Qdrant wants it, that follows from whose document it is. */
export function documentPointId(workspace: string, document: string): string {
  return uuidOf(["document", workspace, document]);
}

/** The id of a passage's point: the same place of the same revision is the same point, whoever writes it. */
export function passagePointId({ workspace, document, revision, ordinal }: Place): string {
  return uuidOf(["passage", workspace, document, revision, String(ordinal)]);
}

type Place = Pick<PassagePayload, "workspace" | "document" | "revision" | "ordinal">;

export function documentPoint({ document, entries, title, article, ways }: Kept, revision: string): Point {
  const { id, workspace, origin } = document;
  const payload: DocumentPayload = {
    kind: "document",
    workspace,
    document: id,
    revision,
    about: listed(document, entries.length),
    origin,
    title: plain(title),
    article: plain(article),
    textLength: entries.reduce((sum, { terms }) => sum + terms.length, 0),
    terms: [...title.ids, ...article.ids],
    ...ways,
  };
  const values = [...weigh(title, TYPICAL.title), ...weigh(article, TYPICAL.article)];
  const vector = payload.terms.length > 0 ? { [WORDS]: sparse(payload.terms, values) } : {};
  return { id: documentPointId(workspace, id), vector, payload };
}

export function passagePoints({ document, entries, ways }: Kept, revision: string): readonly Point[] {
  const { id, workspace } = document;
  return entries.map(({ cut, terms: vector, vector: dense }, ordinal) => {
    const { ids: terms, counts, length } = plain(vector);
    const { headings, page, text, start, end } = cut;
    const whose = { workspace, document: id, revision };
    const place = { ordinal, headings: [...headings], text, start, end, ...(page !== undefined && { page }) };
    return {
      id: passagePointId({ ...whose, ordinal }),
      vector: {
        // Signs alone are no words, and an empty vector is found by nothing.
        ...(terms.length > 0 && { [WORDS]: { indices: terms, values: weigh(vector, TYPICAL.passage) } }),
        ...(dense && ways.space !== undefined && { [vectorName(ways.space)]: [...dense] }),
      },
      payload: { kind: "passage", ...whose, ...place, terms, counts, length },
    };
  });
}

/** A passage as it was cut, to be described anew. */
export function readCut({ headings, page, text, start, end }: PassagePayload): Cut {
  return { headings, ...(page !== undefined && { page }), text, start, end };
}

/** What is listed of a document, without its terms. */
export const Abouts = DocumentPayload.pick({ about: true });

export function readListed({ about }: z.infer<typeof Abouts>): Listed {
  const { url, ...same } = about;
  return { ...same, ...(url !== undefined && { url }) };
}

export function readPassage(payload: PassagePayload, { about }: DocumentPayload): Passage {
  const { headings, page, text, start, end } = payload;
  const { id: documentId, title, url } = about;
  return {
    documentId,
    title,
    ...(url !== undefined && { url }),
    headings,
    ...(page !== undefined && { page }),
    text,
    start,
    end,
  };
}

function listed(document: Document, passages: number): DocumentPayload["about"] {
  const { id, workspace, title, origin, url, format, digest, bytes, addedAt, addedBy } = document;
  const address = url === undefined ? {} : { url };
  return { id, workspace, title, origin, ...address, format, digest, bytes, addedAt, addedBy, passages };
}

function plain({ ids, counts, length }: TermVector) {
  return { ids: [...ids], counts: [...counts], length };
}

/** Two fields may share an id by chance, and Qdrant takes each index once. */
export function sparse(ids: readonly number[], values: readonly number[]) {
  const sums = new Map<number, number>();
  for (const [i, id] of ids.entries()) sums.set(id, (sums.get(id) ?? 0) + values[i]!);
  return { indices: [...sums.keys()], values: [...sums.values()] };
}

function weigh({ counts, length }: TermVector, typical: number): number[] {
  return Array.from(counts, (count) => saturate(count, length, typical));
}

function uuidOf(parts: readonly string[]): string {
  const hex = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
