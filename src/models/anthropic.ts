// Exports Anthropic as a provider, in its own protocol.

import type Anthropic from "@anthropic-ai/sdk";
import { z } from "zod";
import type { Provider } from "../core/model.ts";
import type { Runtime } from "../core/runtime.ts";
import { DEFAULTS, withRoomToThink } from "./catalog/index.ts";
import { createConnection } from "./chat-model.ts";
import { LIMITS } from "./limits.ts";
import { placeOf } from "./cards.ts";
import { bareAddress, contextSize, listOf, modelIds, otherAddress } from "./variables.ts";
import { piecesOf, tokens } from "./pieces.ts";
import { readStop } from "./stop-reasons.ts";
import type { StreamEvent, ChatRequest, ChatProtocol, Lister, Vendor } from "./vendor.ts";
import { watchWire } from "./wire.ts";

const AnthropicEnv = z.object({
  ANTHROPIC_API_KEY: z.string().describe("Key for Anthropic's models"),
  ANTHROPIC_BASE_URL: otherAddress("Another server that speaks Anthropic's protocol"),
  ANTHROPIC_MODEL: modelIds(
    DEFAULTS.anthropic,
    "Anthropic's models to offer, with commas between them; the first is the default",
  ),
  ANTHROPIC_CONTEXT: contextSize(
    "Tokens that Anthropic's models read at once, where Heed does not know it from the name",
  ),
});
type AnthropicEnv = z.infer<typeof AnthropicEnv>;

export const anthropic: Provider<typeof AnthropicEnv> = {
  name: "anthropic",
  env: AnthropicEnv,
  create(env, runtime) {
    const vendor: Vendor = {
      provider: "anthropic",
      label: "Anthropic",
      variables: { key: "ANTHROPIC_API_KEY", model: "ANTHROPIC_MODEL", url: "ANTHROPIC_BASE_URL" },
      models: listOf(env.ANTHROPIC_MODEL),
      secret: env.ANTHROPIC_API_KEY,
      hosting: placeOf(env.ANTHROPIC_BASE_URL, "api.anthropic.com"),
    };
    const protocol = messagesProtocol(env, runtime);
    const lister = modelsList(env, runtime);
    return createConnection(
      { vendor, protocol, lister, listsWindows: true, limits: LIMITS, context: env.ANTHROPIC_CONTEXT },
      runtime,
    );
  },
};

function messagesProtocol(env: AnthropicEnv, runtime: Runtime): ChatProtocol {
  let client: Promise<Anthropic> | undefined;
  const prepare = () => (client ??= connect(env, runtime));
  return {
    prepare,
    async *stream(request, signal) {
      const wire = watchWire(runtime.fetch);
      const { messages } = (await prepare()).withOptions({ fetch: wire.fetch });
      const stream = await messages.create(bodyOf(request), { signal });
      let input = 0;
      for await (const event of stream) {
        if (event?.type === "message_start") input = inputOf(event.message?.usage);
        yield* eventsOf(event, input);
      }
      const { whole } = wire.finish();
      if (whole !== undefined) yield* readWhole(whole);
    },
  };
}

/** One page holds them all. */
const LISTED = 1000;

function modelsList(env: AnthropicEnv, runtime: Runtime): Lister {
  return async (signal) => {
    const { models } = await connect(env, runtime);
    const { data } = await models.list({ limit: LISTED }, { signal });
    return data.map(({ id, max_input_tokens: contextWindow, lifecycle }) => ({
      id,
      ...(contextWindow ? { contextWindow } : {}),
      ...(lifecycle && lifecycle !== "active" ? { retires: true } : {}),
    }));
  };
}

async function connect(env: AnthropicEnv, runtime: Runtime): Promise<Anthropic> {
  const { Anthropic } = await import("@anthropic-ai/sdk");
  return new Anthropic({
    apiKey: env.ANTHROPIC_API_KEY,
    baseURL: bareAddress(env.ANTHROPIC_BASE_URL ?? "https://api.anthropic.com"),
    fetch: runtime.fetch,
    // The queue tries again, and it tells the person that it does.
    maxRetries: 0,
    timeout: LIMITS.whole,
    logLevel: "off",
    openTelemetry: false,
  });
}

/** The protocol insists on a limit, in tokens of the answer. */
const USUAL_LIMIT = 4096;

/** No temperature: since API version 2026-10-21 any request with one is answered 400. */
function bodyOf(request: ChatRequest): Anthropic.MessageCreateParamsStreaming {
  const { id, system, messages, maxTokens, can } = request;
  return {
    model: id,
    max_tokens: maxTokens ?? withRoomToThink(USUAL_LIMIT, can),
    messages: messages.map(({ role, text }) => ({ role, content: text })),
    stream: true,
    ...(system ? { system } : {}),
    ...(can.takesEffort ? { output_config: { effort: "low" } } : {}),
  };
}

/** Everything that was read, the cached part included. */
function inputOf(usage: Partial<Anthropic.Usage> | null | undefined): number {
  const { input_tokens: read, cache_read_input_tokens: cached, cache_creation_input_tokens: written } = usage ?? {};
  return tokens(read) + tokens(cached) + tokens(written);
}

/** `input` are the tokens that `message_start` told. Other servers leave out what the types promise. */
function* eventsOf(event: Partial<Anthropic.RawMessageStreamEvent> | null, input: number): Generator<StreamEvent> {
  switch (event?.type) {
    case "message_start":
      if (event.message?.model) yield { type: "named", model: event.message.model };
      // Billed even where the line breaks before the end.
      if (event.message?.usage) yield { type: "usage", input, output: tokens(event.message.usage.output_tokens) };
      return;
    case "content_block_start":
      return yield* blockOf(event.content_block);
    case "content_block_delta":
      if (event.delta?.type === "text_delta") yield* piecesOf(event.delta.text);
      else yield { type: event.delta?.type === "input_json_delta" ? "tool-call" : "thinking" };
      return;
    case "message_delta":
      if (event.usage) yield { type: "usage", input, output: tokens(event.usage.output_tokens) };
      if (event.delta?.stop_reason) yield { type: "stop", reason: readStop(event.delta.stop_reason) };
      return;
    case "message_stop":
      yield { type: "closed" };
  }
}

/** A block as it begins, or whole. */
function* blockOf(block: Partial<Anthropic.ContentBlock> | null | undefined): Generator<StreamEvent> {
  if (block?.type === "tool_use") yield { type: "tool-call" };
  else if (block?.type === "text") yield* piecesOf(block.text);
  else yield { type: "thinking" };
}

/** An answer that was not streamed, though it was asked for so. */
function* readWhole(whole: unknown): Generator<StreamEvent> {
  const { model, content, stop_reason: stop, usage } = whole as Partial<Anthropic.Message>;
  if (!Array.isArray(content)) return;
  if (model) yield { type: "named", model };
  for (const block of content) yield* blockOf(block);
  if (usage) yield { type: "usage", input: inputOf(usage), output: tokens(usage.output_tokens) };
  if (stop) yield { type: "stop", reason: readStop(stop) };
  yield { type: "closed" };
}
