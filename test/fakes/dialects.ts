// How each vendor writes what it has to say: an answer, a failure, a failure inside an answer.

import type { StopReason } from "../../src/core/model.ts";
import type { Script } from "./vendor.ts";

export type Fault = "bad-key" | "no-such-model" | "context-too-long" | "refused" | "rate-limited" | "no-credit";

export interface WireDialect {
  provider: string;
  /** The model that the tests ask for. */
  id: string;
  path: string;
  env(url: string): Record<string, string>;
  key: { variable: string; value: string; sent: (headers: Record<string, unknown>) => unknown };
  /** Server-sent events that begin the answer, say one piece each, and end it. */
  begin: string;
  say(text: string): string;
  think: string;
  callTool: string;
  /** The vendor's own words for the ways to end that it knows. */
  stops: Readonly<Partial<Record<StopReason, string>>>;
  /** The end in a word of any vendor's, with the bill, up to the mark that closes the stream. */
  finish(word: string | null, usage: Usage): string;
  /** The mark that closes the stream. */
  close: string;
  /** `finish` in the vendor's own word, and `close`. */
  end(stop: StopReason, usage: Usage): string;
  /** The same as JSON that is no stream. */
  whole(answer: WholeAnswer): object;
  fail(fault: Fault): Script;
  /** An error after the stream has begun with 200. */
  failWithin(kind: "overloaded" | "rate-limited"): string;
}

export interface Usage {
  input: number;
  output: number;
}

export interface WholeAnswer {
  text?: string;
  thoughts?: string;
  callsTool?: boolean;
  stop: StopReason;
  usage: Usage;
}

type Wire = Omit<WireDialect, "end">;

const withEnd = (wire: Wire): WireDialect => ({
  ...wire,
  end: (stop, usage) => wire.finish(wire.stops[stop] ?? stop, usage) + wire.close,
});

const TOOL_CALL = { index: 0, id: "t1", type: "function", function: { name: "search", arguments: "{}" } };
const KEY = "key-made-up-for-the-tests-0123456789";

const event = (data: unknown, name?: string) => `${name ? `event: ${name}\n` : ""}data: ${JSON.stringify(data)}\n\n`;
const json = (status: number, body: unknown, headers: Record<string, string> = {}): Script => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  steps: [JSON.stringify(body)],
});
const bearer = (headers: Record<string, unknown>) => String(headers.authorization).replace("Bearer ", "");

const openaiError = (status: number, code: string, message: string, headers?: Record<string, string>) =>
  json(status, { error: { message, type: "invalid_request_error", param: null, code } }, headers);

function openaiLike(
  provider: string,
  id: string,
  variables: { key: string; env: (url: string) => Record<string, string> },
  faults: Partial<Record<Fault, Script>> = {},
): WireDialect {
  const chunk = (delta: object, finish: string | null = null, more: object = {}) =>
    event({
      id: "c1",
      object: "chat.completion.chunk",
      created: 1,
      model: id,
      choices: [{ index: 0, delta, finish_reason: finish }],
      ...more,
    });
  const usual: Record<Fault, Script> = {
    "bad-key": openaiError(401, "invalid_api_key", `Incorrect API key provided: ${KEY}.`),
    "no-such-model": openaiError(
      404,
      "model_not_found",
      `The model \`${id}\` does not exist or you do not have access to it.`,
    ),
    "context-too-long": openaiError(
      400,
      "context_length_exceeded",
      "This model's maximum context length is 8192 tokens.",
    ),
    refused: openaiError(400, "content_filter", "The prompt was filtered by our content management policy."),
    "rate-limited": openaiError(429, "rate_limit_exceeded", "Rate limit reached for requests.", { "retry-after": "7" }),
    "no-credit": openaiError(
      429,
      "insufficient_quota",
      "You exceeded your current quota, please check your billing details.",
    ),
  };
  const bill = ({ input, output }: Usage) => ({
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
  });
  return withEnd({
    provider,
    id,
    path: "/v1/chat/completions",
    env: variables.env,
    key: { variable: variables.key, value: KEY, sent: bearer },
    begin: chunk({ role: "assistant", content: "" }),
    say: (text) => chunk({ content: text }),
    think: chunk({ reasoning_content: "hm" }),
    callTool: chunk({ tool_calls: [TOOL_CALL] }),
    stops: { end: "stop", length: "length", filtered: "content_filter", "tool-calls": "tool_calls" },
    finish: (word, usage) =>
      chunk({}, word) +
      event({
        id: "c1",
        object: "chat.completion.chunk",
        created: 1,
        model: id,
        choices: [],
        usage: bill(usage),
      }),
    close: "data: [DONE]\n\n",
    whole: ({ text = null, thoughts, callsTool, stop, usage }) => ({
      id: "c1",
      object: "chat.completion",
      created: 1,
      model: id,
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: text,
            reasoning_content: thoughts,
            tool_calls: callsTool ? [TOOL_CALL] : undefined,
          },
          finish_reason: { end: "stop", length: "length", filtered: "content_filter" }[stop as "end"] ?? "tool_calls",
        },
      ],
      usage: bill(usage),
    }),
    fail: (fault) => ({ ...usual, ...faults })[fault],
    failWithin: (kind) =>
      event({
        error:
          kind === "overloaded"
            ? { message: "The server is overloaded.", type: "server_error", code: "overloaded" }
            : { message: "Rate limit reached.", type: "requests", code: "rate_limit_exceeded" },
      }),
  });
}

export const openaiWire = openaiLike("openai", "gpt-6.1-terra", {
  key: "OPENAI_API_KEY",
  env: (url) => ({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${url}/v1` }),
});

export const huggingfaceWire = openaiLike(
  "huggingface",
  "meta-llama/Llama-3.3-70B-Instruct",
  { key: "HF_TOKEN", env: (url) => ({ HF_TOKEN: KEY, HF_BASE_URL: `${url}/v1/` }) },
  {
    "bad-key": json(401, { error: "Invalid username or password." }),
    "no-such-model": json(400, {
      error: {
        message: "The requested model 'x' is not supported by any provider you have enabled.",
        type: "invalid_request_error",
        code: "model_not_supported",
      },
    }),
    "no-credit": json(402, { error: "You have exceeded your monthly included credits for Inference Providers." }),
  },
);

export const ollamaWire = openaiLike(
  "ollama",
  "llama3.1",
  { key: "OLLAMA_API_KEY", env: (url) => ({ OLLAMA_BASE_URL: url, OLLAMA_API_KEY: KEY }) },
  {
    "no-such-model": json(404, {
      error: {
        message: 'model "llama3.1" not found, try pulling it first',
        type: "api_error",
        param: null,
        code: null,
      },
    }),
    "context-too-long": json(400, {
      error: {
        code: 400,
        message: "the request exceeds the available context size. try increasing the context size",
        type: "invalid_request_error",
      },
    }),
  },
);

const anthropicError = (status: number, type: string, message: string, headers?: Record<string, string>) =>
  json(status, { type: "error", error: { type, message }, request_id: "r1" }, headers);

export const anthropicWire = withEnd({
  provider: "anthropic",
  id: "claude-sonnet-5-5",
  path: "/v1/messages",
  env: (url) => ({ ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: url }),
  key: { variable: "ANTHROPIC_API_KEY", value: KEY, sent: bearer },
  begin:
    event(
      {
        type: "message_start",
        message: {
          id: "m1",
          type: "message",
          role: "assistant",
          model: "claude-sonnet-5-5",
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 11, output_tokens: 1 },
        },
      },
      "message_start",
    ) +
    event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }, "content_block_start") +
    event({ type: "ping" }, "ping"),
  say: (text) =>
    event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }, "content_block_delta"),
  think: event(
    { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "hm" } },
    "content_block_delta",
  ),
  callTool:
    event(
      {
        type: "content_block_start",
        index: 1,
        content_block: { type: "tool_use", id: "t1", name: "search", input: {} },
      },
      "content_block_start",
    ) +
    event(
      { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: "{}" } },
      "content_block_delta",
    ),
  stops: {
    end: "end_turn",
    length: "max_tokens",
    "context-full": "model_context_window_exceeded",
    refused: "refusal",
    "tool-calls": "tool_use",
    paused: "pause_turn",
  },
  finish: (word, usage) =>
    event({ type: "content_block_stop", index: 0 }, "content_block_stop") +
    event(
      {
        type: "message_delta",
        delta: { stop_reason: word, stop_sequence: null },
        usage: { output_tokens: usage.output },
      },
      "message_delta",
    ),
  close: event({ type: "message_stop" }, "message_stop"),
  whole: ({ text, thoughts, callsTool, stop, usage }) => ({
    id: "m1",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-5-5",
    content: [
      ...(thoughts ? [{ type: "thinking", thinking: thoughts, signature: "s" }] : []),
      ...(text ? [{ type: "text", text }] : []),
      ...(callsTool ? [{ type: "tool_use", id: "t1", name: "search", input: {} }] : []),
    ],
    stop_reason: { end: "end_turn", length: "max_tokens", filtered: "refusal" }[stop as "end"] ?? "tool_use",
    stop_sequence: null,
    usage: { input_tokens: usage.input, output_tokens: usage.output },
  }),
  fail: (fault) =>
    ({
      "bad-key": anthropicError(401, "authentication_error", `invalid x-api-key ${KEY}`),
      "no-such-model": anthropicError(404, "not_found_error", "model: claude-sonnet-5-5"),
      "context-too-long": anthropicError(
        400,
        "invalid_request_error",
        "prompt is too long: 210000 tokens > 200000 maximum",
      ),
      refused: anthropicError(400, "invalid_request_error", "Output blocked by content filtering policy"),
      "rate-limited": anthropicError(429, "rate_limit_error", "This request would exceed your rate limit.", {
        "retry-after": "7",
      }),
      "no-credit": anthropicError(400, "invalid_request_error", "Your credit balance is too low to access the API."),
    })[fault],
  failWithin: (kind) =>
    event(
      {
        type: "error",
        error: { type: kind === "overloaded" ? "overloaded_error" : "rate_limit_error", message: "later" },
      },
      "error",
    ),
});

const mistralChunk = (delta: object, finish: string | null = null, more: object = {}) =>
  event({
    id: "m1",
    object: "chat.completion.chunk",
    created: 1,
    model: "mistral-medium-latest",
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...more,
  });
const mistralError = (status: number, type: string, code: string, message: string, headers?: Record<string, string>) =>
  json(status, { object: "error", message, type, param: null, code }, headers);

export const mistralWire = withEnd({
  provider: "mistral",
  id: "mistral-medium-latest",
  path: "/v1/chat/completions",
  env: (url) => ({ MISTRAL_API_KEY: KEY, MISTRAL_BASE_URL: `${url}/v1` }),
  key: { variable: "MISTRAL_API_KEY", value: KEY, sent: bearer },
  begin: mistralChunk({ role: "assistant", content: "" }),
  say: (text) => mistralChunk({ content: text }),
  think: mistralChunk({ content: [{ type: "thinking", thinking: [{ type: "text", text: "hm" }] }] }),
  callTool: mistralChunk({ content: "", tool_calls: [TOOL_CALL] }),
  stops: {
    end: "stop",
    length: "length",
    "context-full": "model_length",
    filtered: "content_filter",
    "tool-calls": "tool_calls",
  },
  finish: (word, usage) =>
    mistralChunk({ content: "" }, word, {
      usage: { prompt_tokens: usage.input, completion_tokens: usage.output, total_tokens: usage.input + usage.output },
    }),
  close: "data: [DONE]\n\n",
  whole: ({ text = "", thoughts, callsTool, stop, usage }) => ({
    id: "m1",
    object: "chat.completion",
    created: 1,
    model: "mistral-medium-latest",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: thoughts
            ? [
                { type: "thinking", thinking: [{ type: "text", text: thoughts }] },
                { type: "text", text },
              ]
            : text,
          tool_calls: callsTool ? [TOOL_CALL] : null,
        },
        finish_reason: { end: "stop", length: "length", filtered: "content_filter" }[stop as "end"] ?? "tool_calls",
      },
    ],
    usage: { prompt_tokens: usage.input, completion_tokens: usage.output, total_tokens: usage.input + usage.output },
  }),
  fail: (fault) =>
    ({
      "bad-key": json(401, { detail: `Unauthorized ${KEY}` }),
      "no-such-model": mistralError(400, "invalid_model", "1500", "Invalid model: mistral-medium-latest"),
      "context-too-long": mistralError(
        400,
        "invalid_request_prompt",
        "3051",
        "Prompt contains 140000 tokens and 0 draft tokens, too large for model with 131072 maximum context length",
      ),
      refused: mistralError(403, "guardrail", "3800", "The request was blocked by the moderation policy."),
      "rate-limited": mistralError(429, "rate_limited", "1300", "Rate limit exceeded", { "retry-after": "7" }),
      "no-credit": json(402, { detail: "Payment required" }),
    })[fault],
  failWithin: (kind) => event({ object: "error", message: kind, type: kind, param: null, code: "3505" }),
});
