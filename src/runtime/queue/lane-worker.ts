// Works on one lane: each job becomes an attempt, and BullMQ is told how it ended.

import type * as bullmq from "bullmq";
import { BoundedMap } from "../../core/bounded-map.ts";
import { BotError, mayTryAgain } from "../../core/errors.ts";
import type { Phrase } from "../../core/language.ts";
import { withoutBytes } from "../../core/post.ts";
import type { Attempt, Ending, Handler } from "../../core/queue.ts";
import type { Json, Runtime } from "../../core/runtime.ts";
import type { Backend, Process, QueuedJob, Result, Timings } from "./backend.ts";
import { MOST_ATTEMPTS, STOPPED, type AskingLane } from "./lane.ts";
import { leave } from "./shutdown.ts";
import { readPayload, type Payload } from "./payload.ts";

const LONGEST_BACKOFF_MS = 60_000;
/** Further tries at telling the asker, where that itself ends the worker. */
const MOST_FAREWELLS = 2;
/** How long a job of a newer version waits before the next look for a worker that can read it. */
const NEWER_MS = 5000;
/** A stop may be heard just before its job begins here. */
const REMEMBERED_STOPS = 1000;

/** Retryable: what a queue in trouble did not keep is no defect of the question. */
const AWAY: Phrase = {
  en: "My queue was away for a moment.",
  "zh-TW": "我的佇列暫時沒有回應。",
};

/** An attempt that runs here now. */
interface Running {
  ending: AbortController;
  /** When its claim was last known to stand, in milliseconds since 1970. */
  claimedAt: number;
  /** Whether the claim may be another worker's by now. */
  isLost: boolean;
}

/** The errors that tell BullMQ something. */
type Signals = Pick<typeof bullmq, "DelayedError" | "UnrecoverableError" | "WaitingError">;

export interface LaneWorkerOptions {
  lane: AskingLane;
  handler: Handler;
  runtime: Runtime;
  concurrency: number;
  timings: Timings;
}

export async function openLaneWorker(backend: Backend, options: LaneWorkerOptions): Promise<LaneWorker> {
  const { lane, runtime, concurrency, timings } = options;
  const laneWorker = new LaneWorker(options, await import("bullmq"));
  const process: Process = (job, token) => laneWorker.attempt(job, token);
  laneWorker.attach(
    await backend.openWorker(lane.name, process, { concurrency, timings, backoff: backoffMs }),
    runtime,
  );
  return laneWorker;
}

export class LaneWorker {
  readonly #options: LaneWorkerOptions;
  readonly #signals: Signals;
  readonly #running = new Map<string, Running>();
  readonly #stops = new BoundedMap<string, true>(REMEMBERED_STOPS);
  #worker: bullmq.Worker<Payload, Result> | undefined;
  #watch: NodeJS.Timeout | undefined;

  constructor(options: LaneWorkerOptions, signals: Signals) {
    this.#options = options;
    this.#signals = signals;
  }

  attach(worker: bullmq.Worker<Payload, Result>, { log }: Runtime): void {
    this.#worker = worker;
    const { timings, runtime } = this.#options;
    worker.on("stalled", (id) => log.warn("job was left behind by a worker", { id }));
    worker.on("lockRenewalFailed", (ids) => ids.forEach((id) => this.#lose(id)));
    worker.on("locksRenewed", ({ jobIds }) => {
      for (const id of jobIds) {
        const running = this.#running.get(id);
        if (running) running.claimedAt = runtime.now();
      }
    });
    // A claim that cannot be renewed runs out: whoever holds it lets go before another worker may begin.
    this.#watch = setInterval(() => {
      for (const [id, { claimedAt }] of this.#running)
        if (runtime.now() - claimedAt > timings.claim - timings.renewal / 4) this.#lose(id);
    }, timings.renewal / 4);
    this.#watch.unref();
  }

  stop(id: string): void {
    const running = this.#running.get(id);
    if (running) return running.ending.abort("stopped" satisfies Ending);
    this.#stops.set(id, true);
  }

  /** Stops whatever was marked while nobody could tell this process. */
  async catchUp(): Promise<void> {
    for (const id of this.#running.keys()) if (await this.#options.lane.isStopped(id)) this.stop(id);
  }

  /** Takes no more jobs; after `limitMs` the running ones are handed back, to go on elsewhere. */
  async close(limitMs: number): Promise<void> {
    const { log } = this.#options.runtime;
    const handOver = () => {
      for (const { ending } of this.#running.values()) ending.abort("handed-over" satisfies Ending);
    };
    if (this.#worker)
      await leave(this.#worker, this.#running.size > 0 ? limitMs : 0, handOver).catch((error: unknown) =>
        log.warn("jobs were left in the middle", { error }),
      );
    clearInterval(this.#watch);
  }

  async attempt(job: QueuedJob, token: string): Promise<Result> {
    const id = job.id ?? "";
    const payload = this.#read(job);
    if (!payload) {
      await job.moveToDelayed(Date.now() + NEWER_MS, token);
      throw new this.#signals.DelayedError();
    }
    const number = job.attemptsMade + job.stalledCounter - payload.forgiven + 1;
    if (number > MOST_ATTEMPTS + MOST_FAREWELLS) throw new this.#signals.UnrecoverableError("every attempt was lost");
    const running = this.#begin(id, job);
    try {
      const post = await this.#options.handler(payload.invocation, this.#attemptOf(job, payload, number, running));
      return payload.post ? null : withoutBytes(post);
    } catch (error) {
      throw await this.#verdict(error, job, { token, running, number });
    } finally {
      this.#running.delete(id);
    }
  }

  #begin(id: string, job: QueuedJob): Running {
    const running: Running = {
      ending: new AbortController(),
      claimedAt: this.#options.runtime.now(),
      isLost: false,
    };
    if (this.#stops.delete(id) || job.progress === STOPPED) running.ending.abort("stopped" satisfies Ending);
    this.#running.set(id, running);
    return running;
  }

  #attemptOf(job: QueuedJob, payload: Payload, number: number, running: Running): Attempt {
    const write = async (change: Partial<Payload>) => {
      // The job may be another worker's by now, and so is what is known of the chat.
      if (running.isLost) throw new Error(`the claim on job ${job.id} is lost`);
      await job.updateData(Object.assign(payload, change)).catch((cause: unknown) => {
        throw new BotError("unavailable", AWAY, { cause });
      });
    };
    return {
      number,
      isLast: number >= MOST_ATTEMPTS,
      isExhausted: number > MOST_ATTEMPTS,
      signal: running.ending.signal,
      receipt: payload.receipt,
      isFirst: job.attemptsStarted <= 1,
      keep: (receipt: Json) => write({ receipt }),
      finishedPost: payload.post,
      saveFinished: (post) => write({ post: withoutBytes(post) }),
    };
  }

  /** What BullMQ is told: try again later, hand it to somebody else, or file it among the failed. */
  async #verdict(error: unknown, job: QueuedJob, how: { token: string; running: Running; number: number }) {
    const { WaitingError, UnrecoverableError } = this.#signals;
    const { ending, isLost } = how.running;
    if (ending.signal.reason === "handed-over") {
      if (!isLost) await job.moveToWait(how.token);
      return new WaitingError();
    }
    if (how.number < MOST_ATTEMPTS && mayTryAgain(error, how.number)) return error;
    // Repeating what cannot succeed later would only answer late.
    return new UnrecoverableError(error instanceof BotError ? `${error.code}: ${error.message}` : String(error));
  }

  #read(job: QueuedJob): Payload | undefined {
    try {
      return readPayload(job.data);
    } catch (error) {
      throw new this.#signals.UnrecoverableError(`unreadable: ${String(error)}`);
    }
  }

  #lose(id: string): void {
    const running = this.#running.get(id);
    if (!running || running.isLost) return;
    running.isLost = true;
    this.#options.runtime.log.warn("claim on a job was lost", { id });
    running.ending.abort("handed-over" satisfies Ending);
  }
}

/** As long as the vendor asked for; otherwise 1 s, 2 s, 4 s, ... up to a minute; a little apart, so that not all come at once. */
export function backoffMs(attempts: number, error: unknown): number {
  const asked = error instanceof BotError ? error.retryAfterMs : undefined;
  return Math.round((asked ?? Math.min(1000 * 2 ** (attempts - 1), LONGEST_BACKOFF_MS)) * (1 + Math.random() / 4));
}
