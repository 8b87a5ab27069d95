// The one place that reads the process's environment, and the settings that belong to no single room.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { z } from "zod";
import { readEnv } from "../core/environment.ts";
import { BotError } from "../core/errors.ts";
import type { Env } from "../core/world.ts";

export const Settings = z.object({
  HEED_DATA_DIR: z
    .string()
    .default(".heed")
    .describe("Folder that keeps the queue, the knowledge base and the log when they are embedded"),
  HEED_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(8)
    .describe("How many questions one worker answers at a time, a whole number from 1 to 1000"),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"])
    .default("info")
    .describe("How much is logged: debug, info, warn, error or silent"),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe("Redis for the queue, redis://... or rediss://...; without it the queue lives in the data folder"),
});
export type Settings = z.infer<typeof Settings>;

/** The process's variables; those in a `.env` file of the working folder fill the gaps. */
export function readEnvironment(): Env {
  return { ...readDotEnv(resolve(".env")), ...withoutEmpty(process.env) };
}

/** Throws BotError "misconfigured", naming the variable and the mend. */
export function readSettings(env: Env): Settings {
  const settings = readEnv(Settings, env);
  if (!settings) throw new TypeError("every setting has a default");
  return settings;
}

function readDotEnv(file: string): Env {
  try {
    return parseEnv(readFileSync(file, "utf8"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new BotError(
      "misconfigured",
      {
        en: `${file} is there but cannot be read. Mend its permissions, or remove it.`,
        "zh-TW": `${file} 存在但無法讀取。請修正權限，或移除它。`,
      },
      { cause },
    );
  }
}

/** An empty variable means "not configured" and must not hide the one in `.env`. */
function withoutEmpty(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
}
