// Exports OpenAI, or any server that speaks its protocol, as a provider.

import { z } from "zod";
import type { Provider } from "../core/model.ts";
import { DEFAULTS } from "./catalog/index.ts";
import { createConnection } from "./chat-model.ts";
import { LIMITS } from "./limits.ts";
import { openaiChat, openaiList, openaiVectors } from "./openai-protocol.ts";
import { placeOf } from "./cards.ts";
import { contextSize, listOf, modelIds, otherAddress } from "./variables.ts";
import type { Vendor } from "./vendor.ts";

const OpenAIEnv = z.object({
  OPENAI_API_KEY: z.string().describe("Key for OpenAI's models"),
  OPENAI_BASE_URL: otherAddress("Another server that speaks OpenAI's protocol, with /v1 at its end"),
  OPENAI_MODEL: modelIds(
    DEFAULTS.openai,
    "OpenAI's models to offer, with commas between them; the first is the default",
  ),
  OPENAI_CONTEXT: contextSize("Tokens that OpenAI's models read at once, where Heed does not know it from the name"),
});

export const openai: Provider<typeof OpenAIEnv> = {
  name: "openai",
  env: OpenAIEnv,
  create(env, runtime) {
    const vendor: Vendor = {
      provider: "openai",
      label: "OpenAI",
      variables: { key: "OPENAI_API_KEY", model: "OPENAI_MODEL", url: "OPENAI_BASE_URL" },
      models: listOf(env.OPENAI_MODEL),
      secret: env.OPENAI_API_KEY,
      hosting: placeOf(env.OPENAI_BASE_URL, "api.openai.com"),
    };
    const endpoint = { baseURL: env.OPENAI_BASE_URL, key: env.OPENAI_API_KEY };
    const [protocol, lister] = [openaiChat(endpoint, runtime), openaiList(endpoint, runtime)];
    const embed = openaiVectors(endpoint, runtime);
    return createConnection({ vendor, protocol, lister, embed, limits: LIMITS, context: env.OPENAI_CONTEXT }, runtime);
  },
};
