// Mistral, through its own package: OpenAI's dialect with differences that matter (content in chunks, its own errors).

import type { Mistral } from "@mistralai/mistralai";
import { z } from "zod";
import type { Provider } from "../core/model.ts";
import type { World } from "../core/world.ts";
import { DEFAULTS } from "./catalog/index.ts";
import { offer } from "./chat-model.ts";
import type { EmbedDialect } from "./embedder.ts";
import { LIMITS } from "./limits.ts";
import { placeOf } from "./cards.ts";
import { piecesOf } from "./pieces.ts";
import { readStop } from "./stop-reasons.ts";
import { bareAddress, contextSize, listOf, modelIds, otherAddress } from "./variables.ts";
import type { Beat, ChatRequest, Dialect, Lister, Vendor } from "./vendor.ts";
import { watchWire } from "./wire.ts";

const MistralEnv = z.object({
  MISTRAL_API_KEY: z.string().describe("Key for Mistral's models"),
  MISTRAL_BASE_URL: otherAddress("Another server that speaks Mistral's dialect"),
  MISTRAL_MODEL: modelIds(
    DEFAULTS.mistral,
    "Mistral's models to offer, with commas between them; the first is the default",
  ),
  MISTRAL_CONTEXT: contextSize("Tokens that Mistral's models read at once, where Heed does not know it from the name"),
});
type MistralEnv = z.infer<typeof MistralEnv>;

export const mistral: Provider<typeof MistralEnv> = {
  name: "mistral",
  env: MistralEnv,
  create(env, world) {
    const vendor: Vendor = {
      provider: "mistral",
      label: "Mistral",
      variables: { key: "MISTRAL_API_KEY", model: "MISTRAL_MODEL", url: "MISTRAL_BASE_URL" },
      models: listOf(env.MISTRAL_MODEL),
      secret: env.MISTRAL_API_KEY,
      place: placeOf(env.MISTRAL_BASE_URL, "api.mistral.ai"),
    };
    const dialect = mistralChat(env, world);
    const [lister, embed] = [mistralList(env, world), mistralVectors(env, world)];
    const list = { lister, listsWindows: true };
    return offer({ vendor, dialect, ...list, embed, limits: LIMITS, context: env.MISTRAL_CONTEXT }, world);
  },
};

function mistralChat(env: MistralEnv, world: World): Dialect {
  const prepare = () => import("@mistralai/mistralai");
  return {
    prepare,
    async *speak(request, signal) {
      await prepare();
      const wire = watchWire(world.fetch);
      const { chat } = await connect(env, wire.fetch);
      const stream = await chat.stream(bodyOf(request), { fetchOptions: { signal } });
      for await (const { data } of stream) yield* read(data);
      const { whole, isClosed } = wire.finish();
      if (whole !== undefined) yield* readWhole(whole);
      else if (isClosed) yield { type: "closed" };
    },
  };
}

function mistralList(env: MistralEnv, world: World): Lister {
  return async (signal) => {
    const { models } = await connect(env, world.fetch);
    const { data = [] } = await models.list({}, { fetchOptions: { signal } });
    return data.flatMap((model) =>
      "maxContextLength" in model && model.capabilities.completionChat
        ? [{ id: model.id, window: model.maxContextLength, ...(model.deprecation ? { retires: true } : {}) }]
        : [],
    );
  };
}

function mistralVectors(env: MistralEnv, world: World): EmbedDialect {
  return async (model, texts, signal) => {
    const { embeddings } = await connect(env, world.fetch);
    const { data } = await embeddings.create({ model, inputs: [...texts] }, { fetchOptions: { signal } });
    const ordered = data.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0));
    return ordered.map(({ embedding = [] }) => embedding);
  };
}

async function connect(env: MistralEnv, fetcher: typeof fetch): Promise<Mistral> {
  const { HTTPClient, Mistral } = await import("@mistralai/mistralai");
  return new Mistral({
    apiKey: env.MISTRAL_API_KEY,
    serverURL: bareAddress(env.MISTRAL_BASE_URL ?? "https://api.mistral.ai"),
    httpClient: new HTTPClient({ fetcher }),
    // The queue tries again, and it tells the person that it does.
    retryConfig: { strategy: "none" },
  });
}

function bodyOf({ id, system, messages, maxTokens, temperature }: ChatRequest) {
  const said = messages.map(({ role, text }) => ({ role, content: text }));
  return {
    model: id,
    messages: system ? [{ role: "system" as const, content: system }, ...said] : said,
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  };
}

type Chunk = Awaited<ReturnType<Mistral["chat"]["stream"]>> extends AsyncIterable<{ data: infer Data }> ? Data : never;

/** Thinking models send their thoughts and their text as parts of a list. */
function* read({ choices: [choice], usage, model }: Chunk): Generator<Beat> {
  if (model) yield { type: "named", model };
  yield* piecesOf(choice?.delta.content);
  if (choice?.delta.toolCalls?.length) yield { type: "tool-call" };
  if (choice?.finishReason) yield { type: "stop", reason: readStop(choice.finishReason) };
  if (usage) yield { type: "usage", input: usage.promptTokens ?? 0, output: usage.completionTokens ?? 0 };
}

const Whole = z.object({
  model: z.string().nullish(),
  choices: z.array(
    z.object({
      message: z.object({ content: z.unknown(), tool_calls: z.array(z.unknown()).nullish() }).nullish(),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: z.object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() }).nullish(),
});

/** An answer that was not streamed, though it was asked for so. */
function* readWhole(whole: unknown): Generator<Beat> {
  const { model, choices, usage } = Whole.parse(whole);
  const [choice] = choices;
  if (model) yield { type: "named", model };
  yield* piecesOf(choice?.message?.content);
  if (choice?.message?.tool_calls?.length) yield { type: "tool-call" };
  if (choice?.finish_reason) yield { type: "stop", reason: readStop(choice.finish_reason) };
  if (usage) yield { type: "usage", input: usage.prompt_tokens ?? 0, output: usage.completion_tokens ?? 0 };
  yield { type: "closed" };
}
