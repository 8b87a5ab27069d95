// Opens the durable queue: BullMQ over Redis, or over PostgreSQL inside this process.

import { BotError } from "../../core/errors.ts";
import type { Invocation } from "../../core/invocation.ts";
import type { FinishedJob, Handler, Lane, Queue } from "../../core/queue.ts";
import type { Runtime } from "../../core/runtime.ts";
import type { Settings } from "../config.ts";
import { TIMINGS, type Backend, type Jobs, type Timings } from "./backend.ts";
import { openLane, type AskingLane, type Counts, type Failure } from "./lane.ts";
import { openLaneWorker, type LaneWorker } from "./lane-worker.ts";

const SETTLED_CHECK_MS = 100;

export interface DurableQueue extends Queue {
  /** The newest first, at most `limit` of each lane. */
  failures(limit: number): Promise<readonly Failure[]>;
  /** Runs a failed job again; false where there is none of this id. */
  retry(id: string): Promise<boolean>;
  counts(): Promise<Readonly<Record<Lane, Counts>>>;
  /** Throws BotError "unavailable" where the jobs cannot be reached. */
  ping(): Promise<void>;
  /** Resolves when nothing is waiting or running any more, or after `limitMs`. */
  settle(limitMs: number): Promise<void>;
  /** Running jobs are given `limitMs` to end, HEED_DRAIN_SECONDS without it. */
  close(limitMs?: number): Promise<void>;
  /** BullMQ's own queues, for its dashboard. */
  readonly jobs: readonly Jobs[];
}

export async function openQueue(
  settings: Settings,
  runtime: Runtime,
  timings: Timings = TIMINGS,
): Promise<DurableQueue> {
  const backend = await openBackend(settings, runtime);
  const open = (lane: Lane) => openLane(lane, backend, { runtime, limit: settings.HEED_QUEUE_LIMIT });
  // One after the other: the first to open PostgreSQL's tables must not meet the second.
  const lanes = { questions: await open("questions"), documents: await open("documents") };
  return new InvocationQueue({ backend, lanes, settings, runtime, timings });
}

async function openBackend(settings: Settings, { log }: Runtime): Promise<Backend> {
  const { REDIS_URL, HEED_DATA_DIR } = settings;
  if (!REDIS_URL) return (await import("./embedded-backend.ts")).openEmbeddedBackend(HEED_DATA_DIR, log);
  return (await import("./redis-backend.ts")).openRedisBackend({ ...settings, REDIS_URL }, log);
}

interface QueueDeps {
  backend: Backend;
  lanes: Readonly<Record<Lane, AskingLane>>;
  settings: Settings;
  runtime: Runtime;
  timings: Timings;
}

class InvocationQueue implements DurableQueue {
  readonly #parts: QueueDeps;
  #workers: readonly LaneWorker[] = [];
  #closed: Promise<void> | undefined;

  constructor(parts: QueueDeps) {
    this.#parts = parts;
  }

  get isPrivate(): boolean {
    return !this.#parts.settings.REDIS_URL;
  }

  get jobs(): readonly Jobs[] {
    return this.#lanes.map(({ jobs }) => jobs);
  }

  add(invocation: Invocation, lane: Lane = "questions", notBefore?: number): Promise<void> {
    return reach(() => this.#parts.lanes[lane].add(invocation, notBefore));
  }

  async work(handler: Handler, concurrency: number): Promise<void> {
    const { backend, lanes, settings, runtime, timings } = this.#parts;
    const seats: Readonly<Record<Lane, number>> = {
      questions: concurrency,
      documents: settings.HEED_LOADING_CONCURRENCY,
    };
    const served = Object.values(lanes).filter(({ name }) => settings.HEED_LANES.includes(name));
    const open = (lane: AskingLane) =>
      openLaneWorker(backend, { lane, handler, runtime, timings, concurrency: seats[lane.name] });
    await backend.onStop((id) => this.#onStop(id));
    this.#workers = await Promise.all(served.map(open));
  }

  recall(id: string): Promise<FinishedJob | undefined> {
    return reach(async () => {
      const found = await Promise.all(this.#lanes.map((lane) => lane.recall(id)));
      return found.find(Boolean);
    });
  }

  stop(id: string): Promise<void> {
    return reach(async () => {
      const found = await Promise.all(this.#lanes.map((lane) => lane.stop(id)));
      if (found.includes(true)) await this.#parts.backend.publishStop(id);
    });
  }

  failures(limit: number): Promise<readonly Failure[]> {
    return reach(async () => {
      const failures = await Promise.all(this.#lanes.map((lane) => lane.failures(limit)));
      return failures.flat().toSorted((a, b) => b.failedAt - a.failedAt);
    });
  }

  retry(id: string): Promise<boolean> {
    return reach(async () => (await Promise.all(this.#lanes.map((lane) => lane.retry(id)))).includes(true));
  }

  async counts(): Promise<Readonly<Record<Lane, Counts>>> {
    const { questions, documents } = this.#parts.lanes;
    return { questions: await questions.counts(), documents: await documents.counts() };
  }

  ping(): Promise<void> {
    return reach(() => this.#parts.backend.ping());
  }

  async settle(limitMs: number): Promise<void> {
    const { runtime } = this.#parts;
    const until = runtime.now() + limitMs;
    while (runtime.now() < until) {
      const counts = Object.values(await this.counts());
      if (counts.every(({ waiting, running }) => waiting + running === 0)) return;
      await runtime.sleep(SETTLED_CHECK_MS);
    }
  }

  close(limitMs = this.#parts.settings.HEED_DRAIN_SECONDS * 1000): Promise<void> {
    return (this.#closed ??= this.#close(limitMs));
  }

  async #close(limitMs: number): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close(limitMs)));
    await Promise.all(this.jobs.map((jobs) => jobs.close()));
    await this.#parts.backend.close();
  }

  get #lanes(): readonly AskingLane[] {
    return Object.values(this.#parts.lanes);
  }

  #onStop(id: string | undefined): void {
    for (const worker of this.#workers) {
      if (id !== undefined) worker.stop(id);
      else
        void worker.catchUp().catch((error: unknown) => this.#parts.runtime.log.warn("stops may be missed", { error }));
    }
  }
}

/** Whatever keeps the queue from answering, the person reads one sentence. */
async function reach<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof BotError) throw cause;
    throw /timed out/i.test(String(cause)) ? unconfirmed(cause) : unavailable(cause);
  }
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

function unconfirmed(cause: unknown): BotError {
  return new BotError(
    "unavailable",
    {
      en: "My queue did not confirm this in time. If nothing comes within a minute, please try again.",
      "zh-TW": "我的佇列沒有及時確認。如果一分鐘內沒有回應，請再試一次。",
    },
    { cause },
  );
}
