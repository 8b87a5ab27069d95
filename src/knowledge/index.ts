// The knowledge base, put together: formats and the fetching of pages are given to it, and so is the store where it is not the embedded one.

import { EVERYONE, type Embedder, type KnowledgeBase, type Upload } from "../core/knowledge.ts";
import type { Runtime } from "../core/runtime.ts";
import { createAskDense } from "./search/dense.ts";
import { createReindexing } from "./ingest/index-entry.ts";
import { createRead, ingest, LIMITS, type FormatFor, type Ingest, type Limits, type Read } from "./ingest/ingest.ts";
import { loadPrimer, PRIMER, type PrimerLoad } from "./ingest/primer.ts";
import { checkAnswer } from "./check/index.ts";
import { readFile } from "./ingest/read-file.ts";
import { retrieve } from "./search/retrieve.ts";
import type { Store } from "./stores/store.ts";
import { loadTokenizer } from "./search/tokens.ts";
import { createReindexer, type RunExclusive } from "./ingest/reindexer.ts";

export interface KnowledgeOptions {
  /** A folder for the embedded store, or a store. */
  place: { directory: string } | { store: Store };
  runtime: Pick<Runtime, "now" | "log" | "sleep">;
  /** Finds by meaning what words alone would miss; without one, words it is. */
  embedder?: Embedder | undefined;
  /** Where several processes share the store: lets one at a time tend it. */
  exclusive?: RunExclusive;
  formatFor: FormatFor;
  /** Reads what comes from people; without it, this process does. */
  read?: Read;
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
  runtime,
  embedder,
  exclusive = (_, work) => work(),
  formatFor,
  read,
  fetchPage,
  limits,
}: KnowledgeOptions): Promise<Knowledge> {
  const [store, tokenize] = await Promise.all([openStore(place), loadTokenizer()]);
  const readHere = createRead(formatFor, runtime.log);
  const tools: Ingest = {
    store,
    tokenize,
    formatFor,
    read: read ?? readHere,
    now: () => runtime.now(),
    limits: { ...LIMITS, ...limits },
  };
  const reindexer = createReindexer(
    { store, reindexing: createReindexing(tokenize, embedder, runtime), exclusive },
    runtime,
  );
  const askDense = createAskDense(embedder, store, runtime);
  // What comes with Heed is no stranger's, and is read before anything else has to be started.
  const keep: KnowledgeBase["add"] = (upload, owner, signal) =>
    ingest({ ...tools, read: readHere }, upload, owner, signal);
  const add: KnowledgeBase["add"] = async (upload, owner, signal) => {
    const added = await ingest(tools, upload, owner, signal);
    if (added.outcome !== "unchanged") reindexer.schedule();
    return added;
  };
  return {
    add,
    fetch: fetchPage,
    search: (question, where, signal) => retrieve({ store, tokenize, askDense }, question, where, signal),
    read: (upload, question, limit, signal) => readFile(tools, upload, { question, limit }, signal),
    checkCitations: (answer, passages) => checkAnswer(answer, passages, tokenize),
    list: async (workspace) =>
      (await Promise.all([...new Set([workspace, EVERYONE])].map((each) => store.list(each)))).flat(),
    // What a search may cite, a reader may open: the bundled documents too.
    get: async (id, workspace) => (await store.get(id, workspace)) ?? store.get(id, EVERYONE),
    remove: (id, workspace) => store.remove(id, workspace),
    status: () => store.status(),
    loadPrimer: async ({ folder = PRIMER, onProgress }, signal) => {
      const started = runtime.now();
      const progress = onProgress ? { onProgress } : {};
      const { added, removed } = await loadPrimer({ folder, store, add: keep, ...progress }, signal);
      runtime.log.info("primer loaded", { added, removed, ms: runtime.now() - started });
      reindexer.schedule();
    },
    settled: reindexer.settled,
    close: async () => {
      await reindexer.close();
      await store.close();
    },
  };
}

async function openStore(place: KnowledgeOptions["place"]): Promise<Store> {
  if ("store" in place) return place.store;
  const { openEmbeddedStore } = await import("./stores/embedded/index.ts");
  return openEmbeddedStore(place.directory);
}
