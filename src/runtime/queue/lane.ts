// Adds jobs to one lane, finds and stops them, and runs failed ones again.

import type { JobsOptions } from "bullmq";
import { BotError } from "../../core/errors.ts";
import type { Invocation } from "../../core/invocation.ts";
import type { FinishedJob, Lane } from "../../core/queue.ts";
import type { Runtime } from "../../core/runtime.ts";
import { DAY_MS } from "../../core/time.ts";
import type { Backend, Jobs, QueuedJob } from "./backend.ts";
import { newPayload, readPayload } from "./payload.ts";
import type { FairSchedule } from "./fair-schedule.ts";

/** How often a job is tried, lost workers included. */
export const MOST_ATTEMPTS = 5;
/** What the mark of a stopped job is; it stands in BullMQ's progress, apart from what the attempts write. */
export const STOPPED = "stopped";

const DAY_SECONDS = DAY_MS / 1000;

const OPTIONS: JobsOptions = {
  attempts: MOST_ATTEMPTS,
  backoff: { type: "as-the-error-says" },
  // A finished job stays for a day, so that a platform's late repeat of the same event is recognised.
  removeOnComplete: { age: DAY_SECONDS },
  removeOnFail: { age: 7 * DAY_SECONDS, count: 10_000 },
};

/** A job that the queue has given up, and that a person may run again. */
export interface Failure {
  id: string;
  lane: Lane;
  command: string;
  platform: string;
  workspace: string;
  attempts: number;
  /** The error's code and its words for the log. */
  reason: string;
  /** Milliseconds since 1970. */
  failedAt: number;
}

/** How many jobs are in which state. */
export interface Counts {
  waiting: number;
  running: number;
  /** Waiting for their next try. */
  delayed: number;
  failed: number;
}

export async function openLane(lane: Lane, backend: Backend, more: Pick<AskingLane, "runtime" | "limit">) {
  const jobs = await backend.openJobs(lane);
  return new AskingLane(lane, jobs, backend.schedule(jobs), more);
}

export class AskingLane {
  readonly name: Lane;
  readonly jobs: Jobs;
  readonly runtime: Pick<Runtime, "now">;
  /** With so many waiting, no more are taken. */
  readonly limit: number;
  readonly #schedule: FairSchedule;

  constructor(
    name: Lane,
    jobs: Jobs,
    schedule: FairSchedule,
    { runtime, limit }: Pick<AskingLane, "runtime" | "limit">,
  ) {
    this.name = name;
    this.jobs = jobs;
    this.runtime = runtime;
    this.limit = limit;
    this.#schedule = schedule;
  }

  async add(invocation: Invocation, notBefore = 0): Promise<void> {
    const { id, command, address } = invocation;
    const delay = Math.max(0, notBefore - this.runtime.now());
    const [priority, depth] = await Promise.all([
      this.#schedule.nextRound(`${address.platform}/${address.workspace}`),
      this.jobs.getJobCountByTypes("waiting", "prioritized"),
    ]);
    // What is not due yet waits apart, and a repeat of what already waits is no more work.
    if (depth >= this.limit && delay === 0 && !(await this.jobs.getJob(id))) throw await this.#busy(depth);
    await this.jobs.add(command, newPayload(invocation), { ...OPTIONS, jobId: id, priority, delay });
  }

  async recall(id: string): Promise<FinishedJob | undefined> {
    const job: QueuedJob | undefined = await this.jobs.getJob(id);
    if (!job || !(await job.isCompleted())) return undefined;
    const payload = readPayload(job.data);
    const post = job.returnvalue ?? payload?.post;
    return payload && post ? { invocation: payload.invocation, post, receipt: payload.receipt } : undefined;
  }

  /** Whether there is such a job here and it has not ended; it is marked then, and a delayed one gets its turn. */
  async stop(id: string): Promise<boolean> {
    const job: QueuedJob | undefined = await this.jobs.getJob(id);
    if (!job || job.finishedOn) return false;
    await job.updateProgress(STOPPED);
    if (await job.isDelayed()) await job.promote();
    return true;
  }

  async isStopped(id: string): Promise<boolean> {
    return (await this.jobs.getJob(id))?.progress === STOPPED;
  }

  async failures(limit: number): Promise<readonly Failure[]> {
    const jobs: QueuedJob[] = await this.jobs.getFailed(0, limit - 1);
    return jobs.map((job) => this.#failureOf(job));
  }

  /** Whether there was such a failed job. What it left in the chat is gone on with. */
  async retry(id: string): Promise<boolean> {
    const job: QueuedJob | undefined = await this.jobs.getJob(id);
    if (!job || !(await job.isFailed())) return false;
    await job.updateData({ ...job.data, forgiven: job.stalledCounter });
    await job.retry("failed", { resetAttemptsMade: true });
    return true;
  }

  async counts(): Promise<Counts> {
    const types = ["waiting", "prioritized", "active", "delayed", "failed"] as const;
    const {
      waiting = 0,
      prioritized = 0,
      active = 0,
      delayed = 0,
      failed = 0,
    } = await this.jobs.getJobCounts(...types);
    return { waiting: waiting + prioritized, running: active, delayed, failed };
  }

  #failureOf(job: QueuedJob): Failure {
    const address = job.data.invocation?.address;
    return {
      id: job.id ?? "",
      lane: this.name,
      command: job.name,
      platform: address?.platform ?? "",
      workspace: address?.workspace ?? "",
      attempts: job.attemptsMade + job.stalledCounter,
      reason: job.failedReason,
      failedAt: job.finishedOn ?? 0,
    };
  }

  /** Whoever is next has waited about as long as the asker would have to. */
  async #busy(depth: number): Promise<BotError> {
    const [next] = await this.jobs.getPrioritized(0, 0);
    const waited = next ? this.runtime.now() - next.timestamp : 0;
    const minutes = Math.max(1, Math.round(waited / 60_000));
    return new BotError(
      "overloaded",
      {
        en: `I'm busy: ${depth} questions are waiting, so this one was not taken. Please ask again in about ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
        "zh-TW": `我現在很忙：前面還有 ${depth} 題在等，所以這一題沒有收下。請大約 ${minutes} 分鐘後再問一次。`,
      },
      { retryAfterMs: minutes * 60_000 },
    );
  }
}
