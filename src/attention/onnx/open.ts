// Opens a model by its typed name: finds the files, starts its thread, keeps the last few.

import { BotError } from "../../core/errors.ts";
import type { Runtime } from "../../core/runtime.ts";
import { truncate } from "../../core/text.ts";
import { createWorkerClient } from "../../core/worker-rpc.ts";
import type { AttentionModel, Trace } from "../model.ts";
import { findFiles } from "./files.ts";
import { MOST_PIECES } from "./onnx.ts";
import { checkRuntime } from "./runtime.ts";
import type { WorkerInit } from "./worker.ts";

/** Each may hold hundreds of megabytes. */
const MOST_OPEN = 2;
const IDLE_MS = 5 * 60_000;
/** A large model takes a while to load. */
const LIMIT_MS = 120_000;
const MOST_CHARACTERS = 4_000;

export interface Opener {
  /** undefined where no such model is known. Throws BotError with the reason where it cannot be opened. */
  open(name: string, signal: AbortSignal): Promise<AttentionModel | undefined>;
  close(): Promise<void>;
}

/** `folder`: where models lie as owner/name/..., and where new ones are put. */
export function createOpener(runtime: Runtime, folder: string): Opener {
  const open = new Map<string, Opened>();
  const bring = async (name: string, signal: AbortSignal): Promise<Opened | undefined> => {
    checkRuntime();
    const files = await findFiles(runtime, folder, name, signal);
    // Another question may have opened it while the files came.
    return open.get(name) ?? (files && createModel(runtime, { name, files }));
  };
  return {
    async open(name, signal) {
      const opened = open.get(name) ?? (await bring(name, signal));
      if (!opened) return undefined;
      // What was asked for last is let go last; its thread starts again when it is asked once more.
      open.delete(name);
      open.set(name, opened);
      await letGo(open);
      return opened.model;
    },
    async close() {
      await Promise.all([...open.values()].map(({ model }) => model.close()));
    },
  };
}

/** The oldest, down to the number that may be open; nobody's answer is broken off for it. */
async function letGo(open: Map<string, Opened>): Promise<void> {
  const oldest = [...open].slice(0, -MOST_OPEN).filter(([, { isBusy }]) => !isBusy());
  for (const [name, { model }] of oldest) {
    open.delete(name);
    await model.close();
  }
}

interface Opened {
  model: AttentionModel;
  isBusy: () => boolean;
}

function createModel(runtime: Runtime, given: WorkerInit): Opened {
  const { name } = given;
  const script = new URL("./worker.ts", import.meta.url);
  const plan = { script, data: given, broken, limits: { idleMs: IDLE_MS, limitMs: LIMIT_MS, late, clock: runtime } };
  const client = createWorkerClient<string, Trace>(plan);
  const model: AttentionModel = {
    name,
    limits: { en: `${name}, at most ${MOST_PIECES} pieces.`, "zh-TW": `${name}，最多讀 ${MOST_PIECES} 個片段。` },
    lacks: [],
    trace: (text, signal) =>
      client.ask(truncate(text, MOST_CHARACTERS), signal).catch((error: unknown) => {
        // The person is told that the reason is there.
        if (error instanceof BotError && error.cause) runtime.log.warn("attention.model", { model: name, error });
        throw error;
      }),
    close: () => client.close(),
  };
  return { model, isBusy: () => client.isBusy() };
}

function broken(cause: unknown): BotError {
  return new BotError(
    "unreadable",
    {
      en: "This model could not be run; the reason is in the log. Try another one, or the bundled model.",
      "zh-TW": "這個模型無法執行，原因在紀錄裡。請換一個模型，或使用內建模型。",
    },
    { cause },
  );
}

function late(): BotError {
  return new BotError("timeout", {
    en: "This model took too long, so I stopped it. Try a smaller one, or a shorter sentence.",
    "zh-TW": "這個模型算太久，我先停掉了。請換小一點的模型，或短一點的句子。",
  });
}
