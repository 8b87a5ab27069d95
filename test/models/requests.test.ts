// What goes over the wire where the dialects differ: limits by their right name, temperatures only where they are taken.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Prompt } from "../../src/core/model.ts";
import { createModels } from "../../src/models/index.ts";
import { collect, PROMPT, textOf } from "../contracts/model.ts";
import {
  anthropicWire,
  huggingfaceWire,
  mistralWire,
  ollamaWire,
  openaiWire,
  type WireDialect,
} from "../fakes/dialects.ts";
import { liveRuntime, startVendor, type VendorServer } from "../fakes/vendor.ts";

let server: VendorServer;
beforeEach(async () => {
  server = await startVendor();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

async function send(wire: WireDialect, id: string, prompt: Prompt = PROMPT, env: Record<string, string> = {}) {
  server.play({ steps: [wire.begin, wire.say("ok"), wire.end("end", { input: 1, output: 2 })] });
  const model = createModels({ ...wire.env(server.url), ...env }, liveRuntime()).pick(`${wire.provider}/${id}`);
  const events = await collect(model.generate(prompt, new AbortController().signal));
  return { events, ...server.seen.at(-1)! };
}

const limited = { ...PROMPT, maxTokens: 500, temperature: 0.3 };

describe("the request", () => {
  test("gives a thinking GPT room to think, an effort, and no temperature", async () => {
    const { body } = await send(openaiWire, "gpt-6.1-terra", limited);
    expect(body).toMatchObject({ max_completion_tokens: 8692, reasoning_effort: "low" });
    expect(body).not.toHaveProperty("temperature");
    expect(body).not.toHaveProperty("max_tokens");
  });

  test.each([
    [openaiWire, "my-model"],
    [openaiWire, "gpt-4.1"],
    [huggingfaceWire, "meta-llama/Llama-3.3-70B-Instruct"],
    [ollamaWire, "llama3.1"],
  ])("gives others the plain limit and the temperature", async (wire, id) => {
    const { body } = await send(wire, id, limited);
    expect(body).toMatchObject({ model: id, max_tokens: 500, temperature: 0.3 });
    expect(body).not.toHaveProperty("reasoning_effort");
  });

  test.each([
    [huggingfaceWire, "openai/gpt-oss-120b", 8692],
    [huggingfaceWire, "deepseek-ai/DeepSeek-R1", 8692],
    [mistralWire, "magistral-medium-latest", 8692],
  ])("gives an open model that thinks room for it, and its temperature", async (wire, id, tokens) => {
    const { body } = await send(wire, id, limited);
    expect(body).toMatchObject({ model: id, max_tokens: tokens, temperature: 0.3 });
    expect(body).not.toHaveProperty("reasoning_effort");
  });

  test("asks a local model that thinks for no more than its window has left", async () => {
    const { body } = await send(ollamaWire, "qwen3:8b", limited);
    expect(Number(body.max_tokens)).toBeGreaterThan(3000);
    expect(Number(body.max_tokens)).toBeLessThan(4096);
  });

  test("a tuned model is asked as the one it was made from", async () => {
    const { body } = await send(openaiWire, "ft:gpt-6-luna:org::abc", limited);
    expect(body).toMatchObject({ max_completion_tokens: 8692, reasoning_effort: "low" });
  });

  test("gives room to think to a model that was seen to think", async () => {
    const models = createModels(ollamaWire.env(server.url), liveRuntime());
    const said = async () => {
      const prompt = { ...PROMPT, maxTokens: 500 };
      await collect(models.pick("ollama/my-model").generate(prompt, new AbortController().signal));
      return Number(server.seen.at(-1)!.body.max_tokens);
    };
    server.play({ steps: [ollamaWire.begin, ollamaWire.think, ollamaWire.end("length", { input: 1, output: 500 })] });
    expect(await said()).toBe(500);
    expect(await said()).toBeGreaterThan(3000);
  });

  test("never sends Anthropic a temperature, and always a limit", async () => {
    const { body } = await send(anthropicWire, "claude-haiku-4-5", limited);
    expect(body).toMatchObject({ max_tokens: 500, system: expect.stringContaining("You are Heed.") });
    for (const field of ["temperature", "output_config"]) expect(body).not.toHaveProperty(field);
    expect((await send(anthropicWire, "claude-sonnet-5-5")).body).toMatchObject({
      max_tokens: 4096 + 8192,
      output_config: { effort: "low" },
    });
  });

  test("gives Mistral both as they are", async () => {
    expect((await send(mistralWire, "mistral-small-latest", limited)).body).toMatchObject({
      max_tokens: 500,
      temperature: 0.3,
    });
  });

  test("asks OpenAI's dialect for the usage of a stream", async () => {
    expect((await send(openaiWire, "x")).body).toMatchObject({ stream_options: { include_usage: true } });
  });

  const addresses: readonly [WireDialect, string, string][] = [
    [openaiWire, "OPENAI_BASE_URL", "/v1"],
    [openaiWire, "OPENAI_BASE_URL", "/v1/"],
    [anthropicWire, "ANTHROPIC_BASE_URL", ""],
    [anthropicWire, "ANTHROPIC_BASE_URL", "/v1"],
    [mistralWire, "MISTRAL_BASE_URL", ""],
    [mistralWire, "MISTRAL_BASE_URL", "/v1/"],
    [ollamaWire, "OLLAMA_BASE_URL", "/"],
    [ollamaWire, "OLLAMA_BASE_URL", "/v1"],
  ];
  test.each(addresses)("finds the path whichever way the address is written", async (wire, variable, tail) => {
    const { path } = await send(wire, "some-model", PROMPT, { [variable]: server.url + tail });
    expect(path).toBe(wire.path);
  });
});

describe("the answer", () => {
  test("shows what GPT says instead of an answer, and that it refused", async () => {
    const refusal = openaiWire.say("x").replace('"content":"x"', '"refusal":"I cannot help with that."');
    server.play({ steps: [openaiWire.begin, refusal, openaiWire.end("end", { input: 1, output: 2 })] });
    const model = createModels(openaiWire.env(server.url), liveRuntime()).pick();
    const events = await collect(model.generate(PROMPT, new AbortController().signal));
    expect(textOf(events)).toBe("I cannot help with that.");
    expect(events.at(-1)).toEqual({ type: "stop", reason: "refused" });
  });

  test("counts what Claude read from its cache", async () => {
    const begin = anthropicWire.begin.replace('"input_tokens":11', '"input_tokens":1,"cache_read_input_tokens":40');
    server.play({ steps: [begin, anthropicWire.say("ok"), anthropicWire.end("end", { input: 0, output: 5 })] });
    const model = createModels(anthropicWire.env(server.url), liveRuntime()).pick();
    const events = await collect(model.generate(PROMPT, new AbortController().signal));
    expect(events).toContainEqual({ type: "usage", input: 41, output: 5 });
  });

  test("takes a router's broken answer for broken", async () => {
    const broken = huggingfaceWire.end("end", { input: 1, output: 2 }).replace('"stop"', '"error"');
    server.play({ steps: [huggingfaceWire.begin, huggingfaceWire.say("half"), broken] });
    const model = createModels(huggingfaceWire.env(server.url), liveRuntime()).pick();
    await expect(collect(model.generate(PROMPT, new AbortController().signal))).rejects.toMatchObject({
      code: "connection-lost",
    });
  });
});
