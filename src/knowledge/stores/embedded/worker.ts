// Runs the embedded store in a thread of its own: a large index takes seconds to load and a while to search, and nobody else waits for that.

import { workerData } from "node:worker_threads";
import { serveRequests } from "../../../core/worker-rpc.ts";
import { openDatabase } from "./database.ts";
import { createEngine, type Ask, type StoreEngine } from "./engine.ts";

/** One call of a method of the store's engine. */
export interface EngineRequest {
  name: Parameters<Ask>[0];
  args: readonly unknown[];
}

const directory = String(workerData);
let engine: StoreEngine | undefined;

serveRequests(async ({ name, args }: EngineRequest): Promise<unknown> => {
  // Opened by the first request, so that a file that cannot be opened is told to whoever asks.
  engine ??= createEngine(openDatabase(directory), directory);
  const method = engine[name] as (...given: readonly unknown[]) => unknown;
  return method(...args);
});
