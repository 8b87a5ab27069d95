// From variables to models, and from what a person typed to one of them.

import { describe, expect, test } from "@jest/globals";
import { createModels, ModelEnv, providers } from "../../src/models/index.ts";
import { failureOf } from "../fakes/failure-of.ts";
import { liveRuntime } from "../fakes/vendor.ts";

const ALL = {
  OPENAI_API_KEY: "a",
  ANTHROPIC_API_KEY: "b",
  MISTRAL_API_KEY: "c",
  HF_TOKEN: "d",
  OLLAMA_BASE_URL: "http://localhost:11434",
};
const models = (env: Record<string, string>) => createModels(env, liveRuntime());

describe("the list of models", () => {
  test("holds only the stand-in where nothing is configured", () => {
    expect(models({}).names()).toEqual(["extractive/quotes"]);
    expect(models({ OPENAI_API_KEY: "  " }).pick().isGenerative).toBe(false);
  });

  test("holds what is configured, in the order of the providers, the stand-in last", () => {
    const names = models(ALL).names();
    expect(names[0]).toBe("openai/gpt-6.1-terra");
    expect(names.at(-1)).toBe("extractive/quotes");
    expect([...new Set(names.map((name) => name.split("/")[0]))]).toEqual([
      "openai",
      "anthropic",
      "mistral",
      "huggingface",
      "ollama",
      "extractive",
    ]);
  });

  test("takes the ids that are configured, the first as the default", () => {
    const some = models({ ...ALL, ANTHROPIC_MODEL: " claude-opus-5-5 , claude-haiku-5-5,", OPENAI_API_KEY: "" });
    expect(some.names().slice(0, 2)).toEqual(["anthropic/claude-opus-5-5", "anthropic/claude-haiku-5-5"]);
    expect(some.pick().name).toBe("anthropic/claude-opus-5-5");
  });

  test("lets HEED_MODEL be the default, even an unlisted one", () => {
    expect(models({ ...ALL, HEED_MODEL: "mistral" }).names()[0]).toBe("mistral/mistral-medium-latest");
    const unlisted = models({ ...ALL, HEED_MODEL: "openai/gpt-9" });
    expect(unlisted.pick().name).toBe("openai/gpt-9");
    expect(unlisted.names()[0]).toBe("openai/gpt-9");
  });

  test.each([
    { HEED_MODEL: "gpt-9" },
    { HEED_MODEL: "openai/gpt-6-luna" },
    { ...ALL, OPENAI_BASE_URL: "localhost:8080" },
    { ...ALL, OPENAI_MODEL: " , " },
    { ...ALL, MISTRAL_CONTEXT: "many" },
    { OLLAMA_BASE_URL: "my-server" },
  ])("names the variable that is wrong: %j", (env) => {
    const error = failureOf(() => models(env));
    expect(error.code).toBe("misconfigured");
    const [variable] = Object.keys(env).slice(-1);
    const wrong = "OPENAI_BASE_URL" in env ? "OPENAI_BASE_URL" : variable;
    for (const words of Object.values(error.phrase)) expect(words).toContain(wrong);
  });

  test("describes every variable in a sentence", () => {
    for (const { env } of [...providers, { env: ModelEnv }]) {
      for (const [name, schema] of Object.entries(env.shape)) {
        expect([name, schema.meta()?.description]).toEqual([name, expect.stringMatching(/^[A-Z].{10,}[^.]$/)]);
      }
    }
  });
});

describe("pick", () => {
  const found: readonly [string, string][] = [
    ["openai", "openai/gpt-6.1-terra"],
    ["OpenAI", "openai/gpt-6.1-terra"],
    [" anthropic/claude-haiku-5-5 ", "anthropic/claude-haiku-5-5"],
    ["claude-haiku-5-5", "anthropic/claude-haiku-5-5"],
    ["MISTRAL-SMALL-LATEST", "mistral/mistral-small-latest"],
    ["meta-llama/Llama-3.3-70B-Instruct", "huggingface/meta-llama/Llama-3.3-70B-Instruct"],
    ["huggingface/Qwen/Qwen3-32B", "huggingface/Qwen/Qwen3-32B"],
    ["openai/gpt-oss-120b", "huggingface/openai/gpt-oss-120b"],
    ["openai/gpt-7", "openai/gpt-7"],
    ["ollama/qwen3:8b", "ollama/qwen3:8b"],
    ["extractive", "extractive/quotes"],
    ["", "openai/gpt-6.1-terra"],
  ];
  test.each(found)("%j is %s", (typed, name) => {
    expect(models(ALL).pick(typed).name).toBe(name);
  });

  const near: readonly [string, string][] = [
    ["claude", "anthropic/claude-sonnet-5-5"],
    ["openia", "openai/gpt-6.1-terra"],
    ["claude-sonet-5-5", "anthropic/claude-sonnet-5-5"],
    ["mistral-medium", "mistral/mistral-medium-latest"],
  ];
  test.each(near)("offers the near name for %s", (typed, name) => {
    const error = failureOf(() => models(ALL).pick(typed));
    expect([error.code, error.phrase.en]).toEqual(["usage", expect.stringContaining(`Did you mean ${name}?`)]);
    expect(error.phrase["zh-TW"]).toContain(`是指 ${name} 嗎？`);
  });

  test("offers no near name for nonsense, and lists what there is", () => {
    const error = failureOf(() => models(ALL).pick("x".repeat(5000)));
    expect(error.phrase.en).not.toContain("Did you mean");
    expect(error.phrase.en).toContain("ollama/llama3.1");
    expect(error.phrase.en.length).toBeLessThan(600);
  });

  test("names the variable of every provider there is", () => {
    expect(models({}).variables()).toEqual([
      "OPENAI_API_KEY",
      "ANTHROPIC_API_KEY",
      "MISTRAL_API_KEY",
      "HF_TOKEN",
      "OLLAMA_BASE_URL",
    ]);
  });

  test("names the variable of a provider that is known but not configured", () => {
    const error = failureOf(() => models({ OPENAI_API_KEY: "a" }).pick("mistral/mistral-small-latest"));
    expect([error.code, error.phrase.en]).toEqual(["usage", expect.stringContaining("MISTRAL_API_KEY")]);
  });

  test("never asks a vendor for what can be no id", () => {
    expect(failureOf(() => models(ALL).pick("openai/gpt 6 please")).code).toBe("usage");
  });
});

describe("the window", () => {
  test.each([
    [{}, "openai/gpt-6.1-terra", 922_000],
    [{}, "anthropic/claude-sonnet-5-5", 1_000_000],
    [{}, "anthropic/claude-haiku-4-5", 200_000],
    [{}, "huggingface/meta-llama/Llama-3.3-70B-Instruct", 128_000],
    [{}, "huggingface/mistralai/Mistral-7B-Instruct-v0.3", 32_768],
    [{}, "openai/my-own-model", 16_384],
    [{ OPENAI_CONTEXT: "8192" }, "openai/gpt-6.1-terra", 8192],
    [{}, "ollama/llama3.1", 4096],
    [{ OLLAMA_CONTEXT_LENGTH: "65536" }, "ollama/llama3.1", 65_536],
  ])("%j %s reads %i tokens", (env, name, window) => {
    expect(models({ ...ALL, ...env }).pick(name).contextWindow).toBe(window);
  });
});
