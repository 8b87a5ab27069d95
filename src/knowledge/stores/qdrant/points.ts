// Documents and passages as points of one collection, and back. A document is three kinds of points: what is listed of it,
// what its title and all of its passages together are found by, and its passages.

import { z } from "zod";
import type { Document, Passage } from "../../../core/knowledge.ts";
import { saturate, STEPS, TYPICAL, type TermVector } from "../../search/lexical.ts";
import type { Chunk } from "../../ingest/chunk.ts";
import type { IndexedChunk, IndexedDocument, Listed } from "../store.ts";
import { articlePointId, documentPointId, ownerOf, passagePointId } from "./ids.ts";
import type { SparseVector } from "./requests.ts";

/** The one sparse vector: text and pairs on a passage's point, title and article on its document's. */
export const WORDS = "words";

/** "pending" is a passage whose document has not been put yet: no search finds it and no frequency counts it. */
export type Kind = "document" | "article" | "passage" | "pending";

/** The dense vector of a space. Qdrant names folders after it, so only plain characters go in. */
export function vectorName(space: string): string {
  return space.replaceAll(/[^\w.-]+/g, "_");
}

/** `revision` names the version of the document that a passage belongs to; only the document's own counts. */
export const DocumentPayload = z.object({
  workspace: z.string(),
  revision: z.string(),
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
  /** By what the document was described. */
  words: z.string().optional(),
  space: z.string().optional(),
});
export type DocumentPayload = z.infer<typeof DocumentPayload>;

const PassagePayload = z.object({
  documentId: z.string(),
  title: z.string(),
  url: z.string().optional(),
  ordinal: z.number(),
  headings: z.array(z.string()),
  page: z.number().optional(),
  text: z.string(),
  start: z.number(),
  end: z.number(),
});
/** The fields of a passage's payload that are read; its terms are only counted, on the server. */
export const PASSAGE_FIELDS = Object.keys(PassagePayload.shape);

/** What is listed of a document. */
export const Abouts = DocumentPayload.pick({ about: true });

/** A revision of one document, and when it was put together: milliseconds since 1970. */
export interface Version {
  revision: string;
  at: number;
}

/** The points of the document itself, serialised: what is listed, and what it is found by. */
export function documentPoints(
  { document, entries, title, article, version: ways }: IndexedDocument,
  revision: string,
): string[] {
  const { id, workspace, origin } = document;
  const owner = ownerOf(workspace, id);
  const whose = { workspace, document: owner, revision };
  const about = listed(document, entries.length);
  const terms = sparse(
    [...title.ids, ...article.ids],
    [...weigh(title, TYPICAL.title), ...weigh(article, TYPICAL.article)],
  );
  return [
    pointOf(documentPointId(owner), "{}", { kind: "document", ...whose, origin, about, ...ways }),
    pointOf(articlePointId(owner), vectorsOf(terms), { kind: "article", ...whose }),
  ];
}

/** A passage's point, serialised. */
export function passagePoint(
  { document, entries, version: ways }: IndexedDocument,
  ordinal: number,
  { revision, at }: Version,
  kind: "passage" | "pending",
): string {
  const { id: documentId, workspace, title, url } = document;
  const { chunk: cut, terms: own, vector } = entries[ordinal]!;
  const owner = ownerOf(workspace, documentId);
  const terms = sparse([...own.ids], weigh(own, TYPICAL.text));
  return pointOf(passagePointId({ owner, revision, ordinal }), vectorsOf(terms, denseOf(vector, ways.space)), {
    kind,
    workspace,
    document: owner,
    revision,
    at,
    documentId,
    title,
    ...(url !== undefined && { url }),
    ordinal,
    headings: cut.headings,
    ...(cut.page !== undefined && { page: cut.page }),
    text: cut.text,
    start: cut.start,
    end: cut.end,
    terms: terms.indices,
  });
}

export function readListed({ about }: z.infer<typeof Abouts>): Listed {
  const { url, ...same } = about;
  return { ...same, ...(url !== undefined && { url }) };
}

export function readPassage(payload: unknown): { passage: Passage; ordinal: number } {
  const { ordinal, url, page, ...same } = PassagePayload.parse(payload);
  return { passage: { ...same, ...(url !== undefined && { url }), ...(page !== undefined && { page }) }, ordinal };
}

/** A passage as it was cut, to be described anew. */
export function cutOf({ headings, page, text, start, end }: Passage): Chunk {
  return { headings, ...(page !== undefined && { page }), text, start, end };
}

/** Two fields may share an id by chance, and Qdrant takes each index once. */
export function sparse(ids: readonly number[], values: readonly number[]): SparseVector {
  const sums = new Map<number, number>();
  for (const [i, id] of ids.entries()) sums.set(id, (sums.get(id) ?? 0) + values[i]!);
  return { indices: [...sums.keys()], values: [...sums.values()] };
}

function pointOf(id: string, vector: string, payload: { kind: Kind; [field: string]: unknown }): string {
  return `{"id":"${id}","vector":${vector},"payload":${JSON.stringify(payload)}}`;
}

/** Signs alone are no words, and an empty vector is found by nothing. */
function vectorsOf({ indices, values }: SparseVector, dense: readonly string[] = []): string {
  const words = `"${WORDS}":{"indices":[${indices.join()}],"values":[${values.join()}]}`;
  return `{${[...(indices.length > 0 ? [words] : []), ...dense].join()}}`;
}

function denseOf(vector: IndexedChunk["vector"], space: string | undefined): readonly string[] {
  if (!vector || space === undefined) return [];
  return [`${JSON.stringify(vectorName(space))}:[${Array.from(vector, short).join()}]`];
}

/** As exactly as the 32 bits that Qdrant keeps, in half the digits of 64. */
export function short(value: number): string {
  return String(Number(value.toPrecision(9)));
}

/** In steps, as whole numbers: short to write, and added up exactly in 32 bits. */
function weigh({ counts, length }: TermVector, typical: number): number[] {
  return Array.from(counts, (count) => saturate(count, length, typical) * STEPS.unit);
}

function listed(document: Document, passages: number): DocumentPayload["about"] {
  const { id, workspace, title, origin, url, format, digest, bytes, addedAt, addedBy } = document;
  const address = url === undefined ? {} : { url };
  return { id, workspace, title, origin, ...address, format, digest, bytes, addedAt, addedBy, passages };
}
