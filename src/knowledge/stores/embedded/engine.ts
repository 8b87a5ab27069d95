// The embedded store itself: one SQLite file for what is kept, an index in memory for what is asked. It answers at once, in whatever thread it lives.

import type { DatabaseSync, SQLInputValue, SQLOutputValue } from "node:sqlite";
import type { Document, KnowledgeStatus, Passage } from "../../../core/knowledge.ts";
import type { Chunk } from "../../ingest/chunk.ts";
import type { Candidate, Candidates, IndexedDocument, Listed, Query, IndexVersion } from "../store.ts";
import { explained, inTransaction } from "./database.ts";
import { packRows, packVectors } from "./vectors.ts";
import { rank, type Scored, createShards } from "./ranking.ts";
import { z } from "zod";

/** A document by its key in the file, which a document that is put again does not keep. */
export type Key = number;

/** Every method throws BotError where the file cannot be used. What goes in and comes out can be copied from thread to thread. */
export interface StoreEngine {
  put(indexed: IndexedDocument): void;
  /** Puts it in the place of the document of that key; false, and nothing done, where that is no longer there. */
  replace(key: Key, indexed: IndexedDocument): boolean;
  search(query: Query): Candidates;
  remove(id: string, workspace: string): boolean;
  list(workspace: string): readonly Listed[];
  get(id: string, workspace: string): { document: Document; passages: readonly Passage[] } | undefined;
  find(origin: string, workspace: string): Listed | undefined;
  hasSpace(space: string): boolean;
  /** The documents that were described by other ways. */
  stale(version: IndexVersion): readonly Key[];
  /** A document as it was cut. */
  readChunks(key: Key): { document: Document; chunks: readonly Chunk[] } | undefined;
  status(): KnowledgeStatus;
  close(): void;
}

/** Calls the engine, in this thread or in its own. */
export type Ask = <Name extends keyof StoreEngine>(
  name: Name,
  ...args: Parameters<StoreEngine[Name]>
) => Promise<ReturnType<StoreEngine[Name]>>;

/** `directory` is only named in errors. */
export function createEngine(database: DatabaseSync, directory: string): StoreEngine {
  const shards = createShards(database);
  const attempt = <Result>(work: () => Result): Result => explained(directory, work);
  const write = <Result>(work: () => Result): Result =>
    attempt(() => {
      const result = inTransaction(database, work);
      shards.changed();
      return result;
    });
  return {
    put: (indexed) => write(() => put(database, indexed)),
    replace: (key, indexed) =>
      write(() => {
        if (!database.prepare("SELECT 1 FROM document WHERE key = ?").get(key)) return false;
        put(database, indexed);
        return true;
      }),
    search: (query) =>
      attempt(() => {
        const opened = query.workspaces.map((workspace) => shards.open(workspace, query.dense?.space));
        const { scored, ...statistics } = rank(opened, query);
        return { candidates: readCandidates(database, scored, query), ...statistics };
      }),
    remove: (id, workspace) =>
      write(() => {
        const key = findRow(database, id, workspace)?.["key"];
        if (key === undefined) return false;
        database.prepare("DELETE FROM document WHERE key = ?").run(key);
        return true;
      }),
    list: (workspace) => attempt(() => list(database, workspace)),
    get: (id, workspace) => attempt(() => read(database, findRow(database, id, workspace))),
    find: (origin, workspace) =>
      attempt(() => {
        const one = database.prepare(`SELECT ${DOCUMENT_COLUMNS} FROM document WHERE workspace = ? AND origin = ?`);
        const row = one.get(workspace, origin);
        return row && readDocument(row);
      }),
    hasSpace: (space) =>
      attempt(() => Boolean(database.prepare("SELECT 1 FROM embedding WHERE space = ? LIMIT 1").get(space))),
    stale: (version) => attempt(() => stale(database, version)),
    readChunks: (key) => attempt(() => whole(database, key)),
    status: () => attempt(() => status(database)),
    close: () => attempt(() => database.close()),
  };
}

function put(database: DatabaseSync, indexed: IndexedDocument): void {
  const { id, workspace } = indexed.document;
  database.prepare("DELETE FROM document WHERE workspace = ? AND id = ?").run(workspace, id);
  const row = documentRow(indexed);
  const columns = `${DOCUMENT_COLUMNS}, words, vectors`;
  const insertDocument = `INSERT INTO document (${columns}) VALUES (${row.map(() => "?").join()})`;
  const { lastInsertRowid: key } = database.prepare(insertDocument).run(...row);
  const insertPassage = database.prepare(
    `INSERT INTO passage (document, ${PASSAGE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const passage of passageRows(indexed)) insertPassage.run(key, ...passage);
  const { space } = indexed.version;
  if (space === undefined) return;
  // A row without vectors says that none of its passages can have one.
  const vectors = packRows(indexed.entries.map(({ vector }) => vector)) ?? new Uint8Array();
  database.prepare("INSERT INTO embedding (document, space, vectors) VALUES (?, ?, ?)").run(key, space, vectors);
}

function status(database: DatabaseSync): KnowledgeStatus {
  const row = database
    .prepare(
      `SELECT sqlite_version() AS version, count(*) AS documents, coalesce(sum(passages), 0) AS passages,
         (SELECT count(*) FROM embedding) AS vectors,
         (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size) AS bytes
       FROM document`,
    )
    .get();
  const [documents, passages, vectors, bytes] = ["documents", "passages", "vectors", "bytes"].map((name) =>
    Number(row?.[name] ?? 0),
  ) as [number, number, number, number];
  return { store: "embedded", version: String(row?.["version"]), documents, passages, vectors, bytes };
}

function list(database: DatabaseSync, workspace: string): readonly Listed[] {
  const all = database.prepare(`SELECT ${DOCUMENT_COLUMNS} FROM document WHERE workspace = ? ORDER BY added_at, id`);
  return all.all(workspace).map(readDocument);
}

/** The document of that id, or the only one whose id begins so. */
function findRow(database: DatabaseSync, id: string, workspace: string): Row | undefined {
  if (id === "") return undefined;
  const columns = `SELECT key, ${DOCUMENT_COLUMNS} FROM document WHERE workspace = ?`;
  const exact = database.prepare(`${columns} AND id = ?`).get(workspace, id);
  if (exact) return exact;
  const [only, another] = database.prepare(`${columns} AND substr(id, 1, ?) = ? LIMIT 2`).all(workspace, id.length, id);
  return another ? undefined : only;
}

function read(database: DatabaseSync, row: Row | undefined) {
  if (!row) return undefined;
  const { passages: _, ...document } = readDocument(row);
  const passages = database.prepare(`SELECT ${PASSAGE_COLUMNS} FROM passage WHERE document = ? ORDER BY ordinal`);
  return { document, passages: passages.all(row["key"]!).map((passage) => readPassage(passage, document)) };
}

function stale(database: DatabaseSync, { words, space }: IndexVersion): readonly Key[] {
  const unread = database.prepare("SELECT key FROM document WHERE words <> ?").all(words);
  const unembedded = database.prepare(
    `SELECT key FROM document WHERE NOT EXISTS
       (SELECT 1 FROM embedding WHERE embedding.document = document.key AND embedding.space = ?)`,
  );
  const all = [...unread, ...(space === undefined ? [] : unembedded.all(space))];
  return [...new Set(all.map((row) => Number(row["key"])))].toSorted((a, b) => a - b);
}

function whole(database: DatabaseSync, key: Key): ReturnType<StoreEngine["readChunks"]> {
  const found = read(
    database,
    database.prepare(`SELECT key, ${DOCUMENT_COLUMNS} FROM document WHERE key = ?`).get(key),
  );
  if (!found) return undefined;
  const chunks = found.passages.map(({ documentId: _id, title: _title, url: _url, ...chunk }) => chunk);
  return { document: found.document, chunks };
}

function readCandidates(database: DatabaseSync, scored: readonly Scored[], { workspaces }: Query): Candidate[] {
  const asked = workspaces.map(() => "?").join();
  const owner = database.prepare(`SELECT id, title, url FROM document WHERE key = ? AND workspace IN (${asked})`);
  const one = database.prepare(`SELECT ${PASSAGE_COLUMNS} FROM passage WHERE document = ? AND ordinal = ?`);
  const owners = new Map<Key, Pick<Document, "id" | "title" | "url"> | undefined>();
  return scored.flatMap(({ key, ordinal, score, cosine }) => {
    if (!owners.has(key)) owners.set(key, readOwner(owner.get(key, ...workspaces)));
    const document = owners.get(key);
    const row = document && one.get(key, ordinal);
    // Another process may have removed it between the ranking and the reading.
    if (!row) return [];
    return [{ passage: readPassage(row, document), ordinal, score, ...(cosine === undefined ? {} : { cosine }) }];
  });
}

function readOwner(row: Row | undefined): Pick<Document, "id" | "title" | "url"> | undefined {
  if (!row) return undefined;
  const { id, title, url } = row;
  return { id: String(id), title: String(title), ...(url === null ? {} : { url: String(url) }) };
}

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
export function documentRow({ document, entries, title, article, version }: IndexedDocument): SQLInputValue[] {
  const { id, workspace, title: name, origin, url, format, digest, bytes, addedAt, addedBy } = document;
  const terms = packVectors({ title, article, passages: entries.map((entry) => entry.terms) });
  const about = [id, workspace, name, origin, url ?? null, format, digest, bytes, addedAt, addedBy, entries.length];
  return [...about, version.words, terms];
}

/** In the order of PASSAGE_COLUMNS. */
export function passageRows({ entries }: IndexedDocument): SQLInputValue[][] {
  return entries.map(({ chunk: { start, end, page, headings, text } }, ordinal) => [
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
