// The dialect of OpenAI's chat completions, which Hugging Face's router and Ollama speak as well.

import type OpenAI from "openai";
import type { World } from "../core/world.ts";
import { limitFor } from "./families.ts";
import { LIMITS } from "./limits.ts";
import type { Beat, ChatRequest, Dialect } from "./vendor.ts";

export interface Endpoint {
  /** With "/v1"; the vendor's own without one. */
  baseURL?: string | undefined;
  key: string;
}

export function openaiChat(endpoint: Endpoint, world: World): Dialect {
  let client: Promise<OpenAI> | undefined;
  const prepare = () => (client ??= connect(endpoint, world));
  return {
    prepare,
    async *speak(request, signal) {
      const { chat } = await prepare();
      const stream = await chat.completions.create(bodyOf(request), { signal });
      for await (const chunk of stream) yield* read(chunk);
    },
  };
}

/** The package is heavy and most processes never need it, so it is loaded with the first question. */
export async function connect({ baseURL, key }: Endpoint, world: World): Promise<OpenAI> {
  const { OpenAI } = await import("openai");
  return new OpenAI({
    apiKey: key,
    baseURL: baseURL ?? "https://api.openai.com/v1",
    organization: null,
    project: null,
    fetch: world.fetch,
    // The queue tries again, and it tells the person that it does.
    maxRetries: 0,
    timeout: LIMITS.whole,
    logLevel: "off",
  });
}

function bodyOf(request: ChatRequest): OpenAI.ChatCompletionCreateParamsStreaming {
  const { id, system, messages, maxTokens, temperature, family } = request;
  const said = messages.map(({ role, text }) => ({ role, content: text }));
  return {
    model: id,
    messages: system ? [{ role: "system", content: system }, ...said] : said,
    stream: true,
    stream_options: { include_usage: true },
    ...(family.thinks ? { reasoning_effort: "low" } : {}),
    ...(family.samples && temperature !== undefined ? { temperature } : {}),
    ...(maxTokens === undefined ? {} : limit(limitFor(maxTokens, family), family.samples)),
  };
}

/** Newer families refuse the old name of the limit; other vendors' servers know only that one. */
function limit(tokens: number, old: boolean) {
  return old ? { max_tokens: tokens } : { max_completion_tokens: tokens };
}

/** Open models' thoughts come in fields that OpenAI's types do not know. */
type Delta = Partial<OpenAI.ChatCompletionChunk.Choice.Delta> & { reasoning?: unknown; reasoning_content?: unknown };

/** `null` and absent fields are what some servers send where OpenAI's types promise more. */
function* read(chunk: OpenAI.ChatCompletionChunk | null): Generator<Beat> {
  const choice = chunk?.choices?.[0];
  if (chunk?.model) yield { type: "named", model: chunk.model };
  const delta: Delta = choice?.delta ?? {};
  if (delta.reasoning ?? delta.reasoning_content) yield { type: "thinking" };
  if (delta.content) yield { type: "text", text: delta.content };
  if (delta.refusal) {
    yield { type: "text", text: delta.refusal };
    yield { type: "stop", reason: "refused" };
  }
  if (choice?.finish_reason) yield* stop(choice.finish_reason);
  if (chunk?.usage) {
    yield { type: "usage", input: chunk.usage.prompt_tokens, output: chunk.usage.completion_tokens };
  }
}

/** "error" is what routers say when the server behind them broke off: then there is no stop. */
function* stop(reason: string): Generator<Beat> {
  if (reason === "error") return;
  if (reason === "content_filter") yield { type: "stop", reason: "refused" };
  else yield { type: "stop", reason: reason === "length" ? "length" : "end" };
}
