// A world for tests: a clock that moves when someone sleeps, a log that remembers, a terminal made of strings.

import { PassThrough } from "node:stream";
import type { Fields, Runtime } from "../../src/core/runtime.ts";

export interface TestRuntime extends Runtime {
  /** Everything logged so far. */
  readonly events: readonly { level: string; event: string; fields: Fields }[];
  /** What was written to standard output and standard error. */
  output(): string;
  errors(): string;
}

export function createTestRuntime({ args = [] as readonly string[], isTTY = false } = {}): TestRuntime {
  const events: { level: string; event: string; fields: Fields }[] = [];
  const write =
    (level: string) =>
    (event: string, fields: Fields = {}) =>
      void events.push({ level, event, fields });
  const [output, errors] = [collector(isTTY), collector(isTTY)];
  let clock = 1_800_000_000_000;
  return {
    events,
    now: () => clock,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      clock += ms;
    },
    fetch: () => Promise.reject(new Error("this test has no network")),
    log: { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") },
    console: { input: new PassThrough(), output: output.stream, errors: errors.stream, args },
    output: output.text,
    errors: errors.text,
  };
}

function collector(isTTY: boolean) {
  const chunks: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  stream.on("data", (chunk: Buffer) => chunks.push(chunk.toString("utf8")));
  return { stream, text: () => chunks.join("") };
}
