// A queue in memory, for tests: every invocation and post goes through JSON, as on the way to another process.

import { setTimeout as sleep } from "node:timers/promises";
import { mayTryAgain } from "../../src/core/errors.ts";
import { Invocation } from "../../src/core/invocation.ts";
import type { Post } from "../../src/core/post.ts";
import type { FinishedJob, Handler, Queue } from "../../src/core/queue.ts";
import type { Json } from "../../src/core/runtime.ts";

interface Job {
  invocation: string;
  receipt: Json | undefined;
  stop: AbortController;
  post?: Post;
  finishedPost: Post | undefined;
  error?: unknown;
  attempts: number;
  done: Promise<void>;
}

export interface MemoryQueue extends Queue {
  readonly jobs: ReadonlyMap<string, Job>;
  /** Makes every add fail, or wait. */
  breaks(how: { error?: Error; delayMs?: number }): void;
  settle(): Promise<void>;
  /** Begins what is not due yet, as if its time had come. */
  passTime(): void;
}

export function createMemoryQueue({ attempts = 3, backoffMs = 10 } = {}): MemoryQueue {
  const jobs = new Map<string, Job>();
  const { promise: working, resolve: begin } = Promise.withResolvers<Handler>();
  let fault: { error?: Error; delayMs?: number } = {};

  const notDue = new Set<() => void>();

  const run = async (job: Job): Promise<void> => {
    const handler = await working;
    for (job.attempts = 1; ; job.attempts++) {
      try {
        const attempt = {
          number: job.attempts,
          isLast: job.attempts === attempts,
          isExhausted: false,
          isFirst: job.attempts === 1,
          finishedPost: job.finishedPost,
          saveFinished: async (post: Post) => void (job.finishedPost = structuredClone(post)),
          signal: job.stop.signal,
          receipt: job.receipt,
          keep: async (receipt: Json) => void (job.receipt = structuredClone(receipt)),
        };
        job.post = await handler(Invocation.parse(JSON.parse(job.invocation)), attempt);
        return;
      } catch (error) {
        job.error = error;
        if (!mayTryAgain(error, job.attempts) || job.attempts >= attempts) return;
        await new Promise((resolve) => setTimeout(resolve, backoffMs));
      }
    }
  };

  return {
    jobs,
    breaks: (how) => void (fault = how),
    async add(invocation, _lane, notBefore = 0) {
      const { error, delayMs } = fault;
      if (delayMs) await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (error) throw error;
      if (jobs.has(invocation.id)) return;
      const job: Job = {
        invocation: JSON.stringify(invocation),
        receipt: undefined,
        finishedPost: undefined,
        stop: new AbortController(),
        attempts: 0,
        done: Promise.resolve(),
      };
      jobs.set(invocation.id, job);
      const begin = () => (job.done = run(job));
      // What is not due yet is not waited for, as in the real queue.
      if (notBefore <= Date.now()) return void begin();
      const beginOnce = () => void (notDue.delete(beginOnce) && begin());
      notDue.add(beginOnce);
      void dueAt(notBefore, job.stop.signal).then(beginOnce);
    },
    async work(handler) {
      begin(handler);
    },
    async recall(id): Promise<FinishedJob | undefined> {
      const job = jobs.get(id);
      if (!job?.post) return undefined;
      const post = {
        ...job.post,
        pictures: job.post.pictures.map((picture) => ({ ...picture, bytes: new Uint8Array() })),
      };
      return { invocation: Invocation.parse(JSON.parse(job.invocation)), post, receipt: job.receipt };
    },
    async stop(id) {
      jobs.get(id)?.stop.abort("stopped");
    },
    async settle() {
      await Promise.all([...jobs.values()].map(({ done }) => done));
    },
    passTime() {
      for (const beginOnce of notDue) beginOnce();
    },
    async close() {
      for (const job of jobs.values()) job.stop.abort("closing");
    },
  };
}

/** Resolves at that time in milliseconds since 1970, or at a stop. */
async function dueAt(at: number, signal: AbortSignal): Promise<void> {
  await sleep(at - Date.now(), undefined, { signal, ref: false }).catch(() => undefined);
}
