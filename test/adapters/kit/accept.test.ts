// A question on its way into the queue: what the asker hears, and when.

import { beforeEach, expect, test } from "@jest/globals";
import { accept } from "../../../adapters/kit/accept.ts";
import { BotError } from "../../../src/core/errors.ts";
import type { Invocation } from "../../../src/core/invocation.ts";
import { createTestRuntime } from "../../fakes/test-runtime.ts";

const invocation = { id: "1", address: { platform: "test" } } as Invocation;
const down = new BotError("unavailable", { en: "No queue.", "zh-TW": "沒有佇列。" });

let heard: string[];
beforeEach(() => void (heard = []));

const tell = (enqueue: () => Promise<void>, isPatient: boolean) => {
  const never = () => new Promise<void>(() => {});
  const runtime = { ...createTestRuntime(), sleep: isPatient ? never : async () => {} };
  return accept(
    invocation,
    2000,
    { dispatcher: { enqueue }, runtime },
    {
      taken: async (isSlow) => void heard.push(`taken, slow ${isSlow}`),
      slow: async () => void heard.push("slow"),
      refused: async ({ en }, isSlow) => void heard.push(`refused ${en} slow ${isSlow}`),
    },
  );
};
/** A queue that answers once "slow" was said. */
const late = (outcome: () => void) => async () => {
  while (heard.length === 0) await new Promise((resolve) => setImmediate(resolve));
  outcome();
};
const fails = () => {
  throw down;
};

test("a queue in time is heard of once", async () => {
  await tell(async () => {}, true);
  await tell(async () => fails(), true);
  expect(heard).toEqual(["taken, slow false", "refused No queue. slow false"]);
});

test("a slow queue is said to be slow, and what comes of it after that", async () => {
  await tell(
    late(() => {}),
    false,
  );
  expect(heard.splice(0)).toEqual(["slow", "taken, slow true"]);
  await tell(late(fails), false);
  expect(heard).toEqual(["slow", "refused No queue. slow true"]);
});

test("a defect is explained, not shown", async () => {
  await tell(async () => Promise.reject(new TypeError("x is undefined")), true);
  expect(heard[0]).toMatch(/^refused /);
  expect(heard[0]).not.toContain("undefined");
});
