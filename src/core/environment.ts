// Reads a room's variables through its schema. Empty means unset; a wrong value is named with its fix.

import type { z } from "zod";
import { BotError } from "./errors.ts";
import type { Phrase } from "./language.ts";
import { wrongValue } from "./wrong-value.ts";
import type { Env } from "./runtime.ts";

/**
 * The values of a schema's variables, or undefined where a required one is unset.
 * Throws BotError "misconfigured", naming the variable and what it should be, where one is set and wrong.
 */
export function readEnv<Schema extends z.ZodObject>(schema: Schema, env: Env): z.infer<Schema> | undefined {
  const names = Object.keys(schema.shape);
  const given = Object.fromEntries(names.flatMap((name) => (env[name]?.trim() ? [[name, env[name].trim()]] : [])));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.find(({ path }) => String(path[0]) in given);
  if (!wrong) return undefined;
  const name = String(wrong.path[0]);
  throw misconfigured(name, wrongValue(wrong), schema.shape[name]?.meta()?.description ?? "");
}

function misconfigured(name: string, problem: Phrase, meaning: string): BotError {
  return new BotError("misconfigured", {
    en: `${name} is wrong: ${problem.en}. It is: ${meaning}. Correct it in the environment or in .env, or leave it empty.`,
    "zh-TW": `環境變數 ${name} 的值不對：${problem["zh-TW"]}。請在環境變數或 .env 裡改正，或留空。`,
  });
}
