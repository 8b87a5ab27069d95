// A keeper in a thread of its own: a large index takes seconds to load and a while to search, and nobody else should wait for that.

import { Worker } from "node:worker_threads";
import { BotError, type ErrorCode } from "../../core/errors.ts";
import type { Phrase } from "../../core/language.ts";
import type { Ask } from "./keeper.ts";

/** What travels to the thread, and what comes back. */
export interface Letter {
  id: number;
  name: Parameters<Ask>[0];
  args: readonly unknown[];
}
export type Answer =
  | { id: number; value: unknown }
  | { id: number; refusal: { code: ErrorCode; phrase: Phrase; cause: string } }
  | { id: number; failure: string };

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** A thread that died is started again by the next question; what it was asked fails. */
export function createThread(directory: string): Ask {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let asked = 0;
  const start = () => {
    const started = new Worker(new URL("./worker.ts", import.meta.url), { workerData: directory });
    started.on("message", (answer: Answer) => settle(waiting.get(answer.id), answer));
    started.on("error", (error) => fail(started, error));
    started.on("exit", (code) => fail(started, new Error(`the thread ended with status ${code}`)));
    return started;
  };
  const fail = (ended: Worker, error: unknown) => {
    if (worker !== ended) return;
    worker = undefined;
    for (const each of waiting.values()) each.reject(died(error));
  };
  const ask = async (name: Letter["name"], ...args: readonly unknown[]): Promise<unknown> => {
    const current = (worker ??= start());
    const id = asked++;
    // The thread keeps the process alive while someone waits for it, and only then.
    current.ref();
    try {
      return await new Promise<unknown>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        current.postMessage({ id, name, args } satisfies Letter, []);
      });
    } finally {
      waiting.delete(id);
      if (waiting.size === 0) current.unref();
      if (name === "close") await end();
    }
  };
  const end = async () => {
    const ending = worker;
    worker = undefined;
    await ending?.terminate();
  };
  return ask as Ask;
}

function settle(waiting: Waiting | undefined, answer: Answer): void {
  if ("value" in answer) waiting?.resolve(answer.value);
  else if ("failure" in answer) waiting?.reject(new Error(answer.failure));
  else waiting?.reject(new BotError(answer.refusal.code, answer.refusal.phrase, { cause: answer.refusal.cause }));
}

function died(cause: unknown): BotError {
  return new BotError(
    "unavailable",
    {
      en: "The knowledge base stopped in the middle of this. Please try again.",
      "zh-TW": "知識庫處理到一半停止了，請再試一次。",
    },
    { cause },
  );
}
