// Defines where BullMQ keeps its jobs: one interface over Redis and over PostgreSQL.

import type { Job, Queue, Worker } from "bullmq";
import type { Payload } from "./payload.ts";
import type { Log } from "../../core/runtime.ts";
import type { FairSchedule } from "./fair-schedule.ts";
import type { Post } from "../../core/post.ts";

/** What a job leaves: its post, unless the payload already holds it. */
export type Result = Post | null;
export type Jobs = Queue<Payload, Result>;
export type QueuedJob = Job<Payload, Result>;
export type Process = (job: QueuedJob, token: string) => Promise<Result>;

/** In milliseconds: how long a worker's claim on a job lasts, how often it is renewed and abandoned ones are looked for. */
export interface Timings {
  claim: number;
  renewal: number;
  check: number;
}

/**
 * A claim outlasts a Redis that is away for half a minute (40 - 8 = 32 s), and a killed worker's jobs
 * are on their way again 45 s later at the latest.
 */
export const TIMINGS: Timings = { claim: 40_000, renewal: 8000, check: 5000 };

export interface WorkerOptions {
  concurrency: number;
  timings: Timings;
  /** How long to wait before the next try, in milliseconds. */
  backoff: (attempts: number, error: unknown) => number;
}

export interface Backend {
  openJobs(name: string): Promise<Jobs>;
  openWorker(name: string, process: Process, options: WorkerOptions): Promise<Worker<Payload, Result>>;
  schedule(jobs: Jobs): FairSchedule;
  /** Tells every process that this job is to be stopped. */
  publishStop(id: string): Promise<void>;
  /** Without an id: something may have been missed, so look at all. */
  onStop(listen: (id?: string) => void): Promise<void>;
  /** Throws where the jobs cannot be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What BullMQ is told on either backend. Its types for the two differ; this is the one place where they meet. */
export async function construct(connections: { adding: object; working: object }, log: Log, backendFactory?: unknown) {
  const bullmq = await import("bullmq");
  const { adding, working } = connections;
  // That a connection is away is said once, by whoever opened it.
  const tell = (error: Error) =>
    isConnectionError(error) ? log.debug("queue", { error }) : log.warn("queue", { error });
  return {
    async openJobs(name: string): Promise<Jobs> {
      const jobs = Reflect.construct(bullmq.Queue, [name, adding, backendFactory]) as Jobs;
      jobs.on("error", tell);
      await jobs.waitUntilReady();
      return jobs;
    },
    async openWorker(name: string, process: Process, { concurrency, timings, backoff }: WorkerOptions) {
      const options = {
        ...working,
        concurrency,
        lockDuration: timings.claim,
        lockRenewTime: timings.renewal,
        stalledInterval: timings.check,
        // The attempts are counted here, so that the last of them can still tell the asker.
        maxStalledCount: 1_000_000,
        runRetryDelay: 1000,
        settings: { backoffStrategy: (attempts: number, _type?: string, error?: Error) => backoff(attempts, error) },
      };
      const run = (job: QueuedJob, token = "") => process(job, token);
      const worker = Reflect.construct(bullmq.Worker, [name, run, options, backendFactory]) as Worker<Payload, Result>;
      worker.on("error", tell);
      await worker.waitUntilReady();
      return worker;
    },
  };
}

function isConnectionError(error: Error): boolean {
  return "syscall" in error || /connection is closed/i.test(error.message);
}
