// The one place where the rooms meet: the environment becomes the tools that commands are given.

import { join } from "node:path";
import { commands } from "../commands/index.ts";
import type { Toolbox } from "../core/command.ts";
import type { Records } from "../core/records.ts";
import type { Env, World } from "../core/world.ts";
import { createKnowledge, type LoadProgress } from "../knowledge/index.ts";
import { createModels } from "../models/index.ts";
import type { Settings } from "../world/config.ts";

export interface House {
  tools: Toolbox;
  /** Brings the bundled primer up to date; quick when it already is. */
  loadPrimer(progress: LoadProgress): Promise<void>;
  close(): void;
}

export async function assemble(
  env: Env,
  settings: Settings,
  { world, records }: { world: World; records: Records },
): Promise<House> {
  const knowledge = await createKnowledge({ directory: join(settings.HEED_DATA_DIR, "knowledge"), world });
  const models = createModels(env, world);
  return {
    tools: { commands, models, knowledge, records, world },
    loadPrimer: (progress) => knowledge.loadPrimer(progress),
    close: () => knowledge.close(),
  };
}
