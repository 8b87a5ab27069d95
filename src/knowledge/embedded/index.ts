// The store that needs nothing installed: one SQLite file for what is kept, and an index in memory for what is asked.

import type { DatabaseSync } from "node:sqlite";
import type { Document } from "../../core/knowledge.ts";
import type { Candidate, Kept, Query, Store } from "../store.ts";
import { explain, explained, inTransaction, openDatabase } from "./database.ts";
import { packRows } from "./dense.ts";
import { renew } from "./renew.ts";
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

/** Opens the store in a folder, creating it where it is missing. Throws BotError "misconfigured" or "unavailable". */
export function openEmbeddedStore(directory: string): Store {
  return createEmbeddedStore(openDatabase(directory), directory);
}

/** `directory` is only named in errors. */
export function createEmbeddedStore(database: DatabaseSync, directory: string): Store {
  const shards = createShards(database);
  // SQLite answers at once; the promise is the seam's, so that a store over the network fits behind it too.
  const attempt = async <Result>(work: () => Result): Promise<Result> => explained(directory, work);
  return {
    put: (kept, signal) =>
      attempt(() => {
        signal.throwIfAborted();
        inTransaction(database, () => put(database, kept));
        shards.changed();
      }),
    search: (query, signal) =>
      attempt(() => {
        signal.throwIfAborted();
        const { scored, ...statistics } = rank(
          query.workspaces.map((workspace) => shards.open(workspace, query.dense?.space)),
          query,
        );
        return { candidates: readCandidates(database, scored, query), ...statistics };
      }),
    remove: (id, workspace) =>
      attempt(() => {
        const key = find(database, id, workspace)?.["key"];
        if (key === undefined) return false;
        inTransaction(database, () => database.prepare("DELETE FROM document WHERE key = ?").run(key));
        shards.changed();
        return true;
      }),
    list: (workspace) =>
      attempt(() => {
        const all = database.prepare(
          `SELECT ${DOCUMENT_COLUMNS} FROM document WHERE workspace = ? ORDER BY added_at, id`,
        );
        return all.all(workspace).map(readDocument);
      }),
    get: (id, workspace) => attempt(() => read(database, id, workspace)),
    find: (origin, workspace) =>
      attempt(() => {
        const one = database.prepare(`SELECT ${DOCUMENT_COLUMNS} FROM document WHERE workspace = ? AND origin = ?`);
        const row = one.get(workspace, origin);
        return row && readDocument(row);
      }),
    hasSpace: (space) =>
      attempt(() => Boolean(database.prepare("SELECT 1 FROM embedding WHERE space = ? LIMIT 1").get(space))),
    renew: (renewal, signal) =>
      renew(database, renewal, { put: (kept) => put(database, kept), changed: shards.changed }, signal).catch(
        (error: unknown) => {
          throw explain(directory, error);
        },
      ),
    close: () => attempt(() => database.close()),
  };
}

function put(database: DatabaseSync, kept: Kept): void {
  const { id, workspace } = kept.document;
  database.prepare("DELETE FROM document WHERE workspace = ? AND id = ?").run(workspace, id);
  const row = documentRow(kept);
  const insertDocument = `INSERT INTO document (${DOCUMENT_COLUMNS}, words, vectors) VALUES (${row.map(() => "?").join()})`;
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

/** The document of that id, or the only one whose id begins so. */
function find(database: DatabaseSync, id: string, workspace: string): Row | undefined {
  if (id === "") return undefined;
  const columns = `SELECT key, ${DOCUMENT_COLUMNS} FROM document WHERE workspace = ?`;
  const exact = database.prepare(`${columns} AND id = ?`).get(workspace, id);
  if (exact) return exact;
  const [only, another] = database.prepare(`${columns} AND substr(id, 1, ?) = ? LIMIT 2`).all(workspace, id.length, id);
  return another ? undefined : only;
}

function read(database: DatabaseSync, id: string, workspace: string): Awaited<ReturnType<Store["get"]>> {
  const row = find(database, id, workspace);
  if (!row) return undefined;
  const { passages: _, ...document } = readDocument(row);
  const passages = database.prepare(`SELECT ${PASSAGE_COLUMNS} FROM passage WHERE document = ? ORDER BY ordinal`);
  return { document, passages: passages.all(row["key"]!).map((passage) => readPassage(passage, document)) };
}

function readCandidates(database: DatabaseSync, scored: readonly Scored[], { workspaces }: Query): Candidate[] {
  const asked = workspaces.map(() => "?").join();
  const owner = database.prepare(`SELECT id, title, url FROM document WHERE key = ? AND workspace IN (${asked})`);
  const one = database.prepare(`SELECT ${PASSAGE_COLUMNS} FROM passage WHERE document = ? AND ordinal = ?`);
  const owners = new Map<number, Pick<Document, "id" | "title" | "url"> | undefined>();
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
