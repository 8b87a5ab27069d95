// Reindexes documents in the background: new ones get vectors, all follow a new tokenizer or embedder.

import type { Runtime } from "../../core/runtime.ts";
import type { Reindexing, Store } from "../stores/store.ts";

export interface Reindexer {
  /** There may be something to do. It is done in the background. */
  schedule(this: void): void;
  /** Resolves when nothing is under way. */
  settled(this: void): Promise<void>;
  /** What was under way is given up, and goes on at the next start. */
  close(): Promise<void>;
}

/** Runs the work while no other process runs work of that name. */
export type RunExclusive = <T>(name: string, work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/** Pauses double up to the longest; after so many tries it is left to the next look. */
const TRIES = 10;
/** Whoever has just started Heed or added a document is answered first; several documents are taken together. */
const QUIET_MS = 15_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

export function createReindexer(
  { store, reindexing, exclusive }: { store: Pick<Store, "reindex">; reindexing: Reindexing; exclusive: RunExclusive },
  { now, log, sleep }: Pick<Runtime, "now" | "log" | "sleep">,
): Reindexer {
  const leaving = new AbortController();
  const { signal } = leaving;
  let running: Promise<void> | undefined;
  let isWanted = false;

  const renewAll = async (): Promise<boolean> => {
    const started = now();
    try {
      const many = await exclusive("renew", () => store.reindex(reindexing, signal), signal);
      if (many > 0) log.info("documents renewed", { many, ...reindexing.version, ms: now() - started });
      return true;
    } catch (error) {
      if (!signal.aborted) log.warn("documents not renewed", { ...reindexing.version, error });
      return false;
    }
  };

  // Not retry(): a document that comes meanwhile asks for another round, whether the last one failed or not.
  const run = async (): Promise<void> => {
    for (let tries = 0; isWanted && tries < TRIES && !signal.aborted;) {
      const pause = tries === 0 ? QUIET_MS : Math.min(LONGEST_PAUSE_MS, QUIET_MS * 2 ** tries);
      // Whoever closes does not wait for the pause.
      await sleep(pause, signal).catch(() => {});
      if (signal.aborted) break;
      isWanted = false;
      if (await renewAll()) tries = 0;
      else isWanted = ++tries < TRIES;
    }
    running = undefined;
  };

  return {
    schedule: () => {
      isWanted = true;
      running ??= run();
    },
    settled: async () => running,
    close: async () => {
      leaving.abort();
      await running;
    },
  };
}
