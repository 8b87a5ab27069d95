// Runs one ONNX model in a thread; ending the thread frees its memory.

import { readFile, rename, writeFile } from "node:fs/promises";
import { workerData } from "node:worker_threads";
import { BotError } from "../../core/errors.ts";
import { serveRequests } from "../../core/worker-rpc.ts";
import type { ModelFiles } from "./files.ts";
import { traceOnnx, type Loaded } from "./onnx.ts";
import { openAttention } from "./patch.ts";
import { loadRuntime, type Runtime, type Session } from "./runtime.ts";

/** The runtime's warnings are about how a file was exported, and go past the log. */
const ERRORS_ONLY = 3;

export interface WorkerInit {
  name: string;
  files: ModelFiles;
}

const loading = load(workerData as WorkerInit);
// A model that cannot be loaded is told to whoever asks, not to the process.
loading.catch(() => undefined);
serveRequests(async (text: string) => traceOnnx(await loading, text));

async function load({ name, files }: WorkerInit): Promise<Loaded> {
  const { runtime, tokenizers } = await loadRuntime();
  const [tokenizer, config] = await Promise.all([readJson(files.tokenizer), readJson(files.config)]);
  const { session, attention } = await openSession(runtime, files.graph);
  return { name, runtime, session, tokenizer: new tokenizers.Tokenizer(tokenizer, config), attention };
}

/** From memory where all weights are in the file; beside the original where some are not, for they are found by place. */
async function openSession(
  runtime: Runtime,
  graph: string,
): Promise<{ session: Session; attention: readonly string[] }> {
  const { pieces, names, beside } = openAttention(await readFile(graph));
  try {
    const opened = beside.length > 0 ? await writeBeside(graph, pieces) : new Uint8Array(Buffer.concat(pieces));
    return {
      session: await runtime.InferenceSession.create(opened, { logSeverityLevel: ERRORS_ONLY }),
      attention: names,
    };
  } catch (cause) {
    throw unloadable(cause);
  }
}

/** Under its name only when it is whole: another process may be opening the same model. */
async function writeBeside(graph: string, pieces: readonly Uint8Array[]): Promise<string> {
  const opened = graph.replace(/\.onnx$/, ".attention.onnx");
  const partial = `${opened}.${crypto.randomUUID()}.partial`;
  await writeFile(partial, pieces);
  await rename(partial, opened);
  return opened;
}

async function readJson(path: string): Promise<object> {
  return JSON.parse(await readFile(path, "utf8")) as object;
}

function unloadable(cause: unknown): BotError {
  return new BotError(
    "unreadable",
    {
      en: "ONNX Runtime cannot load this model; its own words are in the log. Try another export of it.",
      "zh-TW": "ONNX Runtime 載入不了這個模型，詳細原因在紀錄裡。請試試它的其他匯出檔。",
    },
    { cause },
  );
}
