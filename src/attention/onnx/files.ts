// Finds a model's files in a folder of models, and brings them there from the Hugging Face hub where they are missing.

import { createWriteStream } from "node:fs";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { BotError } from "../../core/errors.ts";
import type { World } from "../../core/world.ts";

const HUB = "https://huggingface.co";
/** "owner/name" as the hub spells it: no way out of the folder. */
const NAME = /^[\w-][\w.-]*\/[\w-][\w.-]*$/;
/** The first that exists is taken: a plain graph before decoders without their past. */
const GRAPHS = ["onnx/model.onnx", "model.onnx", "onnx/decoder_model.onnx", "decoder_model.onnx"];
const TOKENIZER = ["tokenizer.json", "tokenizer_config.json"];
const LARGEST_BYTES = 2 ** 31;
const LIMIT_MS = 10 * 60_000;

export interface ModelFiles {
  graph: string;
  tokenizer: string;
  config: string;
}

/** undefined for a name that no model can have. Throws BotError where the files can neither be found nor brought. */
export async function findFiles(
  world: World,
  folder: string,
  name: string,
  signal: AbortSignal,
): Promise<ModelFiles | undefined> {
  if (!NAME.test(name)) return undefined;
  const home = join(folder, name);
  const bring = (path: string) => fetchFile(world, `${HUB}/${name}/resolve/main/${path}`, join(home, path), signal);
  for (const path of TOKENIZER) {
    if (!(await exists(join(home, path))) && !(await bring(path))) return undefined;
  }
  const here = await firstOf(GRAPHS, (path) => exists(join(home, path)));
  const graph = here ?? (await firstOf(GRAPHS, bring));
  if (!graph) throw noGraph(name);
  return { graph: join(home, graph), tokenizer: join(home, TOKENIZER[0]!), config: join(home, TOKENIZER[1]!) };
}

/** Whether the hub has the file; it is then there whole, or not at all. */
async function fetchFile(world: World, url: string, path: string, signal: AbortSignal): Promise<boolean> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const response = await world.fetch(url, { signal: limited }).catch((cause: unknown) => {
    throw signal.aborted ? signal.reason : unreachable(cause);
  });
  if ([401, 403, 404].includes(response.status)) return false;
  if (!response.ok || !response.body) throw unreachable(`status ${response.status}`);
  if (Number(response.headers.get("content-length")) > LARGEST_BYTES) throw tooLarge();
  const partial = `${path}.partial`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await pipeline(Readable.fromWeb(response.body), limitBytes, createWriteStream(partial), { signal: limited });
    await rename(partial, path);
    return true;
  } catch (cause) {
    await rm(partial, { force: true });
    throw cause instanceof BotError ? cause : signal.aborted ? signal.reason : unreachable(cause);
  }
}

/** The length that a server announces is only what it says. */
async function* limitBytes(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const chunk of chunks) {
    seen += chunk.length;
    if (seen > LARGEST_BYTES) throw tooLarge();
    yield chunk;
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
