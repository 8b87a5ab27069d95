// Exports Ollama as a provider: models on a machine of one's own, in OpenAI's protocol.

import { z } from "zod";
import type { Provider } from "../core/model.ts";
import { DEFAULTS } from "./catalog/index.ts";
import { createConnection } from "./chat-model.ts";
import { LOCAL_LIMITS } from "./limits.ts";
import { openaiChat, openaiList, openaiVectors } from "./openai-protocol.ts";
import { placeOfServer } from "./cards.ts";
import { address, bareAddress, contextSize, listOf, modelIds } from "./variables.ts";
import type { Vendor } from "./vendor.ts";

/** What an Ollama server with a small graphics card gives every model. It cuts longer prompts off without a word. */
const OLLAMA_WINDOW = 4096;

const OllamaEnv = z.object({
  OLLAMA_BASE_URL: address("Address of an Ollama server, for example http://localhost:11434"),
  OLLAMA_API_KEY: z.string().optional().describe("Key for an Ollama server that asks for one"),
  OLLAMA_MODEL: modelIds(DEFAULTS.ollama, "Ollama models to offer, with commas between them; the first is the default"),
  OLLAMA_CONTEXT_LENGTH: contextSize(
    "Tokens that Ollama reads at once: the value its server was started with, 4096 if none",
  ),
});

export const ollama: Provider<typeof OllamaEnv> = {
  name: "ollama",
  env: OllamaEnv,
  create(env, runtime) {
    // The package insists on a key; a server without a lock does not look at it.
    const key = env.OLLAMA_API_KEY ?? "ollama";
    const vendor: Vendor = {
      provider: "ollama",
      label: "Ollama",
      variables: { key: "OLLAMA_API_KEY", model: "OLLAMA_MODEL", url: "OLLAMA_BASE_URL" },
      models: listOf(env.OLLAMA_MODEL),
      secret: env.OLLAMA_API_KEY ?? "",
      hosting: placeOfServer(env.OLLAMA_BASE_URL),
      hint: (id) => ({
        en: `On its machine, \`ollama pull ${id}\` fetches it.`,
        "zh-TW": `在那台機器上執行 \`ollama pull ${id}\` 就會下載。`,
      }),
    };
    const endpoint = { baseURL: `${bareAddress(env.OLLAMA_BASE_URL)}/v1`, key };
    const [protocol, lister] = [openaiChat(endpoint, runtime), openaiList(endpoint, runtime)];
    const embed = openaiVectors(endpoint, runtime);
    const context = env.OLLAMA_CONTEXT_LENGTH ?? OLLAMA_WINDOW;
    return createConnection({ vendor, protocol, lister, embed, limits: LOCAL_LIMITS, context }, runtime);
  },
};
