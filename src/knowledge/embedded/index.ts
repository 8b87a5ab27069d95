// The store that needs nothing installed. A small one is kept in this thread, a large one in a thread of its own.

import type { DatabaseSync } from "node:sqlite";
import type { Renewal, Store } from "../store.ts";
import { explained, openDatabase } from "./database.ts";
import { createKeeper, type Ask, type Keeper } from "./keeper.ts";
import { createThread } from "./thread.ts";

/** Passages that are loaded and searched between two answers without anybody noticing: half a second, 15 ms. */
const MOST_HERE = 20_000;

/** Opens the store in a folder, creating it where it is missing. Throws BotError "misconfigured" or "unavailable". */
export function openEmbeddedStore(directory: string, { mostHere = MOST_HERE } = {}): Store {
  const database = openDatabase(directory);
  if (explained(directory, () => countPassages(database)) <= mostHere) return createEmbeddedStore(database, directory);
  database.close();
  return storeOver(createThread(directory));
}

/** `directory` is only named in errors. */
export function createEmbeddedStore(database: DatabaseSync, directory: string): Store {
  const keeper = createKeeper(database, directory);
  return storeOver(async (name, ...args) => {
    const method = keeper[name] as (...given: typeof args) => ReturnType<Keeper[typeof name]>;
    return method(...args);
  });
}

function countPassages(database: DatabaseSync): number {
  return Number(database.prepare("SELECT sum(passages) AS many FROM document").get()?.["many"]);
}

function storeOver(ask: Ask): Store {
  return {
    put: async (kept, signal) => {
      signal.throwIfAborted();
      await ask("put", kept);
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
    renew: (renewal, signal) => renew(ask, renewal, signal),
    close: () => ask("close"),
  };
}

/** One document after the other, each as a whole. */
async function renew(ask: Ask, renewal: Renewal, signal: AbortSignal): Promise<number> {
  let many = 0;
  for (const key of await ask("stale", renewal.ways)) {
    signal.throwIfAborted();
    const whole = await ask("whole", key);
    if (!whole) continue;
    const kept = await renewal.describe(whole.document, whole.cuts, signal);
    signal.throwIfAborted();
    // Replaced or removed while it was described: what stands now is not touched.
    if (await ask("putOver", key, kept)) many++;
  }
  return many;
}
