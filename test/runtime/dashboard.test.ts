// The password in front of the dashboard: guessing is slow, seen in the log, and locks out nobody but who guesses.

import type { IncomingMessage, ServerResponse } from "node:http";
import { beforeEach, expect, test } from "@jest/globals";
import { guard, say, type Page } from "../../src/runtime/dashboard.ts";
import { createTestRuntime, type TestRuntime } from "../fakes/test-runtime.ts";

const MOST_WRONG_AT_ONCE = 8;

let runtime: TestRuntime;
let dispatcher: Page;
/** Ends the waits of those that gave a wrong password. */
let waits: (() => void)[];
beforeEach(() => {
  waits = [];
  runtime = { ...createTestRuntime(), sleep: () => new Promise((resolve) => waits.push(resolve)) };
  dispatcher = guard((_, response) => say(response, 200, "the queues"), "correct horse", runtime);
});

function knock(password?: string, remoteAddress = "10.0.0.1"): Promise<number> {
  const authorization = password === undefined ? undefined : `Basic ${btoa(`anyone:${password}`)}`;
  return new Promise((resolve) => {
    const request = { method: "GET", headers: { authorization }, socket: { remoteAddress } };
    const response = {
      setHeader() {},
      writeHead(status: number) {
        resolve(status);
        return { end() {} };
      },
    };
    void dispatcher(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  });
}

test("who gives no password is asked for one at once, and the right one is let in at once", async () => {
  expect(await knock()).toBe(401);
  expect(await knock("correct horse")).toBe(200);
  expect(waits).toEqual([]);
  expect(runtime.events).toEqual([]);
});

test("a wrong password waits for its answer, and is in the log once, however many come", async () => {
  const answers = [knock("wrong"), knock("wrong"), knock("")];
  expect(waits).toHaveLength(3);
  expect(await Promise.race([...answers, Promise.resolve("waits")])).toBe("waits");
  waits.forEach((end) => end());
  expect(await Promise.all(answers)).toEqual([401, 401, 401]);
  expect(runtime.events).toEqual([
    { level: "warn", event: "wrong password for the dashboard", fields: { from: "10.0.0.1", times: 1 } },
  ]);
});

test("while many wait, the address they come from is refused unread, and another is not", async () => {
  const answers = Array.from({ length: MOST_WRONG_AT_ONCE }, () => knock("wrong"));
  expect(await knock("correct horse")).toBe(429);
  expect(await knock("correct horse", "10.0.0.2")).toBe(200);
  waits.forEach((end) => end());
  expect(new Set(await Promise.all(answers))).toEqual(new Set([401]));
  expect(await knock("correct horse")).toBe(200);
});
