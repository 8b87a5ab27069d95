// The shards that are in memory: read on first use, brought up to date by what changed in the file, and given up when long unused.

import type { DatabaseSync } from "node:sqlite";
import { unpackRows } from "./dense.ts";
import { Shard } from "./shard.ts";
import { unpackVectors, type DocumentVectors } from "./vectors.ts";

export interface Shards {
  /** The workspace's shard, as the file stands now, with its vectors in that space. */
  open(this: void, workspace: string, space?: string): Shard;
  /** This process has written. */
  changed(this: void): void;
}

/** The index of a workspace stays in memory until this many others were asked since. */
const MOST_SHARDS = 64;
/** Past this share of struck units an index is read afresh. */
const MOST_WASTE = 0.5;
/** Bytes of vectors that are read and added in one go: enough to sort quickly, few enough to stay near the processor. */
const BATCH = 16 * 2 ** 20;

interface Opened {
  shard: Shard;
  version: string;
}

export function createShards(database: DatabaseSync): Shards {
  const opened = new Map<string, Opened>();
  let writes = 0;
  // SQLite's own counter moves only with the commits of other connections, ours with this one's.
  const dataVersion = database.prepare("PRAGMA data_version");
  const version = () => `${writes} ${String(dataVersion.get()?.["data_version"])}`;
  return {
    changed: () => void writes++,
    open: (workspace, space) => {
      const now = version();
      let found = opened.get(workspace);
      opened.delete(workspace);
      if (!found || found.shard.passages.waste > MOST_WASTE) found = { shard: new Shard(), version: "" };
      if (found.version !== now) catchUp(database, workspace, found.shard);
      if (space !== undefined) catchUpDense(database, space, found.shard);
      opened.set(workspace, { shard: found.shard, version: now });
      if (opened.size > MOST_SHARDS) opened.delete(opened.keys().next().value!);
      return found.shard;
    },
  };
}

/** A document that is put again gets a new key, so the keys alone say what came and what went. */
function catchUp(database: DatabaseSync, workspace: string, shard: Shard): void {
  const rows = database.prepare("SELECT key FROM document WHERE workspace = ? ORDER BY key").all(workspace);
  const present = new Set(rows.map((row) => Number(row["key"])));
  const known = shard.keys;
  for (const key of known) if (!present.has(key)) shard.drop(key);
  const missing = [...present].filter((key) => !known.has(key));
  const read = database.prepare("SELECT vectors FROM document WHERE key = ?");
  let batch: { key: number; vectors: DocumentVectors }[] = [];
  let bytes = 0;
  for (const key of missing) {
    const blob = read.get(key)?.["vectors"];
    if (!(blob instanceof Uint8Array)) continue;
    batch.push({ key, vectors: unpackVectors(blob) });
    bytes += blob.length;
    if (bytes < BATCH) continue;
    shard.add(batch);
    [batch, bytes] = [[], 0];
  }
  if (batch.length) shard.add(batch);
}

/** A document that gets vectors is put again, so each key is looked up once. */
function catchUpDense(database: DatabaseSync, space: string, { keys, dense }: Shard): void {
  const missing = dense.missing(keys, space);
  if (missing.length === 0) return;
  const read = database.prepare("SELECT vectors FROM embedding WHERE document = ? AND space = ?");
  for (const key of missing) {
    const blob = read.get(key, space)?.["vectors"];
    dense.add(key, blob instanceof Uint8Array ? unpackRows(blob) : undefined);
  }
}
