// Exports Hugging Face's router as a provider, in OpenAI's protocol.

import { z } from "zod";
import type { Provider } from "../core/model.ts";
import { DEFAULTS } from "./catalog/index.ts";
import { createConnection } from "./chat-model.ts";
import { LIMITS } from "./limits.ts";
import { openaiChat, openaiList } from "./openai-protocol.ts";
import { placeOf } from "./cards.ts";
import { contextSize, listOf, modelIds, otherAddress } from "./variables.ts";
import type { Vendor } from "./vendor.ts";

const ROUTER = "https://router.huggingface.co/v1";

const HuggingFaceEnv = z.object({
  HF_TOKEN: z.string().describe("Token for open models through Hugging Face's Inference Providers"),
  HF_BASE_URL: otherAddress(
    "Another server than Hugging Face's router, with /v1 at its end, for example an Inference Endpoint",
  ),
  HF_MODEL: modelIds(
    DEFAULTS.huggingface,
    "Hugging Face models to offer, with commas between them; the first is the default",
  ),
  HF_CONTEXT: contextSize(
    "Tokens that the Hugging Face models read at once, where Heed does not know it from the name",
  ),
});

export const huggingface: Provider<typeof HuggingFaceEnv> = {
  name: "huggingface",
  env: HuggingFaceEnv,
  create(env, runtime) {
    const vendor: Vendor = {
      provider: "huggingface",
      label: "Hugging Face",
      variables: { key: "HF_TOKEN", model: "HF_MODEL", url: "HF_BASE_URL" },
      models: listOf(env.HF_MODEL),
      secret: env.HF_TOKEN,
      hosting: placeOf(env.HF_BASE_URL, "router.huggingface.co"),
    };
    const endpoint = { baseURL: env.HF_BASE_URL ?? ROUTER, key: env.HF_TOKEN };
    const [protocol, lister] = [openaiChat(endpoint, runtime), openaiList(endpoint, runtime)];
    return createConnection({ vendor, protocol, lister, limits: LIMITS, context: env.HF_CONTEXT }, runtime);
  },
};
