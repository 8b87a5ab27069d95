// The knowledge base, put together: formats and the fetching of pages are given to it, and so is the store where it is not the embedded one.

import { EVERYONE, type Embedder, type KnowledgeBase, type Upload } from "../core/knowledge.ts";
import type { World } from "../core/world.ts";
import { createAskDense } from "./dense.ts";
import { createRenewal } from "./describe.ts";
import { ingest, LIMITS, type FormatFor, type Ingest, type Limits } from "./ingest.ts";
import { loadPrimer, PRIMER, type PrimerLoad } from "./primer.ts";
import { checkAnswer } from "./check/index.ts";
import { readFile } from "./read-file.ts";
import { retrieve } from "./retrieve.ts";
import type { Store } from "./store.ts";
import { loadTokenizer } from "./tokens.ts";
import { createUpkeep, type Alone } from "./upkeep.ts";

export interface KnowledgeOptions {
  /** A folder for the embedded store, or a store. */
  place: { directory: string } | { store: Store };
  world: Pick<World, "now" | "log" | "sleep">;
  /** Finds by meaning what words alone would miss; without one, words it is. */
  embedder?: Embedder | undefined;
  /** Where several processes share the store: lets one at a time tend it. */
  alone?: Alone;
  formatFor: FormatFor;
  fetchPage: (url: string, signal: AbortSignal) => Promise<Upload>;
  limits?: Partial<Limits>;
}

export interface Knowledge extends KnowledgeBase {
  /** Brings the bundled documents up to date; every workspace finds them. */
  loadPrimer(options: Pick<PrimerLoad, "onProgress"> & { folder?: string }, signal: AbortSignal): Promise<void>;
  /** Resolves when every document is found by its meaning too, or cannot be for now. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Throws BotError "misconfigured" or "unavailable" where the store cannot be opened. */
export async function createKnowledge({
  place,
  world,
  embedder,
  alone = (_, work) => work(),
  formatFor,
  fetchPage,
  limits,
}: KnowledgeOptions): Promise<Knowledge> {
  const [store, tokenize] = await Promise.all([openStore(place), loadTokenizer()]);
  const means: Ingest = {
    store,
    tokenize,
    formatFor,
    now: () => world.now(),
    log: world.log,
    limits: { ...LIMITS, ...limits },
  };
  const upkeep = createUpkeep({ store, renewal: createRenewal(tokenize, embedder, world), alone }, world);
  const askDense = createAskDense(embedder, store, world);
  const keep: KnowledgeBase["add"] = (upload, owner, signal) => ingest(means, upload, owner, signal);
  const add: KnowledgeBase["add"] = async (upload, owner, signal) => {
    const added = await keep(upload, owner, signal);
    if (added.outcome !== "unchanged") upkeep.look();
    return added;
  };
  return {
    add,
    fetch: fetchPage,
    search: (question, where, signal) => retrieve({ store, tokenize, askDense }, question, where, signal),
    read: (upload, question, limit, signal) => readFile(means, upload, { question, limit }, signal),
    check: (answer, passages) => checkAnswer(answer, passages, tokenize),
    list: async (workspace) =>
      (await Promise.all([...new Set([workspace, EVERYONE])].map((each) => store.list(each)))).flat(),
    // What a search may cite, a reader may open: the bundled documents too.
    get: async (id, workspace) => (await store.get(id, workspace)) ?? store.get(id, EVERYONE),
    remove: (id, workspace) => store.remove(id, workspace),
    status: () => store.status(),
    loadPrimer: async ({ folder = PRIMER, onProgress }, signal) => {
      const started = world.now();
      const progress = onProgress ? { onProgress } : {};
      const { added, removed } = await loadPrimer({ folder, store, add: keep, ...progress }, signal);
      world.log.info("primer loaded", { added, removed, ms: world.now() - started });
      upkeep.look();
    },
    settled: upkeep.settled,
    close: async () => {
      await upkeep.close();
      await store.close();
    },
  };
}

async function openStore(place: KnowledgeOptions["place"]): Promise<Store> {
  if ("store" in place) return place.store;
  const { openEmbeddedStore } = await import("./embedded/index.ts");
  return openEmbeddedStore(place.directory);
}
