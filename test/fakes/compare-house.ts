// A comparison as a team lives it: a listener and workers as processes of their own, over Redis, with four vendors on loopback.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProcess, until, type HeedProcess } from "../journeys/heed-process.ts";
import { anthropicWire, mistralWire, ollamaWire, openaiWire, type WireDialect } from "./dialects.ts";
import { RedisServer } from "./redis-server.ts";
import { startVendor, type Step, type VendorServer } from "./vendor.ts";

const WIRES = [openaiWire, anthropicWire, mistralWire, ollamaWire];
/** What would give a model away, in whatever is sent to a chat. */
export const NAMES = /openai|gpt|terra|anthropic|claude|sonnet|mistral|ollama|llama/i;

/** A process that loads the primer may take a while on a busy machine. */
export interface CompareHouse extends AsyncDisposable {
  env: Record<string, string>;
  vendors: ReadonlyMap<string, VendorServer>;
  /** Lets a vendor say this, with pauses and faults among the words. */
  play(provider: string, ...steps: readonly (string | Exclude<Step, string | Uint8Array>)[]): void;
  listen(): Promise<HeedProcess>;
  hire(): Promise<HeedProcess>;
  /** How often each vendor was asked. */
  asked(): Record<string, number>;
}

/** `platform` are the variables of the chat that it serves. */
export async function buildCompareHouse(platform: Record<string, string>): Promise<CompareHouse> {
  const [redis, ...servers] = await Promise.all([RedisServer.start(), ...WIRES.map(() => startVendor())]);
  const folder = mkdtempSync(join(tmpdir(), "heed-compare-house-"));
  const vendors = new Map(WIRES.map(({ provider }, i) => [provider, servers[i]!]));
  const env: Record<string, string> = { REDIS_URL: redis.url, LOG_LEVEL: "info", HEED_DATA_DIR: folder, ...platform };
  for (const [i, wire] of WIRES.entries()) Object.assign(env, wire.env(servers[i]!.url), modelOf(wire));
  const running: HeedProcess[] = [];
  const start = async (entry: string, sign: string, folderOf = folder) => {
    const process = startProcess(entry, { ...env, HEED_DATA_DIR: folderOf }, []);
    running.push(process);
    await until(() => process.errors().includes(sign) || process.child.exitCode !== null);
    if (process.child.exitCode !== null) throw new Error(`${entry} ended: ${process.errors()}`);
    return process;
  };
  return {
    env,
    vendors,
    play(provider, ...steps) {
      const wire = WIRES.find((each) => each.provider === provider)!;
      const said = steps.map((step) => (typeof step === "string" ? wire.say(step) : step));
      const end = wire.end("end", { input: 1000, output: 200 });
      vendors.get(provider)!.play({ steps: [wire.begin, ...said, end] });
    },
    listen: () => start("adapters/main.ts", '"listening"'),
    hire: () => start("workers/main.ts", '"working"', join(folder, String(running.length))),
    asked: () => Object.fromEntries([...vendors].map(([provider, { seen }]) => [provider, asks(seen)])),
    async [Symbol.asyncDispose]() {
      for (const { child } of running) child.kill("SIGKILL");
      await Promise.all(running.map(({ ended }) => ended));
      await Promise.all([redis.end(), ...servers.map((server) => server[Symbol.asyncDispose]())]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function modelOf({ provider, id }: WireDialect): Record<string, string> {
  return { [`${provider.toUpperCase()}_MODEL`]: id };
}

/** Answers only, not the lists of models. */
function asks(seen: VendorServer["seen"]): number {
  return seen.filter(({ path }) => !/models/.test(path)).length;
}
