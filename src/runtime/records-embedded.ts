// Keeps records in a SQLite file of the data folder, for one process.

import { DatabaseSync } from "node:sqlite";
import type { Records } from "../core/records.ts";
import type { Json } from "../core/runtime.ts";

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS record (key TEXT PRIMARY KEY, value TEXT NOT NULL, until INTEGER) WITHOUT ROWID;
`;

/** `now` gives milliseconds since 1970. The returned records also close their file. */
export function openEmbeddedRecords(file: string, now: () => number): Records & { close(): Promise<void> } {
  const database = new DatabaseSync(file);
  database.exec(SCHEMA);
  database.prepare("DELETE FROM record WHERE until <= ?").run(now());
  const read = database.prepare("SELECT value FROM record WHERE key = ? AND (until IS NULL OR until > ?)");
  const write = database.prepare("INSERT OR REPLACE INTO record (key, value, until) VALUES (?, ?, ?)");
  const erase = database.prepare("DELETE FROM record WHERE key = ?");
  const range = database.prepare(
    "SELECT key, value FROM record WHERE key >= ? AND key < ? AND (until IS NULL OR until > ?) ORDER BY key LIMIT ?",
  );
  const get = (key: string) => parse(read.get(key, now())?.["value"]);
  const set = (key: string, value: Json, ttlMs?: number) =>
    void write.run(key, JSON.stringify(value), ttlMs === undefined ? null : now() + ttlMs);
  // Each call runs to its end before another begins, so reading and writing in one call is atomic.
  return {
    get: async (key) => get(key),
    set: async (key, value, ttlMs) => set(key, value, ttlMs),
    async claim(key, value, ttlMs) {
      if (get(key) !== undefined) return false;
      set(key, value, ttlMs);
      return true;
    },
    async update(key, change, ttlMs) {
      const value = change(get(key));
      set(key, value, ttlMs);
      return value;
    },
    delete: async (key) => void erase.run(key),
    list: async (prefix, limit) =>
      range
        .all(prefix, `${prefix}\u{10FFFF}`, now(), limit)
        .map(({ key, value }) => ({ key: String(key), value: parse(value) ?? null })),
    close: async () => database.close(),
  };
}

function parse(value: unknown): Json | undefined {
  return typeof value === "string" ? (JSON.parse(value) as Json) : undefined;
}
