// Opens the records: in Redis where one is configured, else in the data folder.

import { once } from "node:events";
import { join } from "node:path";
import { BotError } from "../core/errors.ts";
import type { Records } from "../core/records.ts";
import type { Runtime } from "../core/runtime.ts";
import type { Settings } from "./config.ts";
import { CONNECT_LIMIT_MS, connectRedis, type Patience, type RedisSettings } from "./redis.ts";

export type OpenRecords = Records & { close(): Promise<void> };

/** `patience` says what happens while Redis is away; refused calls throw BotError "unavailable". */
export async function openRecords(
  settings: Settings,
  runtime: Runtime,
  patience: Patience = "wait",
): Promise<OpenRecords> {
  const { REDIS_URL } = settings;
  if (REDIS_URL) return openRedisRecords({ ...settings, REDIS_URL }, runtime, patience);
  const { openEmbeddedRecords } = await import("./records-embedded.ts");
  return openEmbeddedRecords(join(settings.HEED_DATA_DIR, "records.sqlite"), () => runtime.now());
}

async function openRedisRecords(settings: RedisSettings, { log }: Runtime, patience: Patience): Promise<OpenRecords> {
  const { createRedisRecords } = await import("./records-redis.ts");
  const redis = await connectRedis(settings, patience, log);
  // Who does not wait while Redis is away would be refused until the connection stands.
  if (patience === "fail" && redis.status !== "ready")
    await once(redis, "ready", { signal: AbortSignal.timeout(CONNECT_LIMIT_MS) }).catch(() => {});
  return { ...orAway(createRedisRecords(redis)), close: async () => redis.disconnect() };
}

/** The same records, with the failures of their connection in words that a person may read. */
function orAway(records: Records): Records {
  const guard = <Value>(run: Promise<Value>) =>
    run.catch((cause: unknown): never => {
      throw cause instanceof OwnFailure ? cause.cause : away(cause);
    });
  return {
    get: (key) => guard(records.get(key)),
    set: (key, value, ttlMs) => guard(records.set(key, value, ttlMs)),
    claim: (key, value, ttlMs) => guard(records.claim(key, value, ttlMs)),
    update: (key, change, ttlMs) => guard(records.update(key, owning(change), ttlMs)),
    delete: (key) => guard(records.delete(key)),
    list: (prefix, limit) => guard(records.list(prefix, limit)),
  };
}

/** What a caller's change threw, which is no failure of the connection. */
class OwnFailure extends Error {}

function owning<Args extends unknown[], Value>(change: (...args: Args) => Value): (...args: Args) => Value {
  return (...args) => {
    try {
      return change(...args);
    } catch (cause) {
      throw new OwnFailure("a change failed", { cause });
    }
  };
}

function away(cause: unknown): BotError {
  return new BotError(
    "unavailable",
    {
      en: "I cannot reach my records right now. Please try again in a minute.",
      "zh-TW": "我現在連不到紀錄，請一分鐘後再試。",
    },
    { cause },
  );
}
