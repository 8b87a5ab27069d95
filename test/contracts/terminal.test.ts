// The terminal under the contract of typed lines: words behind the program's name, lines of a pipe, a prompt.

import { describe } from "@jest/globals";
import type { PassThrough } from "node:stream";
import { terminal } from "../../adapters/terminal/index.ts";
import { commands } from "../../src/commands/index.ts";
import type { Invocation } from "../../src/core/invocation.ts";
import { emptyPost, finish } from "../../src/core/post.ts";
import { createTestRuntime } from "../fakes/test-runtime.ts";
import { describeTyped, type TypedRig } from "./typed.ts";
import { PATIENCE_MS } from "../fakes/wait.ts";

describe("the terminal", () => {
  describeTyped(["words", "a pipe", "a prompt"], open);
});

async function open(): Promise<TypedRig> {
  const words = (line: string) => heard({ args: line.split(" ") }, (input) => input.end());
  const pipe = (line: string) => heard({}, (input) => input.end(`${line}\n`));
  // As a terminal marks what is pasted, so that its lines stay together.
  const prompt = (line: string) =>
    heard({ isTTY: true }, (input) => void input.write(`\u001B[200~${line.replaceAll("\n", "\r")}\u001B[201~\r`));
  return {
    ways: {
      words: { isShared: false, type: words },
      "a pipe": { isShared: false, takesLines: false, type: pipe },
      "a prompt": { isShared: false, type: prompt },
    },
    close: async () => {},
  };
}

/** The first thing asked in a terminal of its own. */
async function heard(
  console: { args?: readonly string[]; isTTY?: boolean },
  type: (input: PassThrough) => void,
): Promise<Invocation> {
  const runtime = createTestRuntime(console);
  const input = runtime.console.input as PassThrough & { isTTY?: boolean };
  if (console.isTTY) input.isTTY = true;
  const adapter = terminal.create({ HEED_DATA_DIR: "/dev/null", LANG: "en_US.UTF-8" }, runtime, undefined as never);
  const { promise, resolve, reject } = Promise.withResolvers<Invocation>();
  void adapter.ended?.then(() => reject(new Error("nothing was asked")));
  await adapter.start({
    async enqueue(invocation) {
      resolve(invocation);
      await adapter.open(invocation.address).show(finish(emptyPost("en")), AbortSignal.timeout(PATIENCE_MS));
    },
    stop: async () => {},
    recall: async () => undefined,
    commands,
  });
  type(input);
  const invocation = await promise;
  input.end();
  await adapter.close();
  return invocation;
}
