// Where BullMQ keeps its jobs. Two answers, one shape; everything above is the same code on both.

import type { Job, Queue, Worker } from "bullmq";
import { isRetryable } from "../core/errors.ts";
import type { Log } from "../core/world.ts";

type Process<Payload, Result> = (job: Job<Payload, Result>, signal: AbortSignal) => Promise<Result>;

export interface WorkerLimits {
  concurrency: number;
  backoff: (attempts: number, error: unknown) => number;
}

export interface Backend {
  createQueue<Payload, Result>(name: string): Promise<Queue<Payload, Result>>;
  createWorker<Payload, Result>(
    name: string,
    process: Process<Payload, Result>,
    limits: WorkerLimits,
  ): Promise<Worker<Payload, Result>>;
  close(): Promise<void>;
}

/** How long a worker's claim on a job lasts without renewal, and how often abandoned ones are looked for. */
const LOCK_MS = 30_000;
const STALLED_CHECK_MS = 15_000;
const MOST_STALLS = 5;

export async function openBackend(redisUrl: string | undefined, folder: string, log: Log): Promise<Backend> {
  return redisUrl ? openRedis(redisUrl, log) : openEmbedded(folder);
}

async function openRedis(url: string, log: Log): Promise<Backend> {
  const { Redis } = await import("ioredis");
  const open = (maxRetriesPerRequest: number | null) => {
    const redis = new Redis(url, { maxRetriesPerRequest, enableOfflineQueue: maxRetriesPerRequest === null });
    redis.on("error", (error) => log.error("redis", { error }));
    return redis;
  };
  // A worker waits for Redis as long as it takes; a listener must tell the person at once that it is away.
  const [adding, working] = [open(1), open(null)];
  return create({ connection: adding }, { connection: working }, async () => {
    adding.disconnect();
    working.disconnect();
  });
}

async function openEmbedded(folder: string): Promise<Backend> {
  const [{ createPostgresBackend, runMigrations }, { openPostgres, EmbeddedPool }] = await Promise.all([
    import("bullmq"),
    import("./embedded-postgres.ts"),
  ]);
  const postgres = await openPostgres(folder);
  const pool = new EmbeddedPool(postgres);
  await pool.query("SET search_path TO bullmq, public");
  await runMigrations(pool);
  // The folder's claim is ours alone, so a job that is marked as running was left by a process that died.
  await pool.query(
    "UPDATE job SET state = 'waiting', lock_token = NULL, locked_until_ms = NULL, stalled_marked = false WHERE state = 'active'",
  );
  return create({ connection: pool }, { connection: pool }, () => postgres.close(), createPostgresBackend);
}

/** The one place where BullMQ's two backends, whose types differ, meet. */
function create(
  adding: { connection: unknown },
  working: { connection: unknown },
  close: () => Promise<void>,
  backendFactory?: unknown,
): Backend {
  return {
    async createQueue<Payload, Result>(name: string) {
      const bullmq = await import("bullmq");
      const queue = Reflect.construct(bullmq.Queue, [name, adding, backendFactory]) as Queue<Payload, Result>;
      await queue.waitUntilReady();
      return queue;
    },
    async createWorker<Payload, Result>(
      name: string,
      run: Process<Payload, Result>,
      { concurrency, backoff }: WorkerLimits,
    ) {
      const bullmq = await import("bullmq");
      const process = (job: Job<Payload, Result>, _token?: string, signal?: AbortSignal) =>
        run(job, signal ?? new AbortController().signal).catch((error: unknown) => {
          // Repeating what cannot succeed later would only answer late.
          throw isRetryable(error) ? error : new bullmq.UnrecoverableError(String(error));
        });
      const options = {
        ...working,
        concurrency,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_CHECK_MS,
        maxStalledCount: MOST_STALLS,
        settings: { backoffStrategy: (attempts: number, _type?: string, error?: Error) => backoff(attempts, error) },
      };
      const worker = Reflect.construct(bullmq.Worker, [name, process, options, backendFactory]) as Worker<
        Payload,
        Result
      >;
      await worker.waitUntilReady();
      return worker;
    },
    close,
  };
}
