// Whether a job is tried again by itself: decided by what the error is, how often it came, and how long its vendor wants to be left alone.

import { describe, expect, test } from "@jest/globals";
import { BotError, mayTryAgain, type ErrorCode } from "../../src/core/errors.ts";

const phrase = { en: "", "zh-TW": "" };
const error = (code: ErrorCode, retryAfterMs?: number) => new BotError(code, phrase, { retryAfterMs });

describe("mayTryAgain", () => {
  const passing: readonly ErrorCode[] = ["rate-limited", "overloaded", "connection-lost", "unavailable"];
  test.each(passing)("%s may pass, however often it came", (code) => {
    for (const attempt of [1, 2, 4]) expect(mayTryAgain(error(code), attempt)).toBe(true);
  });

  const staying: readonly ErrorCode[] = [
    "refused",
    "filtered",
    "empty",
    "limit-spent",
    "thoughts-only",
    "tool-calls",
    "context-too-long",
    "bad-key",
    "no-such-model",
    "misconfigured",
    "usage",
  ];
  test.each(staying)("%s stays so", (code) => {
    expect(mayTryAgain(error(code), 1)).toBe(false);
  });

  test("a wait to the end of a limit is borne twice", () => {
    expect([1, 2, 3].map((attempt) => mayTryAgain(error("timeout"), attempt))).toEqual([true, false, false]);
  });

  test("a vendor is left alone for as long as it asks, unless that is too long for a person", () => {
    expect([90_000, 300_000, 300_001].map((ms) => mayTryAgain(error("rate-limited", ms), 1))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("a defect is not repeated", () => {
    expect(mayTryAgain(new TypeError("x is not a function"), 1)).toBe(false);
  });
});
