// One request to Qdrant: within a time limit, tried again where it may pass by itself, and an honest error where not.

import type { QdrantClient } from "@qdrant/js-client-rest";
import { BotError } from "../../core/errors.ts";
import type { World } from "../../core/world.ts";

/** Throws BotError "unavailable" or, where the key is refused, "misconfigured"; or the signal's reason. */
export type Call = <T>(work: (client: QdrantClient) => Promise<T>, signal?: AbortSignal) => Promise<T>;

const TRIES = 4;
const FIRST_PAUSE_MS = 200;

export function createCall(client: QdrantClient, { sleep, log }: Pick<World, "sleep" | "log">): Call {
  return async (work, signal) => {
    for (let tried = 1; ; tried++) {
      signal?.throwIfAborted();
      try {
        return await orAborted(work(client), signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (!mayPass(error) || tried === TRIES) throw isRefused(error) ? refused(error) : unavailable(error);
        log.warn("qdrant", { tried, error });
        await sleep(FIRST_PAUSE_MS * 2 ** (tried - 1), signal);
      }
    }
  };
}

/** The client takes no signal; whoever gives up does not wait for its answer. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(signal.reason as Error);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

/** Whether Qdrant answered that there is no such collection, or no such vector in it. */
export function isGone(error: unknown): boolean {
  const status = statusOf(error instanceof BotError ? error.cause : error);
  return status === 400 || status === 404;
}

/** A refused request stays refused; a server that is away, busy or starting may come back. */
function mayPass(error: unknown): boolean {
  const status = statusOf(error);
  return status === 0 || status === 429 || status >= 500;
}

/** No key, a wrong one, or one that may only read. */
function isRefused(error: unknown): boolean {
  return [401, 403].includes(statusOf(error));
}

function statusOf(error: unknown): number {
  return typeof error === "object" && error !== null && "status" in error ? Number(error.status) : 0;
}

function refused(cause: unknown): BotError {
  return new BotError(
    "misconfigured",
    {
      en: "Qdrant refuses Heed's key. Set QDRANT_API_KEY to a key that may read and write, then start Heed again.",
      "zh-TW": "Qdrant 不接受 Heed 的金鑰。請把 QDRANT_API_KEY 設成可讀寫的金鑰，再重新啟動 Heed。",
    },
    { cause },
  );
}

function unavailable(cause: unknown): BotError {
  return new BotError(
    "unavailable",
    {
      en: "The knowledge base is away right now; nothing was changed. Please try again in a minute.",
      "zh-TW": "知識庫目前無法連線，內容沒有更動。請一分鐘後再試一次。",
    },
    { cause },
  );
}
