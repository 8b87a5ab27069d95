// One request to Qdrant: tried again where it may pass by itself, read by its schema, and an honest error where it failed.

import type { z } from "zod";
import { BotError } from "../../../core/errors.ts";
import type { Runtime } from "../../../core/runtime.ts";
import { HttpError, type Request, type Send } from "./client.ts";

/** Throws BotError "unavailable" or, where the key is refused, "misconfigured"; or the signal's reason. */
export type Call = <T>(request: Request, answer: z.ZodType<T>, signal?: AbortSignal) => Promise<T>;

const TRIES = 4;
const FIRST_PAUSE_MS = 200;

export function createCall(send: Send, { sleep, log }: Pick<Runtime, "sleep" | "log">): Call {
  const patiently = async (request: Request, signal?: AbortSignal): Promise<unknown> => {
    for (let tried = 1; ; tried++) {
      signal?.throwIfAborted();
      try {
        return await send(request, signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (!mayPass(error) || tried === TRIES) throw isRefused(error) ? refused(error) : unavailable(error);
        log.warn("qdrant", { tried, error });
        await sleep(FIRST_PAUSE_MS * 2 ** (tried - 1), signal);
      }
    }
  };
  return async (request, answer, signal) => answer.parse(await patiently(request, signal));
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

/** 0 where there was no answer. */
function statusOf(error: unknown): number {
  return error instanceof HttpError ? error.status : 0;
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
