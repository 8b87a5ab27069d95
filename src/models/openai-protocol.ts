// Exports the protocol of OpenAI's servers, which Hugging Face's router and Ollama speak as well: chat completions, lists of models, embeddings.

import type OpenAI from "openai";
import { z } from "zod";
import type { ListedModel } from "../core/model.ts";
import type { Runtime } from "../core/runtime.ts";
import type { EmbedProtocol } from "./embedder.ts";
import { LIMITS } from "./limits.ts";
import { piecesOf, tokens } from "./pieces.ts";
import { readStop } from "./stop-reasons.ts";
import type { StreamEvent, ChatRequest, ChatProtocol, Lister } from "./vendor.ts";
import { watchWire } from "./wire.ts";

interface Endpoint {
  /** With "/v1"; the vendor's own without one. */
  baseURL?: string | undefined;
  key: string;
}

export function openaiChat(endpoint: Endpoint, runtime: Runtime): ChatProtocol {
  let client: Promise<OpenAI> | undefined;
  const prepare = () => (client ??= connect(endpoint, runtime));
  return {
    prepare,
    async *stream(request, signal) {
      const wire = watchWire(runtime.fetch);
      const { chat } = (await prepare()).withOptions({ fetch: wire.fetch });
      const stream = await chat.completions.create(bodyOf(request), { signal });
      for await (const chunk of stream) yield* eventsIn(chunk);
      const { whole, isClosed } = wire.finish();
      if (whole !== undefined) yield* readWhole(whole);
      else if (isClosed) yield { type: "closed" };
    },
  };
}

/** The package is heavy and most processes never need it, so it is loaded with the first question. */
async function connect({ baseURL, key }: Endpoint, runtime: Runtime): Promise<OpenAI> {
  const { OpenAI } = await import("openai");
  return new OpenAI({
    apiKey: key,
    baseURL: baseURL ?? "https://api.openai.com/v1",
    organization: null,
    project: null,
    fetch: runtime.fetch,
    // The queue tries again, and it tells the person that it does.
    maxRetries: 0,
    timeout: LIMITS.whole,
    logLevel: "off",
  });
}

function bodyOf(request: ChatRequest): OpenAI.ChatCompletionCreateParamsStreaming {
  const { id, system, messages, maxTokens, temperature, can } = request;
  const said = messages.map(({ role, text }) => ({ role, content: text }));
  return {
    model: id,
    messages: system ? [{ role: "system", content: system }, ...said] : said,
    stream: true,
    stream_options: { include_usage: true },
    ...(can.takesEffort ? { reasoning_effort: "low" } : {}),
    ...(can.supportsTemperature && temperature !== undefined ? { temperature } : {}),
    ...(maxTokens === undefined ? {} : limit(maxTokens, can.supportsTemperature)),
  };
}

/** Newer families refuse the old name of the limit; other vendors' servers know only that one. */
function limit(tokens: number, old: boolean) {
  return old ? { max_tokens: tokens } : { max_completion_tokens: tokens };
}

/** Open models' thoughts come in fields that OpenAI's types do not know, and some servers' text as a list of parts. */
interface Said {
  content?: unknown;
  refusal?: unknown;
  reasoning?: unknown;
  reasoning_content?: unknown;
  tool_calls?: unknown;
  function_call?: unknown;
}

/** `null` and absent fields are what some servers send where OpenAI's types promise more. */
function* eventsIn(chunk: OpenAI.ChatCompletionChunk | null): Generator<StreamEvent> {
  if (!chunk) return;
  const { choices, model, usage } = chunk;
  const choice = choices?.[0];
  if (typeof model === "string" && model) yield { type: "named", model };
  yield* eventsOf(choice?.delta ?? {}, choice?.finish_reason);
  if (!usage) return;
  yield { type: "usage", input: tokens(usage.prompt_tokens), output: tokens(usage.completion_tokens) };
  // The bill comes behind the answer.
  if (choices?.length === 0 && tokens(usage.completion_tokens) > 0) yield { type: "closed" };
}

function* eventsOf(said: Said, finish: unknown): Generator<StreamEvent> {
  const calls = said.tool_calls ?? said.function_call;
  if (said.reasoning || said.reasoning_content) yield { type: "thinking" };
  yield* piecesOf(said.content);
  if (Array.isArray(calls) ? calls.length > 0 : calls) yield { type: "tool-call" };
  if (typeof said.refusal === "string" && said.refusal) {
    yield { type: "text", text: said.refusal };
    yield { type: "stop", reason: "refused" };
  }
  if (typeof finish === "string" && finish) yield { type: "stop", reason: readStop(finish) };
}

/** An answer that was not streamed, though it was asked for so: the same fields, under other names. */
function* readWhole(whole: unknown): Generator<StreamEvent> {
  const { choices, ...answer } = whole as OpenAI.ChatCompletion;
  if (!Array.isArray(choices)) return;
  const [choice] = choices;
  yield* eventsIn({ ...answer, choices: [] } as unknown as OpenAI.ChatCompletionChunk);
  yield* eventsOf(choice?.message ?? {}, choice?.finish_reason);
  yield { type: "closed" };
}

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

export function openaiList(endpoint: Endpoint, runtime: Runtime): Lister {
  return async (signal) => {
    const { models } = await connect(endpoint, runtime);
    const { data } = await models.list({ signal });
    const today = new Date(runtime.now()).toISOString().slice(0, 10);
    return z
      .array(Entry)
      .parse(data ?? [])
      .filter(({ id }) => !NO_CHAT.test(id))
      .map((entry) => listed(entry, today));
  };
}

function listed({ id, shutdown_date: end, providers = [] }: z.infer<typeof Entry>, today: string): ListedModel {
  const hosts = providers.filter(({ status }) => status === undefined || status === "live");
  const window = Math.max(0, ...hosts.map(({ context_length: length = 0 }) => length));
  const [cheapest] = hosts
    .flatMap(({ pricing }) => pricing ?? [])
    .toSorted((a, b) => a.input + a.output - b.input - b.output);
  return {
    id,
    ...(window > 0 ? { contextWindow: window } : {}),
    ...(cheapest ? { price: { ...cheapest, asOf: today } } : {}),
    ...(end ? { retires: true } : {}),
  };
}

export function openaiVectors(endpoint: Endpoint, runtime: Runtime): EmbedProtocol {
  return async (model, texts, signal) => {
    const { embeddings } = await connect(endpoint, runtime);
    // The package asks for base64 unless told otherwise, which other servers do not know.
    const asked = { model, input: [...texts], encoding_format: "float" as const };
    const { data } = await embeddings.create(asked, { signal });
    return data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => embedding);
  };
}
