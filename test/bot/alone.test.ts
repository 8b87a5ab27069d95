// Work for one at a time: the second waits, a failure lets the next one in, and who gives up leaves the line.

import { expect, test } from "@jest/globals";
import { createExclusive } from "../../src/bot/app.ts";
import { readSettings } from "../../src/runtime/config.ts";
import { openSemaphore } from "../../src/runtime/semaphore.ts";
import { liveRuntime } from "../fakes/vendor.ts";

const signal = new AbortController().signal;
const openAlone = async () => createExclusive(await openSemaphore(readSettings({}), liveRuntime(20)));
const tick = () => new Promise((resolve) => setTimeout(resolve, 30));

test("never two at once, under one name", async () => {
  const alone = await openAlone();
  let [within, most] = [0, 0];
  const work = async () => {
    most = Math.max(most, ++within);
    await tick();
    within--;
    return "done";
  };
  const all = await Promise.all([1, 2, 3].map(() => alone("renew", work, signal)));
  expect(all).toEqual(["done", "done", "done"]);
  expect(most).toBe(1);
  expect(await Promise.all([alone("renew", tick, signal), alone("other", work, signal)])).toHaveLength(2);
});

test("a failure is told and lets the next one in; whoever gives up while waiting never begins", async () => {
  const alone = await openAlone();
  await expect(alone("renew", () => Promise.reject(new Error("broken")), signal)).rejects.toThrow("broken");
  const first = alone("renew", tick, signal);
  const leaving = new AbortController();
  let begun = false;
  const second = alone("renew", async () => void (begun = true), leaving.signal);
  leaving.abort();
  await expect(second).rejects.toThrow(/abort/i);
  await first;
  expect(begun).toBe(false);
  expect(await alone("renew", async () => "next", signal)).toBe("next");
});
