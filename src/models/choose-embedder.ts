// From HEED_EMBEDDER to what finds passages by their meaning: the bundled one, a vendor's, or none.

import { readEnv } from "../core/environment.ts";
import { BotError } from "../core/errors.ts";
import type { Embedder } from "../core/knowledge.ts";
import type { Env, World } from "../core/world.ts";
import { connect, ModelEnv } from "./index.ts";

/** `bundled` needs no vendor. Throws BotError "misconfigured". */
export function chooseEmbedder(env: Env, world: World, bundled: Embedder): Embedder | undefined {
  const name = readEnv(ModelEnv, env)?.HEED_EMBEDDER ?? "bundled";
  if (name === "none") return undefined;
  if (name === "bundled") return bundled;
  const [provider = "", ...id] = name.split("/");
  const embedder = id.length ? connect(env, world).get(provider.toLowerCase())?.embedder?.(id.join("/")) : undefined;
  if (!embedder) throw noEmbedder(name);
  return embedder;
}

function noEmbedder(name: string): BotError {
  return new BotError("misconfigured", {
    en: `HEED_EMBEDDER is wrong: nothing that is configured embeds as "${name}". Write "bundled", "none", or a model such as openai/text-embedding-3-small, mistral/mistral-embed or ollama/bge-m3, and set that provider's key or address.`,
    "zh-TW": `環境變數 HEED_EMBEDDER 的值不對：已設定的服務都無法用「${name}」產生向量。請寫 bundled、none，或像 openai/text-embedding-3-small、mistral/mistral-embed、ollama/bge-m3 這樣的模型，並設定該服務的金鑰或位址。`,
  });
}
