// Documents and passages as rows of the file, and back.

import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import { z } from "zod";
import type { Document, Passage } from "../../core/knowledge.ts";
import type { Kept, Listed } from "../store.ts";
import { packVectors } from "./vectors.ts";

export type Row = Record<string, SQLOutputValue>;

export const DOCUMENT_COLUMNS =
  "id, workspace, title, origin, url, format, digest, bytes, added_at, added_by, passages";
const DocumentRow = z.object({
  id: z.string(),
  workspace: z.string(),
  title: z.string(),
  origin: z.string(),
  url: z.string().nullable(),
  format: z.string(),
  digest: z.string(),
  bytes: z.number(),
  added_at: z.number(),
  added_by: z.string(),
  passages: z.number(),
});

export const PASSAGE_COLUMNS = "ordinal, start, stop, page, headings, text";
const PassageRow = z.object({
  ordinal: z.number(),
  start: z.number(),
  stop: z.number(),
  page: z.number().nullable(),
  headings: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  text: z.string(),
});

/** In the order of DOCUMENT_COLUMNS, then the words' fingerprint and the terms. */
export function documentRow({ document, entries, title, article, ways }: Kept): SQLInputValue[] {
  const { id, workspace, title: name, origin, url, format, digest, bytes, addedAt, addedBy } = document;
  const terms = packVectors({ title, article, passages: entries.map((entry) => entry.terms) });
  const about = [id, workspace, name, origin, url ?? null, format, digest, bytes, addedAt, addedBy, entries.length];
  return [...about, ways.words, terms];
}

/** In the order of PASSAGE_COLUMNS. */
export function passageRows({ entries }: Kept): SQLInputValue[][] {
  return entries.map(({ cut: { start, end, page, headings, text } }, ordinal) => [
    ordinal,
    start,
    end,
    page ?? null,
    JSON.stringify(headings),
    text,
  ]);
}

export function readDocument(row: Row): Listed {
  const { url, added_at: addedAt, added_by: addedBy, ...same } = DocumentRow.parse(row);
  return { ...same, ...(url === null ? {} : { url }), addedAt, addedBy };
}

export function readPassage(row: Row, document: Pick<Document, "id" | "title" | "url">): Passage {
  const { page, headings, text, start, stop } = PassageRow.parse(row);
  const { id: documentId, title, url } = document;
  const place = page === null ? {} : { page };
  return { documentId, title, ...(url === undefined ? {} : { url }), headings, ...place, text, start, end: stop };
}
