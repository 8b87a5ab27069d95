// Checks at the start that Redis answers; one that goes away later is waited for.

import { retry } from "../core/async.ts";
import { BotError } from "../core/errors.ts";
import type { Settings } from "./config.ts";
import { connectRedis } from "./redis.ts";
import { sleep } from "./sleep.ts";

const LIMIT_MS = 10_000;
const AGAIN_MS = 250;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Throws BotError "misconfigured" where REDIS_URL is set and nothing answers there within 10 s. */
export async function reachRedis(settings: Settings): Promise<void> {
  const { REDIS_URL, REDIS_SENTINELS, REDIS_CLUSTER } = settings;
  if (!REDIS_URL) return;
  const redis = await connectRedis({ REDIS_URL, REDIS_SENTINELS, REDIS_CLUSTER }, "fail", SILENT);
  const until = performance.now() + LIMIT_MS;
  try {
    await retry(
      () => redis.ping(),
      () => (performance.now() > until ? undefined : AGAIN_MS),
      { sleep },
    );
  } catch (error) {
    throw unreachable(error);
  } finally {
    redis.disconnect();
  }
}

function unreachable(cause: unknown): BotError {
  return new BotError(
    "misconfigured",
    {
      en: "Nothing answers at REDIS_URL. Start Redis, correct the address, or leave the variable empty to keep the queue in the data folder.",
      "zh-TW": "REDIS_URL 所指的 Redis 沒有回應。請啟動 Redis、修正位址，或把這個變數留空，改用資料夾裡的佇列。",
    },
    { cause },
  );
}
