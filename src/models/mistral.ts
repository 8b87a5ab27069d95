// Exports Mistral as a provider, through its own package: content in chunks, its own errors.

import type { Mistral } from "@mistralai/mistralai";
import { z } from "zod";
import type { Provider } from "../core/model.ts";
import type { Runtime } from "../core/runtime.ts";
import { DEFAULTS } from "./catalog/index.ts";
import { createConnection } from "./chat-model.ts";
import type { EmbedProtocol } from "./embedder.ts";
import { LIMITS } from "./limits.ts";
import { placeOf } from "./cards.ts";
import { piecesOf } from "./pieces.ts";
import { readStop } from "./stop-reasons.ts";
import { bareAddress, contextSize, listOf, modelIds, otherAddress } from "./variables.ts";
import type { StreamEvent, ChatRequest, ChatProtocol, Lister, Vendor } from "./vendor.ts";
import { watchWire } from "./wire.ts";

const MistralEnv = z.object({
  MISTRAL_API_KEY: z.string().describe("Key for Mistral's models"),
  MISTRAL_BASE_URL: otherAddress("Another server that speaks Mistral's protocol"),
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
  create(env, runtime) {
    const vendor: Vendor = {
      provider: "mistral",
      label: "Mistral",
      variables: { key: "MISTRAL_API_KEY", model: "MISTRAL_MODEL", url: "MISTRAL_BASE_URL" },
      models: listOf(env.MISTRAL_MODEL),
      secret: env.MISTRAL_API_KEY,
      hosting: placeOf(env.MISTRAL_BASE_URL, "api.mistral.ai"),
    };
    const protocol = mistralChat(env, runtime);
    const [lister, embed] = [mistralList(env, runtime), mistralVectors(env, runtime)];
    const list = { lister, listsWindows: true };
    return createConnection(
      { vendor, protocol, ...list, embed, limits: LIMITS, context: env.MISTRAL_CONTEXT },
      runtime,
    );
  },
};

function mistralChat(env: MistralEnv, runtime: Runtime): ChatProtocol {
  const prepare = () => import("@mistralai/mistralai");
  return {
    prepare,
    async *stream(request, signal) {
      await prepare();
      const wire = watchWire(runtime.fetch);
      const { chat } = await connect(env, wire.fetch);
      const stream = await chat.stream(bodyOf(request), { fetchOptions: { signal } });
      for await (const { data } of stream) yield* eventsOf(data);
      const { whole, isClosed } = wire.finish();
      if (whole !== undefined) yield* readWhole(whole);
      else if (isClosed) yield { type: "closed" };
    },
  };
}

function mistralList(env: MistralEnv, runtime: Runtime): Lister {
  return async (signal) => {
    const { models } = await connect(env, runtime.fetch);
    const { data = [] } = await models.list({}, { fetchOptions: { signal } });
    return data.flatMap((model) =>
      "maxContextLength" in model && model.capabilities.completionChat
        ? [{ id: model.id, contextWindow: model.maxContextLength, ...(model.deprecation ? { retires: true } : {}) }]
        : [],
    );
  };
}

function mistralVectors(env: MistralEnv, runtime: Runtime): EmbedProtocol {
  return async (model, texts, signal) => {
    const { embeddings } = await connect(env, runtime.fetch);
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
function* eventsOf({ choices: [choice], usage, model }: Chunk): Generator<StreamEvent> {
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
function* readWhole(whole: unknown): Generator<StreamEvent> {
  const { model, choices, usage } = Whole.parse(whole);
  const [choice] = choices;
  if (model) yield { type: "named", model };
  yield* piecesOf(choice?.message?.content);
  if (choice?.message?.tool_calls?.length) yield { type: "tool-call" };
  if (choice?.finish_reason) yield { type: "stop", reason: readStop(choice.finish_reason) };
  if (usage) yield { type: "usage", input: usage.prompt_tokens ?? 0, output: usage.completion_tokens ?? 0 };
  yield { type: "closed" };
}
