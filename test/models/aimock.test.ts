// The same models against a server that others wrote, so that our own idea of a dialect is not the only judge.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { LLMock } from "@copilotkit/aimock";
import type { Model } from "../../src/core/model.ts";
import { createModels } from "../../src/models/index.ts";
import { collect, failureOf, PROMPT, textOf } from "../contracts/model.ts";
import { liveRuntime } from "../fakes/vendor.ts";

const TEXT = "注意力讓每個詞看見其他的詞，attention lets every word see the others. 🙂";

let mock: LLMock;
beforeAll(async () => {
  const { LLMock } = await import("@copilotkit/aimock");
  mock = new LLMock({ port: 0, chunkSize: 4 });
  await mock.start();
});
afterAll(() => mock.stop());
beforeEach(() => {
  mock.clearFixtures().clearChaos();
  mock.clearRequests();
});

const environments: readonly [string, () => Record<string, string>][] = [
  ["openai", () => ({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: `${mock.url}/v1` })],
  ["anthropic", () => ({ ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: `${mock.url}/v1` })],
  ["huggingface", () => ({ HF_TOKEN: "k", HF_BASE_URL: `${mock.url}/v1` })],
  ["ollama", () => ({ OLLAMA_BASE_URL: `${mock.url}/v1/` })],
];

const answer = (more: object = {}) => {
  mock.onMessage(/實習生/, { content: TEXT, ...more });
};

describe.each(environments)("%s at aimock", (provider, env) => {
  const model = (): Model => createModels(env(), liveRuntime()).pick(provider);
  const ask = () => collect(model().generate(PROMPT, new AbortController().signal));

  test("streams Chinese in pieces, with usage and an end", async () => {
    answer({ usage: { prompt_tokens: 11, completion_tokens: 22, input_tokens: 11, output_tokens: 22 } });
    const events = await ask();
    expect(textOf(events)).toBe(TEXT);
    expect(events.filter(({ type }) => type === "text").length).toBeGreaterThan(3);
    expect(events.slice(-2)).toEqual([
      { type: "usage", input: 11, output: 22 },
      { type: "stop", reason: "end" },
    ]);
  });

  test("sees that the limit cut the answer", async () => {
    answer({ finishReason: "length" });
    expect((await ask()).at(-1)).toEqual({ type: "stop", reason: "length" });
  });

  test("keeps thoughts to itself", async () => {
    answer({ reasoning: "they ask about interns" });
    expect(textOf(await ask())).toBe(TEXT);
  });

  test("is told to wait by a rate limit", async () => {
    answer();
    mock.setChaos({ rateLimitRate: 1 });
    const failure = await failureOf(model());
    expect(failure.code).toBe("rate-limited");
    expect(failure.retryAfterMs).toBeGreaterThan(0);
    expect(mock.getRequests()).toHaveLength(1);
  });

  test.each([
    [500, "unavailable"],
    [503, "overloaded"],
    [401, "bad-key"],
  ])("reads status %i as %s", async (status, code) => {
    mock.nextRequestError(status, { message: "no", type: "server_error" });
    expect((await failureOf(model())).code).toBe(code);
  });

  test("survives malformed answers and broken connections with an honest code", async () => {
    answer();
    mock.setChaos({ malformedRate: 1 });
    expect((await failureOf(model())).code).toBe("unavailable");
    mock.setChaos({ disconnectRate: 1 });
    expect(["connection-lost", "unavailable"]).toContain((await failureOf(model())).code);
  });
});
