// Opens the embedded store: a small one in this thread, a large one in its own.

import type { DatabaseSync } from "node:sqlite";
import { BotError } from "../../../core/errors.ts";
import { createWorkerClient } from "../../../core/worker-rpc.ts";
import type { Reindexing, Store } from "../store.ts";
import { explained, openDatabase } from "./database.ts";
import { createEngine, type Ask, type StoreEngine } from "./engine.ts";
import type { EngineRequest } from "./worker.ts";

/** Passages that are loaded and searched between two answers without anybody noticing: half a second, 15 ms. */
const MOST_HERE = 20_000;

/** Opens the store in a folder, creating it where it is missing. Throws BotError "misconfigured" or "unavailable". */
export function openEmbeddedStore(directory: string, { mostHere = MOST_HERE } = {}): Store {
  const database = openDatabase(directory);
  if (explained(directory, () => countPassages(database)) <= mostHere) return createEmbeddedStore(database, directory);
  database.close();
  return storeOver(askThread(directory));
}

/** `directory` is only named in errors. */
export function createEmbeddedStore(database: DatabaseSync, directory: string): Store {
  const engine = createEngine(database, directory);
  return storeOver(async (name, ...args) => {
    const method = engine[name] as (...given: typeof args) => ReturnType<StoreEngine[typeof name]>;
    return method(...args);
  });
}

/** An engine in a thread of its own, which ends when the store is closed. */
function askThread(directory: string): Ask {
  const script = new URL("./worker.ts", import.meta.url);
  const client = createWorkerClient<EngineRequest, unknown>({ script, data: directory, broken: died });
  const ask = async (name: EngineRequest["name"], ...args: readonly unknown[]): Promise<unknown> => {
    try {
      return await client.ask({ name, args });
    } finally {
      if (name === "close") await client.close();
    }
  };
  return ask as Ask;
}

/** A thread that died may be asked again; what it did not foresee is a defect. */
function died(cause: Error | string): Error {
  if (typeof cause === "string") return new Error(cause);
  return new BotError(
    "unavailable",
    {
      en: "The knowledge base stopped in the middle of this. Please try again.",
      "zh-TW": "知識庫處理到一半停止了，請再試一次。",
    },
    { cause },
  );
}

function countPassages(database: DatabaseSync): number {
  return Number(database.prepare("SELECT sum(passages) AS many FROM document").get()?.["many"]);
}

function storeOver(ask: Ask): Store {
  return {
    put: async (indexed, signal) => {
      signal.throwIfAborted();
      await ask("put", indexed);
    },
    search: async (query, signal) => {
      signal.throwIfAborted();
      return ask("search", query);
    },
    remove: (id, workspace) => ask("remove", id, workspace),
    list: (workspace) => ask("list", workspace),
    get: (id, workspace) => ask("get", id, workspace),
    find: (origin, workspace) => ask("find", origin, workspace),
    hasSpace: (space) => ask("hasSpace", space),
    reindex: (reindexing, signal) => reindex(ask, reindexing, signal),
    status: () => ask("status"),
    close: () => ask("close"),
  };
}

/** One document after the other, each as a whole. */
async function reindex(ask: Ask, reindexing: Reindexing, signal: AbortSignal): Promise<number> {
  let many = 0;
  for (const key of await ask("stale", reindexing.version)) {
    signal.throwIfAborted();
    const found = await ask("readChunks", key);
    if (!found) continue;
    const indexed = await reindexing.describe(found.document, found.chunks, signal);
    signal.throwIfAborted();
    // Replaced or removed while it was described: what stands now is not touched.
    if (await ask("replace", key, indexed)) many++;
  }
  return many;
}
