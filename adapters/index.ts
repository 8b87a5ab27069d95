// The list of platforms, and the adapters of those that are configured.

import { readEnv } from "../src/core/environment.ts";
import type { Adapter, Platform } from "../src/core/platform.ts";
import type { Records } from "../src/core/records.ts";
import type { Env, World } from "../src/core/world.ts";
import { terminal } from "./terminal/index.ts";

/** Every platform but the terminal, which is there when no other is, or when it is given words to run. */
export const platforms: readonly Platform[] = [];

/** Throws BotError "misconfigured" where a platform's variable is set and wrong. */
export function createAdapters(env: Env, world: World, records: Records): ReadonlyMap<string, Adapter> {
  const adapters = new Map<string, Adapter>();
  for (const platform of platforms) {
    const values = readEnv(platform.env, env);
    if (values) adapters.set(platform.name, platform.create(values, world, records));
  }
  const isAlone = adapters.size === 0 || world.console.args.length > 0;
  const values = readEnv(terminal.env, env);
  if (isAlone && values) return new Map([[terminal.name, terminal.create(values, world, records)]]);
  return adapters;
}
