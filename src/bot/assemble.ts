// The one place where the rooms meet: the environment becomes the tools that commands are given.

import { join } from "node:path";
import { commands } from "../commands/index.ts";
import type { Toolbox } from "../core/command.ts";
import type { Records } from "../core/records.ts";
import type { Env, World } from "../core/world.ts";
import { createFetchPage } from "../knowledge/fetch-page.ts";
import { formatFor } from "../knowledge/formats/index.ts";
import { createKnowledge } from "../knowledge/index.ts";
import { createModels } from "../models/index.ts";
import type { Settings } from "../world/config.ts";

export interface House {
  tools: Toolbox;
  /** Brings the bundled primer up to date; quick when it already is. */
  loadPrimer(onProgress: (done: number, total: number, title: string) => void, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Throws BotError "misconfigured" or "unavailable", naming what to mend. */
export async function assemble(
  env: Env,
  settings: Settings,
  { world, records }: { world: World; records: Records },
): Promise<House> {
  const models = createModels(env, world);
  const directory = join(settings.HEED_DATA_DIR, "knowledge");
  const knowledge = await createKnowledge({ place: { directory }, world, formatFor, fetchPage: createFetchPage() });
  return {
    tools: { commands, models, knowledge, records, world },
    loadPrimer: (onProgress, signal) => knowledge.loadPrimer({ onProgress }, signal),
    close: () => knowledge.close(),
  };
}
