// The real outside: the network, the clock, the terminal of this process.

import { setTimeout as delay } from "node:timers/promises";
import type { Console, Log, World } from "../core/world.ts";

export function createWorld(log: Log): World {
  return {
    fetch: (input, init) => globalThis.fetch(input, init),
    now: () => Date.now(),
    sleep,
    log,
    console: processConsole(),
  };
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    throw signal?.reason ?? error;
  }
}

function processConsole(): Console {
  return { input: process.stdin, output: process.stdout, errors: process.stderr, args: process.argv.slice(2) };
}
