// Creates the app: the environment becomes the tools that commands are given.

import { join } from "node:path";
import { createAttention } from "../attention/index.ts";
import { createPainter } from "../attention/picture/paint.ts";
import { commands } from "../commands/index.ts";
import type { Toolbox } from "../core/command.ts";
import type { Metrics } from "../core/metrics.ts";
import type { Records } from "../core/records.ts";
import type { Env, Runtime } from "../core/runtime.ts";
import { createFetchPage } from "../knowledge/fetch/fetch-page.ts";
import { formatFor } from "../knowledge/formats/index.ts";
import { createIsolatedReader } from "../knowledge/reader/isolated.ts";
import { createKnowledge, type KnowledgeOptions } from "../knowledge/index.ts";
import { createPrimerSwitch } from "../knowledge/ingest/primer.ts";
import { createModels, chooseEmbedder } from "../models/index.ts";
import type { Settings } from "../runtime/config.ts";
import type { Semaphore } from "../runtime/semaphore.ts";
import { limitModels } from "./limit-models.ts";
import type { RunExclusive } from "../knowledge/ingest/reindexer.ts";
import type { Attention } from "../core/attention.ts";
import type { Embedder } from "../core/knowledge.ts";

/** The tools that commands are given, and what ends them. */
export interface App {
  tools: Toolbox;
  /** Brings the bundled primer up to date; quick when it already is. */
  loadPrimer(onProgress: (done: number, total: number, title: string) => void, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface AppDeps {
  runtime: Runtime;
  records: Records;
  limiter: Semaphore;
  metrics: Metrics;
}

/** Throws BotError "misconfigured" or "unavailable", naming what to fix. */
export async function createApp(
  env: Env,
  settings: Settings,
  { runtime, records, limiter, metrics }: AppDeps,
): Promise<App> {
  const most = settings.HEED_PROVIDER_LIMITS;
  const models = limitModels(createModels(env, runtime), { limiter, most, metrics, runtime });
  const painter = createPainter(runtime);
  const attention = createAttention(runtime, { painter, models: join(settings.HEED_DATA_DIR, "models") });
  const embedder = chooseEmbedder(env, runtime, bundledEmbedder(attention));
  const place = await storeOf(settings, runtime);
  const exclusive = createExclusive(limiter);
  const reader = createIsolatedReader(runtime);
  const fetchPage = createFetchPage();
  const { read } = reader;
  const primer = createPrimerSwitch(records, settings.HEED_PRIMER);
  const knowledge = await createKnowledge({ place, runtime, embedder, exclusive, primer, formatFor, read, fetchPage });
  return {
    tools: { attention, commands, models, knowledge, painter, records, runtime },
    loadPrimer: async (onProgress, signal) => {
      if (settings.HEED_PRIMER) await knowledge.loadPrimer({ onProgress }, signal);
    },
    close: async () => {
      // The knowledge base may be asking the encoder for vectors.
      await knowledge.close();
      await Promise.all([attention.close(), painter.close(), reader.close()]);
    },
  };
}

/** Where the documents are kept: in Qdrant where one is configured, in the data folder where none is. */
async function storeOf(settings: Settings, runtime: Runtime): Promise<KnowledgeOptions["place"]> {
  const { QDRANT_URL: url, QDRANT_API_KEY: apiKey, QDRANT_COLLECTION: name } = settings;
  if (!url) return { directory: join(settings.HEED_DATA_DIR, "knowledge") };
  const { openQdrantStore } = await import("../knowledge/stores/qdrant/index.ts");
  const layout = {
    isOnDisk: settings.QDRANT_ON_DISK,
    isQuantized: settings.QDRANT_QUANTIZED,
    shards: settings.QDRANT_SHARDS,
    replicas: settings.QDRANT_REPLICAS,
  };
  return { store: await openQdrantStore({ url, apiKey, name, layout }, runtime) };
}

/** Runs one work of a name at a time, over all processes; the others wait their turn. */
export function createExclusive(limiter: Semaphore): RunExclusive {
  return async (name, work, signal) => {
    const line = limiter.acquire(name, 1, signal);
    let next = await line.next();
    while (!next.done) next = await line.next();
    try {
      return await work();
    } finally {
      await next.value.release();
    }
  };
}

/** The bundled encoder as an embedder; it knows English alone. */
export function bundledEmbedder({ embed }: Pick<Attention, "embed">): Embedder {
  return {
    name: "bundled/use-lite",
    languages: ["en"],
    // On the development split: docs/decisions/0003-dense.md.
    minSimilarity: 0.5,
    async embed(texts, signal) {
      const vectors: Float32Array[] = [];
      // One after the other, so that a question waits for one passage and not for sixteen.
      for (const text of texts) vectors.push(await embed(text, signal));
      return vectors;
    },
  };
}
