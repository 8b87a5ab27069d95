import { expect, test } from "@jest/globals";
import { createRuntime } from "../../src/runtime/runtime.ts";
import { createTestRuntime } from "../fakes/test-runtime.ts";

const runtime = createRuntime(createTestRuntime().log);

test("sleep ends when its time has come, and throws the very reason that it is aborted with", async () => {
  await runtime.sleep(1);
  const stopping = new AbortController();
  const reason = new Error("stop");
  const sleeping = runtime.sleep(60_000, stopping.signal);
  stopping.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  await expect(runtime.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
});

test("the clock counts milliseconds since 1970", () => {
  expect(Math.abs(runtime.now() - Date.now())).toBeLessThan(1000);
});
