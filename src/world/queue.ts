// Every question goes through BullMQ: over Redis where one is configured, over PostgreSQL inside this process where none is.

import { join } from "node:path";
import type { Job, JobsOptions, Queue as BullQueue, Worker } from "bullmq";
import { BotError } from "../core/errors.ts";
import { Invocation } from "../core/invocation.ts";
import type { Post } from "../core/post.ts";
import type { Finished, Handler, Queue } from "../core/queue.ts";
import type { Json, World } from "../core/world.ts";
import type { Settings } from "./config.ts";
import { openBackend, type Backend } from "./queue-backend.ts";

/** What a job carries: the invocation, and what its attempts left behind. */
interface Payload {
  invocation: Invocation;
  receipt?: Json;
  stopped?: boolean;
}

const NAME = "invocations";
const ATTEMPTS = 5;
const DAY_SECONDS = 24 * 60 * 60;
const LONGEST_BACKOFF_MS = 60_000;
const SETTLED_CHECK_MS = 100;

const OPTIONS: JobsOptions = {
  attempts: ATTEMPTS,
  backoff: { type: "as-the-error-says" },
  // A finished job stays for a day, so that a platform's late repeat of the same event is recognised.
  removeOnComplete: { age: DAY_SECONDS },
  removeOnFail: { age: 7 * DAY_SECONDS },
};

export interface DurableQueue extends Queue {
  /** Resolves when nothing is waiting or running any more, or after `limitMs`. */
  settle(limitMs: number): Promise<void>;
}

export async function openQueue(settings: Settings, world: World): Promise<DurableQueue> {
  const backend = await openBackend(settings.REDIS_URL, join(settings.HEED_DATA_DIR, "queue"), world.log);
  const jobs = await backend.createQueue<Payload, Post>(NAME);
  return new InvocationQueue(backend, jobs, world);
}

class InvocationQueue implements DurableQueue {
  readonly #backend: Backend;
  readonly #jobs: BullQueue<Payload, Post>;
  readonly #world: World;
  #worker: Worker<Payload, Post> | undefined;

  constructor(backend: Backend, jobs: BullQueue<Payload, Post>, world: World) {
    this.#backend = backend;
    this.#jobs = jobs;
    this.#world = world;
  }

  async add(invocation: Invocation): Promise<void> {
    try {
      await this.#jobs.add(invocation.command, { invocation }, { ...OPTIONS, jobId: invocation.id });
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  async work(handler: Handler, concurrency: number): Promise<void> {
    this.#worker = await this.#backend.createWorker<Payload, Post>(
      NAME,
      (job, signal) => this.#attempt(handler, job, signal),
      {
        concurrency,
        backoff: (attempts, error) => backoffMs(attempts, error),
      },
    );
    this.#worker.on("error", (error) => this.#world.log.error("queue", { error }));
    this.#worker.on("stalled", (id) => this.#world.log.warn("job was left behind by a worker", { id }));
  }

  async recall(id: string): Promise<Finished | undefined> {
    const job = await this.#jobs.getJob(id);
    if (!job?.returnvalue) return undefined;
    const { invocation, receipt } = job.data;
    return { invocation: Invocation.parse(invocation), post: job.returnvalue, receipt };
  }

  async stop(id: string): Promise<void> {
    if (this.#worker?.cancelJob(id, "stopped")) return;
    const job = await this.#jobs.getJob(id);
    if (!job || (await job.isCompleted()) || (await job.isFailed())) return;
    await job.updateData({ ...job.data, stopped: true });
    if (await job.isDelayed()) await job.promote();
  }

  async settle(limitMs: number): Promise<void> {
    const until = this.#world.now() + limitMs;
    while (this.#world.now() < until) {
      const { waiting = 0, active = 0 } = await this.#jobs.getJobCounts("waiting", "active");
      if (waiting + active === 0) return;
      await this.#world.sleep(SETTLED_CHECK_MS);
    }
  }

  async close(): Promise<void> {
    this.#worker?.cancelAllJobs("closing");
    await this.#worker?.close();
    await this.#jobs.close();
    await this.#backend.close();
  }

  async #attempt(handler: Handler, job: Job<Payload, Post>, cancelled: AbortSignal): Promise<Post> {
    const invocation = Invocation.parse(job.data.invocation);
    const signal = job.data.stopped ? AbortSignal.abort("stopped") : cancelled;
    const number = job.attemptsMade + 1;
    const keep = (receipt: Json) => job.updateData({ ...job.data, receipt });
    const last = number >= ATTEMPTS;
    const post = await handler(invocation, { number, last, signal, receipt: job.data.receipt, keep });
    return { ...post, pictures: post.pictures.map((picture) => ({ ...picture, bytes: new Uint8Array() })) };
  }
}

/** As long as the vendor asked for; otherwise 1 s, 2 s, 4 s, ... up to a minute. */
function backoffMs(attempts: number, error: unknown): number {
  const asked = error instanceof BotError ? error.retryAfterMs : undefined;
  return Math.min(asked ?? 1000 * 2 ** (attempts - 1), LONGEST_BACKOFF_MS);
}

function unavailable(cause: unknown): BotError {
  return new BotError(
    "unavailable",
    {
      en: "I can't take questions right now; nothing was queued. Please try again in a minute.",
      "zh-TW": "我現在無法接收問題，這一題沒有排進佇列。請一分鐘後再試一次。",
    },
    { cause },
  );
}
