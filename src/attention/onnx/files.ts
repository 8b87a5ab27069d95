// Finds a model's files in a folder of models, and brings them there from the Hugging Face hub where they are missing.

import { createWriteStream } from "node:fs";
import { access, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { BotError } from "../../core/errors.ts";
import { limitBytes } from "../../core/read-bounded.ts";
import type { Runtime } from "../../core/runtime.ts";
import { openAttention } from "./patch.ts";

const HUB = "https://huggingface.co";
/** "owner/name" as the hub spells it: no way out of the folder. */
const NAME = /^[\w-][\w.-]*\/[\w-][\w.-]*$/;
/** The first that exists is taken: a plain graph before decoders without their past, and those before merged ones. */
const GRAPHS = ["model.onnx", "decoder_model.onnx", "decoder_model_merged.onnx"].flatMap((name) => [
  `onnx/${name}`,
  name,
]);
const TOKENIZER = ["tokenizer.json", "tokenizer_config.json"];
const LARGEST_BYTES = 2 ** 31;
/** A larger graph holds its weights itself: those with weights in other files take a few megabytes. */
const LARGEST_BARE_GRAPH = 64 * 2 ** 20;
const LIMIT_MS = 10 * 60_000;
/** Anyone may name a model, and nobody takes one away: whoever runs Heed decides what goes when there are so many. */
export const MOST_MODELS = 20;

export interface ModelFiles {
  graph: string;
  tokenizer: string;
  config: string;
}

/** undefined for a name that no model can have. Throws BotError where the files can neither be found nor brought. */
export async function findFiles(
  runtime: Runtime,
  folder: string,
  name: string,
  signal: AbortSignal,
): Promise<ModelFiles | undefined> {
  if (!NAME.test(name)) return undefined;
  const home = join(folder, name);
  if (!(await exists(home)) && (await countModels(folder)) >= MOST_MODELS) throw full();
  const bring = (path: string) => fetchFile(runtime, `${HUB}/${name}/resolve/main/${path}`, join(home, path), signal);
  for (const path of TOKENIZER) {
    if (!(await exists(join(home, path))) && !(await bring(path))) return undefined;
  }
  const here = await firstOf(GRAPHS, (path) => exists(join(home, path)));
  const graph = here ?? (await firstOf(GRAPHS, bring));
  if (!graph) throw noGraph(name);
  for (const beside of await besideOf(join(home, graph))) {
    const path = posix.join(posix.dirname(graph), beside);
    if (!(await exists(join(home, path))) && !(await bring(path))) throw incomplete(name, path);
  }
  return { graph: join(home, graph), tokenizer: join(home, TOKENIZER[0]!), config: join(home, TOKENIZER[1]!) };
}

async function countModels(folder: string): Promise<number> {
  const owners = await readdir(folder).catch(() => []);
  const models = await Promise.all(owners.map((owner) => readdir(join(folder, owner)).catch(() => [])));
  return models.flat().length;
}

/** The files that hold the graph's weights, where they are not in it. Throws BotError where it cannot be opened. */
async function besideOf(graph: string): Promise<readonly string[]> {
  const { size } = await stat(graph);
  return size > LARGEST_BARE_GRAPH ? [] : openAttention(await readFile(graph)).beside;
}

/** Whether the hub has the file; it is then there whole, or not at all. */
async function fetchFile(runtime: Runtime, url: string, path: string, signal: AbortSignal): Promise<boolean> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const response = await runtime.fetch(url, { signal: limited }).catch((cause: unknown) => {
    throw signal.aborted ? signal.reason : unreachable(cause);
  });
  if ([401, 403, 404].includes(response.status)) return false;
  if (!response.ok || !response.body) throw unreachable(`status ${response.status}`);
  if (Number(response.headers.get("content-length")) > LARGEST_BYTES) throw tooLarge();
  // Two people may ask for the same model at once.
  const partial = `${path}.${crypto.randomUUID()}.partial`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await pipeline(
      Readable.fromWeb(response.body),
      (chunks: AsyncIterable<Uint8Array>) => limitBytes(chunks, LARGEST_BYTES, tooLarge),
      createWriteStream(partial),
      { signal: limited },
    );
    await rename(partial, path);
    return true;
  } catch (cause) {
    await rm(partial, { force: true });
    throw cause instanceof BotError ? cause : signal.aborted ? signal.reason : unreachable(cause);
  }
}

async function firstOf(
  paths: readonly string[],
  fits: (path: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const path of paths) if (await fits(path)) return path;
  return undefined;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function noGraph(name: string): BotError {
  return new BotError("no-such-model", {
    en: `${name} has no ONNX file. Try a repository with one, such as Xenova/gpt2 or Xenova/bert-base-chinese.`,
    "zh-TW": `${name} 沒有 ONNX 檔。請改用有 ONNX 檔的模型，例如 Xenova/gpt2 或 Xenova/bert-base-chinese。`,
  });
}

function incomplete(name: string, path: string): BotError {
  return new BotError("no-such-model", {
    en: `${name} is not whole: ${path}, which holds its weights, is missing. Try another repository.`,
    "zh-TW": `${name} 不完整：缺少存放權重的 ${path}。請換一個模型。`,
  });
}

function full(): BotError {
  return new BotError("too-large", {
    en: `There are ${MOST_MODELS} models here already, and I bring no more. Whoever runs me can remove some from the folder "models".`,
    "zh-TW": `這裡已經有 ${MOST_MODELS} 個模型，我不再下載新的。請維運人員從「models」資料夾移除一些。`,
  });
}

function tooLarge(): BotError {
  return new BotError("too-large", {
    en: "This model is larger than 2 GB; name a smaller one.",
    "zh-TW": "這個模型超過 2 GB，請換小一點的。",
  });
}

function unreachable(cause: unknown): BotError {
  return new BotError(
    "unavailable",
    {
      en: "The Hugging Face hub cannot be reached. Try again later, or use the bundled model.",
      "zh-TW": "連不上 Hugging Face。請稍後再試，或使用內建模型。",
    },
    { cause },
  );
}
