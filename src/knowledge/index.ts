// The knowledge base, put together: formats and the fetching of pages are given to it, and so is the store where it is not the embedded one.

import { EVERYONE, type Embedder, type KnowledgeBase, type Upload } from "../core/knowledge.ts";
import type { Runtime } from "../core/runtime.ts";
import { createAskDense } from "./search/dense.ts";
import { createReindexing } from "./ingest/index-entry.ts";
import { createRead, ingest, LIMITS, type FormatFor, type Ingest, type Limits, type Read } from "./ingest/ingest.ts";
import { ALWAYS_USED, loadPrimer, PRIMER, type PrimerLoad, type PrimerSwitch } from "./ingest/primer.ts";
import { checkAnswer } from "./check/index.ts";
import { readFile } from "./ingest/read-file.ts";
import { ownFirst } from "./search/own-first.ts";
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
  /** Who has the bundled course; everyone without it. */
  primer?: PrimerSwitch;
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
  primer = ALWAYS_USED,
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
  const spaces = async (workspace: string) =>
    (await primer.primer(workspace)) === "used" ? [...new Set([workspace, EVERYONE])] : [workspace];
  const bundled = new Set<string>();
  return {
    ...primer,
    add,
    fetch: fetchPage,
    search: async (question, where, signal) => {
      const workspaces = await spaces(where.workspace);
      const found = await retrieve({ store, tokenize, askDense }, question, { ...where, workspaces }, signal);
      const chosen = ownFirst(found, ({ documentId }) => bundled.has(documentId));
      return { ...chosen, hits: chosen.hits.slice(0, where.limit) };
    },
    read: (upload, question, limit, signal) => readFile(tools, upload, { question, limit }, signal),
    checkCitations: (answer, passages) => checkAnswer(answer, passages, tokenize),
    list: async (workspace) => (await Promise.all((await spaces(workspace)).map((each) => store.list(each)))).flat(),
    // What a search may cite, a reader may open: the bundled documents too.
    get: async (id, workspace) => {
      for (const each of await spaces(workspace)) {
        const found = await store.get(id, each);
        if (found) return found;
      }
      return undefined;
    },
    remove: (id, workspace) => store.remove(id, workspace),
    status: () => store.status(),
    loadPrimer: async ({ folder = PRIMER, onProgress }, signal) => {
      const started = runtime.now();
      const progress = onProgress ? { onProgress } : {};
      const { added, removed } = await loadPrimer({ folder, store, add: keep, ...progress }, signal);
      for (const { id } of await store.list(EVERYONE)) bundled.add(id);
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
