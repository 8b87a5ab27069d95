// The embedded store itself: one SQLite file for what is kept, an index in memory for what is asked. It answers at once, in whatever thread it lives.

import type { DatabaseSync } from "node:sqlite";
import type { Document, KnowledgeStatus, Passage } from "../../core/knowledge.ts";
import type { Cut } from "../split.ts";
import type { Candidate, Candidates, Kept, Listed, Query, Ways } from "../store.ts";
import { explained, inTransaction } from "./database.ts";
import { packRows } from "./dense.ts";
import {
  DOCUMENT_COLUMNS,
  documentRow,
  PASSAGE_COLUMNS,
  passageRows,
  readDocument,
  readPassage,
  type Row,
} from "./rows.ts";
import { rank, type Scored } from "./shard.ts";
import { createShards } from "./shards.ts";

/** A document by its key in the file, which a document that is put again does not keep. */
export type Key = number;

/** Every method throws BotError where the file cannot be used. What goes in and comes out can be copied from thread to thread. */
export interface Keeper {
  put(kept: Kept): void;
  /** Puts it in the place of the document of that key; false, and nothing done, where that is no longer there. */
  putOver(key: Key, kept: Kept): boolean;
  search(query: Query): Candidates;
  remove(id: string, workspace: string): boolean;
  list(workspace: string): readonly Listed[];
  get(id: string, workspace: string): { document: Document; passages: readonly Passage[] } | undefined;
  find(origin: string, workspace: string): Listed | undefined;
  hasSpace(space: string): boolean;
  /** The documents that were described by other ways. */
  stale(ways: Ways): readonly Key[];
  /** A document as it was cut. */
  whole(key: Key): { document: Document; cuts: readonly Cut[] } | undefined;
  status(): KnowledgeStatus;
  close(): void;
}

/** Asks the keeper, wherever it is. */
export type Ask = <Name extends keyof Keeper>(
  name: Name,
  ...args: Parameters<Keeper[Name]>
) => Promise<ReturnType<Keeper[Name]>>;

/** `directory` is only named in errors. */
export function createKeeper(database: DatabaseSync, directory: string): Keeper {
  const shards = createShards(database);
  const attempt = <Result>(work: () => Result): Result => explained(directory, work);
  const write = <Result>(work: () => Result): Result =>
    attempt(() => {
      const result = inTransaction(database, work);
      shards.changed();
      return result;
    });
  return {
    put: (kept) => write(() => put(database, kept)),
    putOver: (key, kept) =>
      write(() => {
        if (!database.prepare("SELECT 1 FROM document WHERE key = ?").get(key)) return false;
        put(database, kept);
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
    stale: (ways) => attempt(() => stale(database, ways)),
    whole: (key) => attempt(() => whole(database, key)),
    status: () => attempt(() => status(database)),
    close: () => attempt(() => database.close()),
  };
}

function put(database: DatabaseSync, kept: Kept): void {
  const { id, workspace } = kept.document;
  database.prepare("DELETE FROM document WHERE workspace = ? AND id = ?").run(workspace, id);
  const row = documentRow(kept);
  const columns = `${DOCUMENT_COLUMNS}, words, vectors`;
  const insertDocument = `INSERT INTO document (${columns}) VALUES (${row.map(() => "?").join()})`;
  const { lastInsertRowid: key } = database.prepare(insertDocument).run(...row);
  const insertPassage = database.prepare(
    `INSERT INTO passage (document, ${PASSAGE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const passage of passageRows(kept)) insertPassage.run(key, ...passage);
  const { space } = kept.ways;
  if (space === undefined) return;
  // A row without vectors says that none of its passages can have one.
  const vectors = packRows(kept.entries.map(({ vector }) => vector)) ?? new Uint8Array();
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
  return { keeper: "embedded", version: String(row?.["version"]), documents, passages, vectors, bytes };
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

function stale(database: DatabaseSync, { words, space }: Ways): readonly Key[] {
  const unread = database.prepare("SELECT key FROM document WHERE words <> ?").all(words);
  const unembedded = database.prepare(
    `SELECT key FROM document WHERE NOT EXISTS
       (SELECT 1 FROM embedding WHERE embedding.document = document.key AND embedding.space = ?)`,
  );
  const all = [...unread, ...(space === undefined ? [] : unembedded.all(space))];
  return [...new Set(all.map((row) => Number(row["key"])))].toSorted((a, b) => a - b);
}

function whole(database: DatabaseSync, key: Key): ReturnType<Keeper["whole"]> {
  const found = read(
    database,
    database.prepare(`SELECT key, ${DOCUMENT_COLUMNS} FROM document WHERE key = ?`).get(key),
  );
  if (!found) return undefined;
  const cuts = found.passages.map(({ documentId: _id, title: _title, url: _url, ...cut }) => cut);
  return { document: found.document, cuts };
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
