import { expect, test } from "@jest/globals";
import { createWorld } from "../../src/world/create-world.ts";
import { createTestWorld } from "../fakes/test-world.ts";

const world = createWorld(createTestWorld().log);

test("sleep ends when its time has come, and throws the very reason that it is aborted with", async () => {
  await world.sleep(1);
  const stopping = new AbortController();
  const reason = new Error("stop");
  const sleeping = world.sleep(60_000, stopping.signal);
  stopping.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  await expect(world.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
});

test("the clock counts milliseconds since 1970", () => {
  expect(Math.abs(world.now() - Date.now())).toBeLessThan(1000);
});
