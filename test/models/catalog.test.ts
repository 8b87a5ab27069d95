// What the names of models tell: who thinks, how much each reads, what ends, in which words; by whatever route a name comes.

import { describe, expect, test } from "@jest/globals";
import {
  bareName,
  bundledPrices,
  capabilitiesOf,
  DEFAULTS,
  families,
  retirementOf,
  modelTraits,
  withRoomToThink,
} from "../../src/models/catalog/index.ts";

describe("who thinks", () => {
  test.each([
    "gpt-oss:20b",
    "openai/gpt-oss-120b",
    "openai/gpt-oss-120b:cerebras",
    "deepseek-ai/DeepSeek-R1",
    "deepseek-r1:7b-qwen-distill-q4_K_M",
    "deepseek-ai/DeepSeek-R1-Distill-Llama-70B",
    "accounts/fireworks/models/deepseek-r1-0528",
    "deepseek-reasoner",
    "Qwen/Qwen3-32B",
    "qwen3:8b",
    "Qwen/QwQ-32B",
    "magistral:24b",
    "mistralai/Magistral-Small-2509",
    "moonshotai/Kimi-K2-Thinking",
    "zai-org/GLM-4.6",
    "MiniMaxAI/MiniMax-M2",
    "microsoft/Phi-4-reasoning",
    "nvidia/Llama-3_3-Nemotron-Super-49B",
    "somebody/never-heard-of-thinking-8b",
    "somebody/new-r1",
    "ft:gpt-6-luna:org::abc",
    "azure/gpt-6.1-terra",
    "claude-opus-5-5",
    "us.anthropic.claude-sonnet-5-5",
  ])("%s", (id) => {
    expect(capabilitiesOf(id).isReasoning).toBe(true);
  });

  test.each([
    "llama3.1",
    "meta-llama/Llama-3.3-70B-Instruct",
    "gpt-4.1",
    "gpt-4o-mini",
    "mistral-small-latest",
    "qwen2.5:7b",
    "Qwen/Qwen3-30B-A3B-Instruct-2507",
    "Qwen/Qwen3-Coder-480B-A35B-Instruct",
    "x-ai/grok-4-fast-non-reasoning",
    "moonshotai/Kimi-K2-Instruct",
    "gemma3:12b",
    "claude-haiku-4-5",
    "my-model",
    "rethinkdb-helper",
  ])("%s does not", (id) => {
    expect(capabilitiesOf(id).isReasoning).toBe(false);
  });

  test("only closed models of today are sent an effort, and only they take no temperature", () => {
    for (const id of ["openai/gpt-oss-120b", "qwen3:8b", "deepseek-r1"])
      expect(capabilitiesOf(id)).toMatchObject({ takesEffort: false, supportsTemperature: true });
    expect(capabilitiesOf("gpt-6-luna")).toMatchObject({ takesEffort: true, supportsTemperature: false });
  });
});

describe("how much is read at once", () => {
  test.each([
    ["gpt-6.1-terra", 922_000],
    ["gpt-5.6-terra", 1_050_000],
    ["gpt-5-mini", 400_000],
    ["gpt-4", 8192],
    ["gpt-4-0613", 8192],
    ["gpt-4-32k", 32_768],
    ["gpt-4-turbo", 128_000],
    ["gpt-3.5-turbo", 16_385],
    ["mistral-large-4", 1_050_000],
    ["mistral-medium-3", 128_000],
    ["mistral-medium-latest", 256_000],
    ["claude-2.1", 200_000],
    ["claude-2", 100_000],
    ["claude-3-5-sonnet-20241022", 200_000],
    ["claude-opus-4-20250514", 200_000],
    ["claude-sonnet-5-5", 1_000_000],
    ["anthropic.claude-v2:1", 200_000],
    ["llama2:13b", 4096],
    ["meta-llama/Meta-Llama-3-8B", 8192],
    ["llama-7b", 4096],
    ["microsoft/Phi-3-mini-4k-instruct", 4096],
    ["moonshot-v1-8k", 8192],
    ["somebody/yarn-128k", 131_072],
    ["my-model", 16_384],
  ])("%s: %i", (id, tokens) => {
    expect(capabilitiesOf(id).contextWindow).toBe(tokens);
  });

  test("what a person configured overrules all of it", () => {
    expect(capabilitiesOf("somebody/yarn-128k", 9000).contextWindow).toBe(9000);
  });
});

test.each([
  ["ft:gpt-6-luna:org::abc", "gpt-6-luna"],
  ["ft:gpt-4o-mini-2024-07-18:org:name:id", "gpt-4o-mini-2024-07-18"],
  ["meta-llama/Llama-3.3-70B-Instruct", "llama-3.3-70b-instruct"],
  ["accounts/fireworks/models/deepseek-r1", "deepseek-r1"],
  ["us.anthropic.claude-sonnet-4-5-v1:0", "claude-sonnet-4-5-v1:0"],
  ["gpt-6.1-terra", "gpt-6.1-terra"],
  ["llama3.1:8b", "llama3.1:8b"],
])("%s is %s", (id, bare) => {
  expect(bareName(id)).toBe(bare);
});

describe("room to think", () => {
  test("is given beside the answer to whoever thinks, within what the window has left", () => {
    expect(withRoomToThink(500, capabilitiesOf("llama3.1"))).toBe(500);
    expect(withRoomToThink(500, capabilitiesOf("gpt-oss:20b"))).toBe(8692);
    expect(withRoomToThink(1365, capabilitiesOf("qwen3:8b", 4096), 1500)).toBe(2596);
    expect(withRoomToThink(1365, capabilitiesOf("qwen3:8b", 4096), 4000)).toBe(1365);
  });
});

describe("the catalogue", () => {
  test("knows every model that is offered by default, with its traits, and none that ends", () => {
    for (const id of Object.values(DEFAULTS).flatMap((ids) => ids.split(","))) {
      expect([id, modelTraits(id).strengths.length > 0, retirementOf(id)]).toEqual([id, true, undefined]);
      expect(capabilitiesOf(id)).not.toEqual(capabilitiesOf("no model of that name"));
    }
  });

  test("dates every price and gives every end a day", () => {
    for (const { asOf, input, output } of bundledPrices.values()) {
      expect(asOf).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(output).toBeGreaterThan(input);
    }
    expect(retirementOf("gpt-4")).toEqual({ on: "2026-10-23", replacedBy: "gpt-5.6-sol" });
    expect(retirementOf("ft:gpt-4o:x::y")?.on).toBe("2027-01-14");
  });

  test("tells the history of what a course names, the newest first", () => {
    const told = families.flatMap(({ versions }) => versions.map(({ name }) => name)).join("\n");
    for (const name of [
      "GPT-3.5",
      "GPT-4",
      "GPT-6.2",
      "Claude 1",
      "Claude 2",
      "Sonnet 5.5",
      "Opus 5.5",
      "Llama 3",
      "Mistral 7B",
    ])
      expect(told).toContain(name);
    for (const { versions } of families) {
      const months = versions.map(({ released }) => released);
      expect(months).toEqual(months.toSorted().toReversed());
      expect(versions.every(({ note }) => note.en && note["zh-TW"])).toBe(true);
    }
  });
});
