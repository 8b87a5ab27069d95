// Describing anew what was described by other words or by another embedder, one document after the other, each as a whole.

import type { DatabaseSync } from "node:sqlite";
import type { Kept, Renewal, Ways } from "../store.ts";
import { inTransaction } from "./database.ts";
import { DOCUMENT_COLUMNS, PASSAGE_COLUMNS, readDocument, readPassage } from "./rows.ts";

interface Renewing {
  /** Keeps the document under a new key. */
  put: (kept: Kept) => void;
  changed(this: void): void;
}

export async function renew(
  database: DatabaseSync,
  renewal: Renewal,
  { put, changed }: Renewing,
  signal: AbortSignal,
): Promise<number> {
  let many = 0;
  for (const key of staleKeys(database, renewal.ways)) {
    signal.throwIfAborted();
    const whole = readWhole(database, key);
    if (!whole) continue;
    const kept = await renewal.describe(whole.document, whole.cuts, signal);
    signal.throwIfAborted();
    const isThere = database.prepare("SELECT 1 FROM document WHERE key = ?");
    inTransaction(database, () => {
      // Replaced or removed while it was described: what stands now is not touched.
      if (!isThere.get(key)) return;
      put(kept);
      many++;
    });
    changed();
  }
  return many;
}

function staleKeys(database: DatabaseSync, { words, space }: Ways): readonly number[] {
  const unread = database.prepare("SELECT key FROM document WHERE words <> ?").all(words);
  const unembedded = database.prepare(
    `SELECT key FROM document WHERE NOT EXISTS
       (SELECT 1 FROM embedding WHERE embedding.document = document.key AND embedding.space = ?)`,
  );
  const stale = [...unread, ...(space === undefined ? [] : unembedded.all(space))];
  return [...new Set(stale.map((row) => Number(row["key"])))].toSorted((a, b) => a - b);
}

function readWhole(database: DatabaseSync, key: number) {
  const row = database.prepare(`SELECT ${DOCUMENT_COLUMNS} FROM document WHERE key = ?`).get(key);
  if (!row) return undefined;
  const { passages: _, ...document } = readDocument(row);
  const rows = database.prepare(`SELECT ${PASSAGE_COLUMNS} FROM passage WHERE document = ? ORDER BY ordinal`).all(key);
  const cuts = rows.map((each) => {
    const { documentId: _id, title: _title, url: _url, ...cut } = readPassage(each, document);
    return cut;
  });
  return { document, cuts };
}
