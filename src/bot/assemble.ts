// The one place where the rooms meet: the environment becomes the tools that commands are given.

import { join } from "node:path";
import { createAttention } from "../attention/index.ts";
import { createPainter } from "../attention/picture/paint.ts";
import { commands } from "../commands/index.ts";
import type { Toolbox } from "../core/command.ts";
import type { Metrics } from "../core/metrics.ts";
import type { Records } from "../core/records.ts";
import type { Env, World } from "../core/world.ts";
import { createFetchPage } from "../knowledge/fetch-page.ts";
import { formatFor } from "../knowledge/formats/index.ts";
import { createKnowledge, type KnowledgeOptions } from "../knowledge/index.ts";
import { createModels, chooseEmbedder } from "../models/index.ts";
import type { Settings } from "../world/config.ts";
import type { Limiter } from "../world/limiter.ts";
import { createAlone } from "./alone.ts";
import { bundledEmbedder } from "./bundled-embedder.ts";
import { limitModels } from "./limit-models.ts";

export interface House {
  tools: Toolbox;
  /** Brings the bundled primer up to date; quick when it already is. */
  loadPrimer(onProgress: (done: number, total: number, title: string) => void, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface Means {
  world: World;
  records: Records;
  limiter: Limiter;
  metrics: Metrics;
}

/** Throws BotError "misconfigured" or "unavailable", naming what to mend. */
export async function assemble(
  env: Env,
  settings: Settings,
  { world, records, limiter, metrics }: Means,
): Promise<House> {
  const most = settings.HEED_PROVIDER_LIMITS;
  const models = limitModels(createModels(env, world), { limiter, most, metrics, world });
  const painter = createPainter(world);
  const attention = createAttention(world, { painter, models: join(settings.HEED_DATA_DIR, "models") });
  const embedder = chooseEmbedder(env, world, bundledEmbedder(attention));
  const place = await placeOf(settings, world);
  const alone = createAlone(limiter);
  const knowledge = await createKnowledge({ place, world, embedder, alone, formatFor, fetchPage: createFetchPage() });
  return {
    tools: { attention, commands, models, knowledge, painter, records, world },
    loadPrimer: (onProgress, signal) => knowledge.loadPrimer({ onProgress }, signal),
    close: async () => {
      // The knowledge base may be asking the encoder for vectors.
      await knowledge.close();
      await Promise.all([attention.close(), painter.close()]);
    },
  };
}

/** Where the documents are kept: in Qdrant where one is configured, in the data folder where none is. */
async function placeOf(settings: Settings, world: World): Promise<KnowledgeOptions["place"]> {
  const { QDRANT_URL: url, QDRANT_API_KEY: apiKey, QDRANT_COLLECTION: name } = settings;
  if (!url) return { directory: join(settings.HEED_DATA_DIR, "knowledge") };
  const { openQdrantStore } = await import("../knowledge/qdrant/index.ts");
  const layout = {
    isOnDisk: settings.QDRANT_ON_DISK,
    isQuantized: settings.QDRANT_QUANTIZED,
    shards: settings.QDRANT_SHARDS,
    replicas: settings.QDRANT_REPLICAS,
  };
  return { store: await openQdrantStore({ url, apiKey, name, layout }, world) };
}
