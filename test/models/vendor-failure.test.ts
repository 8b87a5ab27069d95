// What vendors' own texts amount to, each sent over the wire in the envelopes of three packages.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { isRetryable, type ErrorCode } from "../../src/core/errors.ts";
import { createModels } from "../../src/models/index.ts";
import { failureOf } from "../contracts/model.ts";
import { anthropicWire, mistralWire, ollamaWire, openaiWire, type WireDialect } from "../fakes/dialects.ts";
import { liveRuntime, startVendor, type VendorServer } from "../fakes/vendor.ts";

let server: VendorServer;
beforeEach(async () => {
  server = await startVendor();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

const ENVELOPES: readonly [WireDialect, (code: string, message: string) => object][] = [
  [openaiWire, (code, message) => ({ error: { message, type: "invalid_request_error", param: null, code } })],
  [ollamaWire, (code, message) => ({ error: { message, type: code, param: null, code: null } })],
  [anthropicWire, (code, message) => ({ type: "error", error: { type: code, message }, request_id: "req_1" })],
  [mistralWire, (code, message) => ({ object: "error", message, type: code, param: null, code: "3000" })],
];

type Row = readonly [status: number, code: string, message: string, expected: ErrorCode, words?: RegExp];

const ROWS: readonly Row[] = [
  // A parameter is no model.
  [
    400,
    "unsupported_parameter",
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    "misconfigured",
  ],
  [400, "invalid_request_error", "The parameter 'temperature' is not supported for this model.", "misconfigured"],
  [400, "invalid_request_error", "This model does not support the parameter reasoning_effort.", "misconfigured"],
  [400, "invalid_request_error", "max_tokens: Extra inputs are not permitted", "misconfigured"],
  [400, "invalid_request_error", "max_tokens is too large: 10000. At most 4096 can be written.", "misconfigured"],
  // Where a text points to says nothing of what it means.
  [
    429,
    "rate_limit_exceeded",
    "Rate limit reached. To increase it, visit https://platform.openai.com/account/billing.",
    "rate-limited",
  ],
  [429, "insufficient_quota", "You exceeded your current quota, please check your plan.", "bad-key", /no credit left/],
  [402, "error", "Insufficient Balance", "bad-key", /no credit left/],
  [403, "Arrearage", "Your account is in arrears.", "bad-key", /no credit left/],
  // Declined before it was begun.
  [400, "invalid_prompt", "Your prompt was flagged as potentially violating our usage policy.", "refused"],
  [400, "invalid_request_error", "Content Exists Risk", "refused"],
  [400, "DataInspectionFailed", "Input data may contain inappropriate content.", "refused"],
  [400, "content_filter", "The response was filtered due to the prompt triggering the policy.", "refused"],
  [400, "1301", "系统检测到输入或生成内容可能包含不安全或敏感内容", "refused"],
  // The key is good, and not for this.
  [403, "permission_error", "Your account is not allowed to use this model.", "no-access", /to the key/],
  [403, "invalid_request_error", "Project p does not have access to model gpt-x", "no-access", /to the key/],
  [403, "forbidden", "No.", "no-access"],
  [401, "authentication_error", "model access denied", "bad-key"],
  // Too long, whatever the status.
  [
    429,
    "tokens",
    "Request too large for gpt-x on tokens per min (TPM): Limit 30000, Requested 45000.",
    "context-too-long",
  ],
  [413, "request_too_large", "Request exceeds the maximum size", "context-too-long"],
  [422, "validation", "`inputs` tokens + `max_new_tokens` must be <= 4097. Given: 5000", "context-too-long"],
  [400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", "context-too-long"],
  // The machine, not the moment.
  [
    500,
    "api_error",
    "model requires more system memory (50.0 GiB) than is available (16.0 GiB)",
    "misconfigured",
    /too little memory/,
  ],
  [500, "api_error", "llama runner process has terminated: CUDA error: out of memory", "misconfigured", /memory/],
  // The model.
  [404, "model_not_found", "The model `x` does not exist or you do not have access to it.", "no-such-model"],
  [400, "invalid_model", "Invalid model: x", "no-such-model"],
  [400, "invalid_request_error", "The model x has been decommissioned and is no longer supported.", "no-such-model"],
  // In passing.
  [429, "error", "Too Many Requests", "rate-limited"],
  [503, "error", "The model is loading", "overloaded"],
  [529, "overloaded_error", "Overloaded", "overloaded"],
  [
    500,
    "server_error",
    "The server had an error while processing your request. See our usage policies.",
    "unavailable",
  ],
  [500, "api_error", "Internal server error", "unavailable"],
  [408, "timeout", "Request timed out", "unavailable"],
];

test("a model that its vendor has ended is said to be, with what to use, where its vendor is asked", async () => {
  const body = { error: { message: "The model does not exist", type: "x", param: null, code: "model_not_found" } };
  server.play({ status: 404, headers: { "content-type": "application/json" }, steps: [JSON.stringify(body)] });
  const models = (day: string) =>
    createModels(
      { ...openaiWire.env(server.url), ...ollamaWire.env(server.url) },
      { ...liveRuntime(), now: () => Date.parse(day) },
    );
  const { phrase } = await failureOf(models("2026-11-28").pick("openai/gpt-4"));
  expect(phrase.en).toMatch(/^OpenAI ended gpt-4 on 2026-10-23 and names gpt-5\.6-sol in its place\. OpenAI has no/);
  expect(phrase["zh-TW"]).toMatch(/^OpenAI 已在 2026-10-23 停用 gpt-4，建議改用 gpt-5\.6-sol。/);
  expect((await failureOf(models("2026-10-22").pick("openai/gpt-4"))).phrase.en).toMatch(/^OpenAI has no model/);
  expect((await failureOf(models("2026-11-28").pick("ollama/gpt-4"))).phrase.en).toMatch(/^Ollama has no model/);
});

const PASSING = new Set<ErrorCode>(["rate-limited", "overloaded", "unavailable"]);

describe.each(ENVELOPES.map(([wire, envelope]) => ({ provider: wire.provider, wire, envelope })))(
  "$provider",
  ({ wire, envelope }) => {
    test.each(ROWS.map((row) => [row] as const))("%j", async ([status, code, message, expected, words]) => {
      server.play({
        status,
        headers: { "content-type": "application/json" },
        steps: [JSON.stringify(envelope(code, message))],
      });
      const model = createModels(wire.env(server.url), liveRuntime()).pick(wire.provider);
      const failure = await failureOf(model);
      expect([failure.code, isRetryable(failure)]).toEqual([expected, PASSING.has(expected)]);
      if (words) expect(failure.phrase.en).toMatch(words);
    });
  },
);
