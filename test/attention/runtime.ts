// A world for the attention tests: real time, no network, and a log that keeps quiet.

import { setTimeout } from "node:timers/promises";
import type { Runtime } from "../../src/core/runtime.ts";

const silent = () => undefined;

export const runtime: Runtime = {
  fetch: () => Promise.reject(new Error("no network in tests")),
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await setTimeout(ms, undefined, { ...(signal ? { signal } : {}), ref: false }).catch((error: unknown) => {
      throw signal?.aborted ? signal.reason : error;
    });
  },
  log: { debug: silent, info: silent, warn: silent, error: silent },
  console: { input: process.stdin, output: process.stdout, errors: process.stderr, args: [] },
};
