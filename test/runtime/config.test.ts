import { describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { readEnv } from "../../src/core/environment.ts";
import { readSettings, requireSharedQueue } from "../../src/runtime/config.ts";
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
    ["HEED_CONCURRENCY", "zero", "it must be a number", "要填數字"],
    ["HEED_CONCURRENCY", "0", "it must be at least 1", "至少是 1"],
    ["HEED_CONCURRENCY", "1.5", "it must be a whole number", "要填整數"],
    [
      "HEED_LANES",
      "questions,answers",
      "it must be one of questions, documents",
      "只能是 questions、documents 其中之一",
    ],
    ["HEED_PROVIDER_LIMITS", "ollama", "it must be a number", "要填數字"],
    ["HEED_OPS_PORT", "70000", "it must be at most 65535", "最多是 65535"],
    ["HEED_DASHBOARD_PASSWORD", "short", "it must have at least 8 characters", "至少要有 8 個字元"],
    ["LOG_LEVEL", "loud", "it must be one of debug, info", "只能是 debug、info"],
    ["REDIS_URL", "localhost", "it must be a whole address", "要填完整的網址"],
    ["REDIS_URL", "http://localhost", "it must be a whole address", "要填完整的網址"],
    ["REDIS_CLUSTER", "perhaps", "it must be true or false", "只能是 true 或 false"],
    ["QDRANT_COLLECTION", "a b", "Invalid string", "格式不符，請對照 .env.example"],
  ])("%s=%s is refused by name, with the fix, in both languages", (name, value, problem, inChinese) => {
    const { code, phrase } = failureOf(() => readSettings({ [name]: value }));
    expect(code).toBe("misconfigured");
    expect(phrase.en.startsWith(`${name} is wrong: ${problem}`)).toBe(true);
    expect(phrase.en).toMatch(/ It is: .*\.env/);
    expect(phrase["zh-TW"].startsWith(`環境變數 ${name} 的值不對：${inChinese}`)).toBe(true);
    expect(phrase["zh-TW"]).toMatch(/請在環境變數或 \.env 裡改正/);
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
