// What Heed's handler costs on top of BullMQ, how soon a person sees something, and how throughput grows with workers.
// Every figure that matters is a ratio of two runs of the same minute: `npm run bench:queue`, or `... -- handler` for the first.

import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { Queue, Worker, type Job } from "bullmq";
import { Redis } from "ioredis";
import type { Adapter } from "../src/core/platform.ts";
import { defineCommand, type Toolbox } from "../src/core/command.ts";
import type { Invocation } from "../src/core/invocation.ts";
import { readSettings } from "../src/runtime/config.ts";
import { createRuntime, createLog } from "../src/runtime/runtime.ts";
import { openQueue } from "../src/runtime/queue/open-queue.ts";
import { createHandler } from "../workers/handle.ts";
import { z } from "zod";

const CONCURRENCY = Number(process.env["BENCH_CONCURRENCY"] ?? 50);
const JOBS = Number(process.env["BENCH_JOBS"] ?? 8000);
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
/** A model that takes its time, for the runs that measure waiting: milliseconds. */
const THINKING_MS = 50;
const SEATS = 8;
const SAMPLE_MS = 4000;

const runtime = createRuntime(createLog("warn"));
const redis = await startRedis();

if (process.argv[2] === "worker") await work(redis.url, Number(process.argv[4]));
else {
  await compare();
  if (process.argv[2] !== "handler") await measureWaiting();
  await redis.close();
}

async function measureWaiting(): Promise<void> {
  const capacity = (SEATS * 1000) / THINKING_MS;
  for (const load of [0.02, 0.7]) await latency(load, capacity);
  const [one, two] = [await growth(1), await growth(2)];
  console.log(`two workers, ${SEATS} seats each, ${THINKING_MS} ms an answer: ${(two / one).toFixed(2)} times one`);
}

interface Run {
  /** Jobs a second. */
  rate: number;
  /** Microseconds of this process's CPU a job. */
  cpu: number;
}

/**
 * The three take turns on jobs that wait already, after one round that counts for nothing.
 * bare: takes a job, returns. durable: keeps a receipt with the job before it returns. heed: takes the next job by the
 * workspaces' rounds, reads its payload, finds and runs the command, folds two replies, shows two posts, keeps the
 * receipt in between, and returns the post. Bare and durable do one and two round trips a job; Heed does two.
 */
async function compare(): Promise<void> {
  const rounds: { bare: Run; durable: Run; heed: Run }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const runs = { bare: await bareRun(false), durable: await bareRun(true), heed: await heedRun() };
    if (round === 0) continue;
    rounds.push(runs);
    const words = Object.entries(runs).map(
      ([name, { rate, cpu }]) => `${name} ${rate.toFixed(0)}/s ${cpu.toFixed(0)} us`,
    );
    console.log(words.join("   "));
  }
  const median = (ratio: (runs: (typeof rounds)[number]) => number) => {
    const sorted = rounds.map(ratio).toSorted((a, b) => a - b);
    return sorted[Math.floor(ROUNDS / 2)]?.toFixed(2);
  };
  console.log(`jobs/s, Heed to bare BullMQ: ${median(({ heed, bare }) => heed.rate / bare.rate)} (goal 0.80)`);
  console.log(
    `jobs/s, Heed to BullMQ that keeps a receipt: ${median(({ heed, durable }) => heed.rate / durable.rate)}`,
  );
  console.log(`CPU a job, Heed to bare BullMQ: ${median(({ heed, bare }) => heed.cpu / bare.cpu)}`);
  console.log(
    `CPU a job, Heed to BullMQ that keeps a receipt: ${median(({ heed, durable }) => heed.cpu / durable.cpu)}`,
  );
}

async function timeJobs(finished: Promise<void>): Promise<Run> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  await finished;
  const { user, system } = process.cpuUsage(before);
  return { rate: (JOBS * 1000) / (performance.now() - startedAt), cpu: (user + system) / JOBS };
}

/** Instant model, instant platform: one status, one sentence, one fact. */
function createHouse(thinkingMs: number, onShow: (id: string) => void = () => {}) {
  const adapter: Adapter = {
    start: async () => {},
    close: async () => {},
    open: ({ channel }) => ({
      pace: 0,
      async show() {
        onShow(channel);
        return { message: channel };
      },
    }),
  };
  const ask = defineCommand({
    name: "ask",
    summary: { en: "", "zh-TW": "" },
    access: "everyone",
    audience: "everyone",
    args: z.object({ question: z.string() }),
    describe: { question: { en: "", "zh-TW": "" } },
    prose: "question",
    examples: [],
    async *run() {
      yield { type: "status", text: "Searching" };
      if (thinkingMs > 0) await runtime.sleep(thinkingMs);
      yield { type: "text", text: "An answer of one sentence [1]." };
    },
  });
  // No conversation came before: what memory keeps in Redis is not the queue's to measure.
  const records = { get: async () => undefined };
  const tools = { commands: [ask], runtime, records } as unknown as Toolbox;
  return createHandler(new Map([["bench", adapter]]), tools);
}

function question(workspace = "w"): Invocation {
  const id = randomUUID();
  return {
    id,
    command: "ask",
    input: { text: "What is attention?" },
    user: { id: "u", name: "Mei", isAdmin: false, isLocal: false },
    address: { platform: "bench", workspace, channel: id, privacy: "public", data: null },
    attachments: [],
    context: [],
    receivedAt: Date.now(),
  };
}

async function bareRun(keepsReceipt: boolean): Promise<Run> {
  await redis.flush();
  const connection = { url: redis.url, maxRetriesPerRequest: null };
  const queue = new Queue("bare", { connection });
  await inBatches(JOBS, (count) =>
    queue.addBulk(Array.from({ length: count }, () => ({ name: "ask", data: question() }))),
  );
  let done = 0;
  const finished = Promise.withResolvers<void>();
  const timed = timeJobs(finished.promise);
  const work = async (job: Job<object>) => {
    if (keepsReceipt) await job.updateData({ ...job.data, receipt: { message: job.id } });
    if (++done === JOBS) finished.resolve();
  };
  const worker = new Worker("bare", work, { connection, concurrency: CONCURRENCY });
  const run = await timed;
  await Promise.all([worker.close(), queue.close()]);
  return run;
}

async function heedRun(): Promise<Run> {
  await redis.flush();
  const queue = await openQueue(readSettings({ REDIS_URL: redis.url, HEED_QUEUE_LIMIT: String(JOBS * 2) }), runtime);
  await inBatches(JOBS, (count) => Promise.all(Array.from({ length: count }, () => queue.add(question()))));
  const handle = createHouse(0);
  let done = 0;
  const finished = Promise.withResolvers<void>();
  const timed = timeJobs(finished.promise);
  await queue.work(async (invocation, attempt) => {
    const post = await handle(invocation, attempt);
    if (++done === JOBS) finished.resolve();
    return post;
  }, CONCURRENCY);
  const run = await timed;
  await queue.close();
  return run;
}

/** From the question's arrival to the first thing shown, with questions coming at `load` of what the worker can do. */
async function latency(load: number, capacity: number): Promise<void> {
  await redis.flush();
  const queue = await openQueue(readSettings({ REDIS_URL: redis.url }), runtime);
  const asked = new Map<string, number>();
  const waits: number[] = [];
  const onShow = (id: string) => {
    const at = asked.get(id);
    if (at !== undefined) waits.push(performance.now() - at);
    asked.delete(id);
  };
  await queue.work(createHouse(THINKING_MS, onShow), SEATS);
  const end = performance.now() + SAMPLE_MS;
  while (performance.now() < end) {
    const invocation = question();
    asked.set(invocation.id, performance.now());
    void queue.add(invocation);
    // Questions arrive independently of each other.
    await runtime.sleep((-Math.log(1 - Math.random()) * 1000) / (capacity * load));
  }
  await queue.settle(10_000);
  const sorted = waits.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)]?.toFixed(1);
  console.log(
    `asked to first shown at ${load * 100} % load: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms (${waits.length} questions)`,
  );
  await queue.close();
}

/** Answers a second by so many worker processes. */
async function growth(workers: number): Promise<number> {
  await redis.flush();
  const jobs = workers * SEATS * 100;
  const queue = await openQueue(readSettings({ REDIS_URL: redis.url, HEED_QUEUE_LIMIT: String(jobs * 2) }), runtime);
  const children = await Promise.all(Array.from({ length: workers }, () => startWorker(redis.url)));
  await inBatches(jobs, (count) => Promise.all(Array.from({ length: count }, () => queue.add(question()))));
  const startedAt = performance.now();
  for (const { child } of children) child.send("go");
  await queue.settle(120_000);
  const rate = (jobs * 1000) / (performance.now() - startedAt);
  const memory = await Promise.all(children.map(({ child }) => end(child)));
  console.log(`${workers} worker(s): ${rate.toFixed(0)} answers/s, ${memory.join(" and ")} MiB`);
  await queue.close();
  return rate;
}

async function startWorker(url: string): Promise<{ child: ChildProcess }> {
  const child = spawn(process.execPath, [import.meta.filename, "worker", url, String(THINKING_MS)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await new Promise((resolve) => child.once("message", resolve));
  return { child };
}

function end(child: ChildProcess): Promise<unknown> {
  const memory = new Promise((resolve) => child.once("message", resolve));
  child.send("end");
  return memory;
}

async function work(url: string, thinkingMs: number): Promise<void> {
  const queue = await openQueue(readSettings({ REDIS_URL: url }), runtime);
  process.on("message", (word) => {
    if (word === "go") void queue.work(createHouse(thinkingMs), SEATS);
    else
      process.send?.(Math.round(process.memoryUsage.rss() / 2 ** 20), () => {
        process.exit();
      });
  });
  process.send?.("ready");
}

async function inBatches(total: number, add: (count: number) => Promise<unknown>): Promise<void> {
  for (let left = total; left > 0; left -= 500) await add(Math.min(500, left));
}

async function startRedis() {
  if (process.argv[2] === "worker") return { url: process.argv[3]!, flush: async () => {}, close: async () => {} };
  const port = 20_000 + (process.pid % 20_000);
  const options = [
    "--port",
    String(port),
    "--save",
    "",
    "--appendonly",
    "yes",
    "--dir",
    process.env["TMPDIR"] ?? "/tmp",
  ];
  const server = spawn("redis-server", options, { stdio: "ignore" });
  const client = new Redis(port, { retryStrategy: () => 50 });
  client.on("error", () => {});
  await client.ping();
  return {
    url: `redis://127.0.0.1:${port}`,
    flush: async () => void (await client.flushall()),
    async close() {
      await client.shutdown("NOSAVE").catch(() => {});
      client.disconnect();
      server.kill();
    },
  };
}
