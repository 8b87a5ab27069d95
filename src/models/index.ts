// Exports the providers, the way from a typed name to a model, and what finds passages by their meaning.

import { clip, LONGEST_ECHO } from "../core/text.ts";
import { z } from "zod";
import { readEnv } from "../core/environment.ts";
import { BotError } from "../core/errors.ts";
import type { Embedder } from "../core/knowledge.ts";
import type { ModelConnection, Model, Models, Provider } from "../core/model.ts";
import type { Env, Runtime } from "../core/runtime.ts";
import { anthropic } from "./anthropic.ts";
import { cardOf } from "./cards.ts";
import { families } from "./catalog/index.ts";
import { createExtractive } from "./extractive.ts";
import { huggingface } from "./huggingface.ts";
import { mistral } from "./mistral.ts";
import { nearest } from "../core/nearest.ts";
import { ollama } from "./ollama.ts";
import { openai } from "./openai.ts";
import { readListings } from "./listing.ts";
import { readPrices, type Prices } from "./prices.ts";

/** Of a name as it was typed, UTF-16 units. */

/** The first one that is configured gives the default. A new provider is one more entry. */
export const providers: readonly Provider[] = [openai, anthropic, mistral, huggingface, ollama];

/** What concerns all providers. */
export const ModelEnv = z.object({
  HEED_MODEL: z
    .string()
    .optional()
    .describe('The model that answers where nobody names one, as "provider/model" or "provider"'),
  HEED_EMBEDDER: z
    .string()
    .default("bundled")
    .describe(
      'What finds passages by their meaning, beside their words: "bundled" (knows English), "provider/model" such as openai/text-embedding-3-small, or "none"',
    ),
  HEED_PRICES: z
    .string()
    .optional()
    .describe("A JSON file of prices in US dollars per million tokens, which overrule the ones that Heed knows"),
});

/** Throws BotError "misconfigured" where a variable is wrong. */
export function createModels(env: Env, runtime: Runtime): Models {
  const connections = connect(env, runtime);
  const offered = [...connections].flatMap(([name, { models }]) => models.map((id) => `${name}/${id}`));
  const find = (name: string) => findModel(name, connections);
  const settings = readEnv(ModelEnv, env);
  const prices = settings?.HEED_PRICES ? readPrices(settings.HEED_PRICES) : new Map();
  const preferred = preferredName(settings?.HEED_MODEL, find);
  const names = preferred ? [preferred, ...offered.filter((name) => name !== preferred)] : offered;
  return {
    names: () => names,
    pick(name) {
      const wanted = name?.trim() || (names[0] ?? "");
      const model = find(wanted);
      if (!model) throw unknown(wanted, names);
      return withCard(model, connections, prices);
    },
    families: () => families,
    variables: () => providers.flatMap(requiredVariables),
    list: (signal) => readListings(connections, signal),
  };
}

/** No vendor's ids are longer, or hold a space. */
const POSSIBLE = /^\S{1,200}$/;

type Connections = ReadonlyMap<string, ModelConnection>;

/** By provider. `extractive` is always there and always last. */
export function connect(env: Env, runtime: Runtime): Connections {
  const configured = providers.flatMap((provider): [string, ModelConnection][] => {
    const settings = readEnv(provider.env, env);
    return settings ? [[provider.name, provider.create(settings, runtime)]] : [];
  });
  const missing = configured.length ? [] : providers.flatMap(requiredVariables);
  return new Map([...configured, ["extractive", createExtractive(missing)]]);
}

function requiredVariables({ env }: Provider): readonly string[] {
  return Object.keys(env.shape).filter((name) => !z.safeParse(env.shape[name] ?? z.any(), undefined).success);
}

/** A configured id first: Hugging Face's ids hold a slash, and may begin with another provider's name. */
function findModel(typed: string, connections: Connections): Model | undefined {
  const wanted = typed.toLowerCase();
  for (const [provider, offered] of connections) {
    const id = offered.models.find((each) =>
      [each, `${provider}/${each}`].some((name) => name.toLowerCase() === wanted),
    );
    if (id) return offered.model(id);
  }
  const [provider = "", ...rest] = typed.split("/");
  const connection = connections.get(provider.toLowerCase());
  // Vendors add models faster than anybody edits a list, so an unlisted id goes to its vendor as it is.
  const id = rest.join("/") || connection?.models[0];
  return id && POSSIBLE.test(id) ? connection?.model(id) : undefined;
}

function withCard(model: Model, connections: Connections, prices: Prices): Model {
  const connection = connections.get(model.name.slice(0, model.name.indexOf("/")));
  return model.isGenerative ? { ...model, card: cardOf(model.name, connection?.hosting ?? "vendor", prices) } : model;
}

function preferredName(name: string | undefined, find: (name: string) => Model | undefined): string | undefined {
  if (!name) return undefined;
  const model = find(name);
  if (model) return model.name;
  throw new BotError("misconfigured", {
    en: `HEED_MODEL is wrong: no configured provider has "${name}". Write it as "provider/model", set that provider's key, or leave HEED_MODEL empty.`,
    "zh-TW": `環境變數 HEED_MODEL 的值不對：已設定的服務裡沒有「${name}」。請寫成「provider/model」並設定該服務的金鑰，或留空。`,
  });
}

function unknown(typed: string, names: readonly string[]): BotError {
  const provider = providers.find(({ name }) => name === typed.split("/")[0]?.toLowerCase());
  if (provider) return unconfigured(provider, names);
  const near = nearest(typed, names);
  return new BotError("usage", {
    en: `I know no model called "${clip(typed, LONGEST_ECHO)}".${near ? ` Did you mean ${near}?` : ""} There are: ${names.join(", ")}.`,
    "zh-TW": `我不認識「${clip(typed, LONGEST_ECHO)}」這個模型。${near ? `是指 ${near} 嗎？` : ""}可以用的有：${names.join("、")}。`,
  });
}

function unconfigured(provider: Provider, names: readonly string[]): BotError {
  const variables = requiredVariables(provider);
  return new BotError("usage", {
    en: `${provider.name} is not configured; an admin can set ${variables.join(", ")}. There are: ${names.join(", ")}.`,
    "zh-TW": `${provider.name} 還沒有設定，管理員可以設定 ${variables.join("、")}。目前可以用的有：${names.join("、")}。`,
  });
}

/** `bundled` needs no vendor. Throws BotError "misconfigured". */
export function chooseEmbedder(env: Env, runtime: Runtime, bundled: Embedder): Embedder | undefined {
  const name = readEnv(ModelEnv, env)?.HEED_EMBEDDER ?? "bundled";
  if (name === "none") return undefined;
  if (name === "bundled") return bundled;
  const [provider = "", ...id] = name.split("/");
  const embedder = id.length ? connect(env, runtime).get(provider.toLowerCase())?.embedder?.(id.join("/")) : undefined;
  if (!embedder) throw noEmbedder(name);
  return embedder;
}

function noEmbedder(name: string): BotError {
  return new BotError("misconfigured", {
    en: `HEED_EMBEDDER is wrong: nothing that is configured embeds as "${name}". Write "bundled", "none", or a model such as openai/text-embedding-3-small, mistral/mistral-embed or ollama/bge-m3, and set that provider's key or address.`,
    "zh-TW": `環境變數 HEED_EMBEDDER 的值不對：已設定的服務都無法用「${name}」產生向量。請寫 bundled、none，或像 openai/text-embedding-3-small、mistral/mistral-embed、ollama/bge-m3 這樣的模型，並設定該服務的金鑰或位址。`,
  });
}
