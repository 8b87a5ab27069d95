// The list of models in OpenAI's dialect. Hugging Face's router adds to each what its hosts offer and ask for it.

import { z } from "zod";
import type { ListedModel } from "../core/model.ts";
import type { World } from "../core/world.ts";
import { connect, type Endpoint } from "./openai-chat.ts";
import type { Lister } from "./vendor.ts";

/** Most vendors send the id alone. */
const Entry = z.object({
  id: z.string().min(1).max(200),
  shutdown_date: z.string().nullish(),
  providers: z
    .array(
      z.object({
        status: z.string().optional(),
        context_length: z.number().positive().optional(),
        pricing: z
          .object({ input: z.number().min(0), output: z.number().min(0) })
          .optional()
          .catch(undefined),
      }),
    )
    .optional()
    .catch(undefined),
});

/** What OpenAI lists beside models that chat. */
const NO_CHAT = /embed|whisper|tts|dall-e|image|sora|moderation|realtime|transcribe|audio|davinci|babbage|rerank/i;

export function openaiList(endpoint: Endpoint, world: World): Lister {
  return async (signal) => {
    const { models } = await connect(endpoint, world);
    const { data } = await models.list({ signal });
    const today = new Date(world.now()).toISOString().slice(0, 10);
    return z
      .array(Entry)
      .parse(data ?? [])
      .filter(({ id }) => !NO_CHAT.test(id))
      .map((entry) => read(entry, today));
  };
}

function read({ id, shutdown_date: end, providers = [] }: z.infer<typeof Entry>, today: string): ListedModel {
  const hosts = providers.filter(({ status }) => status === undefined || status === "live");
  const window = Math.max(0, ...hosts.map(({ context_length: length = 0 }) => length));
  const [cheapest] = hosts
    .flatMap(({ pricing }) => pricing ?? [])
    .toSorted((a, b) => a.input + a.output - b.input - b.output);
  return {
    id,
    ...(window > 0 ? { window } : {}),
    ...(cheapest ? { price: { ...cheapest, asOf: today } } : {}),
    ...(end ? { retires: true } : {}),
  };
}
