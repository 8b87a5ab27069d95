// How long a person on Discord waits: from the interaction to the defer, and to the first visible edit, with busy workers.
// `node bench/discord.ts`: real discord.js on both sides of the real queue, against the stand-in Discord on this machine.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { discord as platform } from "../adapters/discord/index.ts";
import { listen } from "../adapters/main.ts";
import { readEnv } from "../src/core/environment.ts";
import { readSettings } from "../src/runtime/config.ts";
import { createRuntime, createLog } from "../src/runtime/runtime.ts";
import { openQueue } from "../src/runtime/queue/open-queue.ts";
import { openRecords } from "../src/runtime/records.ts";
import { scriptedAsk, text, toolsFor } from "../test/fakes/discord/commands.ts";
import { FakeDiscord } from "../test/fakes/discord/server.ts";
import { TOKEN, type FakeInteraction } from "../test/fakes/discord/state.ts";
import { createHandler } from "../workers/handle.ts";

const RATES = [10, 50];
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 10);
/** An answer takes this long, most of it waiting for a model: milliseconds. */
const THINKING_MS = 600;
/** At 50 a second and 600 ms each, half of the seats are taken at any time. */
const SEATS = Number(process.env["BENCH_SEATS"] ?? 60);

const [role, redisUrl = "", apiUrl = ""] = process.argv.slice(2);
const runtime = createRuntime(createLog("error"));
await (role === "worker" ? work() : measure());

async function work(): Promise<void> {
  const { adapter, queue, records } = await open(redisUrl, apiUrl);
  const ask = scriptedAsk(async function* ({ tools, signal }) {
    yield { type: "status", text: "Reading 6 passages from 3 documents" };
    await tools.runtime.sleep(THINKING_MS, signal);
    yield text("An answer of a few words [1].");
  });
  const tools = { ...toolsFor(ask), runtime, records };
  await queue.work(createHandler(new Map([["discord", adapter]]), tools), SEATS);
  process.send?.("ready");
}

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "heed-bench-"));
  const redis = await startRedis(folder);
  const discord = await FakeDiscord.start();
  // Real Discord's own limit for one message's edits.
  discord.rest.editsPerFiveSeconds = 5;
  const { adapter, queue, records } = await open(redis.url, discord.url);
  await listen(new Map([["discord", adapter]]), queue, records);
  const worker = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", import.meta.filename, "worker", redis.url, discord.url],
    {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    },
  );
  await new Promise((resolve) => worker.once("message", resolve));
  await run(discord, 10, 2);
  for (const rate of RATES) {
    const asked = await run(discord, rate, SECONDS);
    const [defer, edit] = [
      asked.map(({ at, answeredAt }) => since(at, answeredAt)),
      asked.map(({ at, firstEditAt }) => since(at, firstEditAt)),
    ];
    console.log(
      `${rate}/s for ${SECONDS} s, ${asked.length} asked: defer ${percentiles(defer)}   first visible edit ${percentiles(edit)}`,
    );
  }
  worker.kill("SIGKILL");
  await adapter.close();
  await discord.close();
  redis.child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}

/** Evenly spread; resolves when each has been answered or ten seconds have gone by. */
async function run(discord: FakeDiscord, rate: number, seconds: number): Promise<(FakeInteraction & { at: number })[]> {
  const asked: (FakeInteraction & { at: number })[] = [];
  const begin = performance.now();
  for (let i = 0; i < rate * seconds; i++) {
    const wait = begin + (i * 1000) / rate - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    asked.push(
      discord.slash("/ask", { question: `question ${i}` }, { user: String(400_000_000_000_000_000n + BigInt(i)) }),
    );
  }
  const until = performance.now() + 10_000;
  while (asked.some(({ firstEditAt }) => firstEditAt === undefined) && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return asked;
}

/** The interaction's time is a date, the stand-in's own times count from the start of the process. */
function since(at: number, then: number | undefined): number {
  return then === undefined ? Number.POSITIVE_INFINITY : then + performance.timeOrigin - at;
}

function percentiles(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

async function open(redis: string, api: string) {
  const settings = readSettings({ REDIS_URL: redis });
  const records = await openRecords(settings, runtime);
  const env = readEnv(platform.env, { DISCORD_TOKEN: TOKEN, DISCORD_API_URL: api });
  if (!env) throw new Error("the platform is not configured");
  return { adapter: platform.create(env, runtime, records), queue: await openQueue(settings, runtime), records };
}

/** A Redis of its own, on a free port, that keeps nothing. */
async function startRedis(folder: string) {
  const port = await freePort();
  const child = spawn(
    "redis-server",
    [
      "--port",
      String(port),
      "--bind",
      "127.0.0.1",
      "--save",
      "",
      "--appendonly",
      "no",
      "--dir",
      folder,
      "--maxmemory-policy",
      "noeviction",
    ],
    {
      stdio: "ignore",
    },
  );
  child.on("error", (error) => {
    console.error(`This measurement needs redis-server: ${error.message}`);
    process.exit(1);
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  return { child, url: `redis://127.0.0.1:${port}` };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
