import { describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { readEnv } from "../../src/core/environment.ts";
import { readSettings, requireSharedQueue } from "../../src/world/config.ts";
import { failureOf } from "../fakes/failure-of.ts";

describe("settings", () => {
  test("have a default each, and empty or blank means unset", () => {
    expect(readSettings({})).toMatchObject({ HEED_DATA_DIR: ".heed", HEED_CONCURRENCY: 8, LOG_LEVEL: "info" });
    expect(readSettings({ HEED_CONCURRENCY: "", REDIS_URL: "  " })).toEqual(readSettings({}));
    expect(readSettings({ HEED_CONCURRENCY: " 3 " }).HEED_CONCURRENCY).toBe(3);
    expect(readSettings({ HEED_LANES: "documents" }).HEED_LANES).toEqual(["documents"]);
    expect(readSettings({ HEED_PROVIDER_LIMITS: "ollama=1, openai=20" }).HEED_PROVIDER_LIMITS).toEqual({
      ollama: 1,
      openai: 20,
    });
  });

  test.each([
    ["HEED_CONCURRENCY", "zero"],
    ["HEED_CONCURRENCY", "0"],
    ["HEED_CONCURRENCY", "1.5"],
    ["HEED_LANES", "questions,answers"],
    ["HEED_PROVIDER_LIMITS", "ollama"],
    ["HEED_OPS_PORT", "70000"],
    ["HEED_DASHBOARD_PASSWORD", "short"],
    ["LOG_LEVEL", "loud"],
    ["REDIS_URL", "localhost"],
    ["REDIS_URL", "http://localhost"],
    ["REDIS_CLUSTER", "perhaps"],
  ])("%s=%s is refused by name, with the mend", (name, value) => {
    const { code, phrase } = failureOf(() => readSettings({ [name]: value }));
    expect(code).toBe("misconfigured");
    expect(phrase.en).toMatch(new RegExp(`^${name} is wrong: .* It is: .*\\.env`));
    expect(phrase["zh-TW"]).toMatch(new RegExp(`^環境變數 ${name} 的值不對`));
  });

  test("processes apart are refused without a queue to share", () => {
    expect(failureOf(() => requireSharedQueue(readSettings({}))).phrase.en).toMatch(/set REDIS_URL/);
    requireSharedQueue(readSettings({ REDIS_URL: "redis://localhost" }));
  });
});

describe("a room's variables", () => {
  const schema = z.object({ KEY: z.string().describe("The key"), PORT: z.coerce.number().optional() });
  test("an unset required one means not configured, whatever else is set", () => {
    expect(readEnv(schema, {})).toBeUndefined();
    expect(readEnv(schema, { KEY: " ", PORT: "80" })).toBeUndefined();
    expect(readEnv(schema, { KEY: " k ", PORT: "80", OTHER: "x" })).toEqual({ KEY: "k", PORT: 80 });
  });
  test("a wrong one is named even where the required one is unset", () => {
    expect(failureOf(() => readEnv(schema, { PORT: "x" })).phrase.en).toMatch(/^PORT is wrong/);
  });
});
