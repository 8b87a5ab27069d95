// Lists the platforms and creates the adapters of those that are configured.

import { readEnv } from "../src/core/environment.ts";
import type { Adapter, Platform } from "../src/core/platform.ts";
import type { Records } from "../src/core/records.ts";
import type { Env, Runtime } from "../src/core/runtime.ts";
import { discord } from "./discord/index.ts";
import { slack } from "./slack/index.ts";
import { terminal } from "./terminal/index.ts";

/** Every platform but the terminal, which is there when no other is, or when it is given words to run. */
export const platforms: readonly Platform[] = [slack, discord];

/** Whether the person sits at this terminal: when no platform is configured, or words were given to run. */
export function servesTerminal(env: Env, args: readonly string[]): boolean {
  return args.length > 0 || !platforms.some((platform) => readEnv(platform.env, env));
}

/** Throws BotError "misconfigured" where a platform's variable is set and wrong. */
export function createAdapters(env: Env, runtime: Runtime, records: Records): ReadonlyMap<string, Adapter> {
  const served = servesTerminal(env, runtime.console.args) ? [terminal] : platforms;
  return new Map(served.flatMap((platform) => connect(platform, env, runtime, records)));
}

function connect(platform: Platform, env: Env, runtime: Runtime, records: Records): [string, Adapter][] {
  const values = readEnv(platform.env, env);
  return values ? [[platform.name, platform.create(values, runtime, records)]] : [];
}
