// Heed on the stand-in Discord: a listener and a worker that share nothing but the queue, the records and the environment.

import { discord as platform } from "../../../adapters/discord/index.ts";
import { createHandler } from "../../../workers/handle.ts";
import type { Command, Toolbox } from "../../../src/core/command.ts";
import { readEnv } from "../../../src/core/environment.ts";
import type { Adapter, Dispatcher } from "../../../src/core/platform.ts";
import type { Env, Runtime } from "../../../src/core/runtime.ts";
import { createMemoryQueue, type MemoryQueue } from "../memory-queue.ts";
import { createMemoryRecords } from "../memory-records.ts";
import { createTestRuntime, type TestRuntime } from "../test-runtime.ts";
import { FakeDiscord } from "./server.ts";
import { TOKEN } from "./state.ts";

export { eventually } from "../wait.ts";

export interface Rig {
  discord: FakeDiscord;
  queue: MemoryQueue;
  records: ReturnType<typeof createMemoryRecords>;
  runtime: TestRuntime;
  listener: Adapter;
  worker: Adapter;
  /** Moves the clock that both sides look at; nobody sleeps longer for it. */
  advance(ms: number): void;
  close(): Promise<void>;
}

export interface RigParts {
  tools: Toolbox;
  commands?: readonly Command[];
  env?: Env;
  suggest?: Dispatcher["suggest"];
  /** Whether the worker begins at once. */
  works?: boolean;
  before?: (discord: FakeDiscord) => void;
}

export async function createRig({
  tools,
  commands = tools.commands,
  env = {},
  suggest,
  works = true,
  before,
}: RigParts): Promise<Rig> {
  const discord = await FakeDiscord.start();
  before?.(discord);
  const networked = createNetworkedWorld();
  const { runtime } = networked;
  const records = createMemoryRecords();
  const queue = createMemoryQueue();
  const values = readEnv(platform.env, { DISCORD_TOKEN: TOKEN, DISCORD_API_URL: discord.url, ...env });
  if (!values) throw new Error("the platform is not configured");
  const [listener, worker] = [platform.create(values, runtime, records), platform.create(values, runtime, records)];
  const dispatcher: Dispatcher = {
    enqueue: (invocation) => queue.add(invocation),
    stop: (id) => queue.stop(id),
    recall: (id) => queue.recall(id),
    commands,
    ...(suggest && { suggest }),
  };
  const toolbox = { ...tools, commands, runtime, records };
  if (works) await queue.work(createHandler(new Map([["discord", worker]]), toolbox, undefined, queue), 8);
  const close = async () => {
    await queue.close();
    // What still runs says its last words while there is a Discord to hear them.
    const enough = new AbortController();
    await Promise.race([queue.settle(), realSleep(3000, enough.signal).catch(() => {})]);
    enough.abort();
    await listener.close();
    await worker.close();
    await discord.close();
  };
  try {
    await listener.start(dispatcher);
  } catch (error) {
    await close();
    throw error;
  }
  return { discord, queue, records, runtime, listener, worker, advance: (ms) => networked.advance(ms), close };
}

/** The real network and real pauses, with a clock that can be moved. */
export function createNetworkedWorld(): { runtime: TestRuntime; advance(ms: number): void } {
  let ahead = 0;
  const still = createTestRuntime();
  const runtime: TestRuntime = {
    ...still,
    now: () => Date.now() + ahead,
    fetch: (input, init) => globalThis.fetch(input, init),
    sleep: realSleep,
  };
  return { runtime, advance: (ms) => void (ahead += ms) };
}

const realSleep: Runtime["sleep"] = (ms, signal) =>
  new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    if (signal?.aborted) return reject(signal.reason as Error);
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
