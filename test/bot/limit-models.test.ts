import { expect, test } from "@jest/globals";
import { limitModels } from "../../src/bot/limit-models.ts";
import type { Model } from "../../src/core/model.ts";
import { readSettings } from "../../src/runtime/config.ts";
import { createMetrics } from "../../src/runtime/metrics.ts";
import { openSemaphore } from "../../src/runtime/semaphore.ts";
import { createTestRuntime } from "../fakes/test-runtime.ts";
import { createTestToolbox, scriptedModel } from "../fakes/toolbox.ts";

const runtime = createTestRuntime();
const events = [
  { type: "usage", input: 1_000_000, output: 200_000 } as const,
  { type: "stop", reason: "end" } as const,
];
const card = {
  hosting: "vendor",
  supportsTemperature: true,
  isReasoning: false,
  strengths: [],
  languages: [],
} as const;

async function answer(...models: Model[]): Promise<string> {
  const metrics = await createMetrics();
  const limits = { limiter: await openSemaphore(readSettings({}), runtime), most: {}, metrics, runtime };
  for (const model of models) {
    const limited = limitModels({ ...createTestToolbox({}).models, pick: () => model }, limits).pick();
    const prompt = { messages: [], passages: [], language: "en" as const };
    for await (const _ of limited.generate(prompt, new AbortController().signal));
  }
  return (await metrics.read()).text;
}

test("an answer's tokens and dollars are counted by model", async () => {
  const price = { input: 2, output: 10, asOf: "2026-11-23" };
  const priced: Model = { ...scriptedModel(events, "openai/gpt").model, card: { ...card, price } };
  const text = await answer(priced, priced);
  expect(text).toContain('heed_tokens_total{model="openai/gpt",direction="input"} 2000000');
  expect(text).toContain('heed_tokens_total{model="openai/gpt",direction="output"} 400000');
  expect(text).toContain('heed_cost_dollars_total{model="openai/gpt"} 8');
  expect(text).not.toContain("heed_unpriced_answers_total{");
});

test("an answer whose price nobody knows is counted as that, and never as free", async () => {
  const text = await answer(scriptedModel(events, "openai/new").model);
  expect(text).toContain('heed_unpriced_answers_total{model="openai/new"} 1');
  expect(text).not.toContain("heed_cost_dollars_total{");
});
