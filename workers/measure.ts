// Tells the metrics how one attempt went, once it is over.

import type { Delivered } from "../src/bot/deliver.ts";
import { BotError } from "../src/core/errors.ts";
import type { Invocation } from "../src/core/invocation.ts";
import type { Metrics } from "../src/core/metrics.ts";
import type { Outbox } from "../src/core/platform.ts";
import type { Attempt, Ending } from "../src/core/queue.ts";
import type { Json, Runtime } from "../src/core/runtime.ts";

/** All times in milliseconds since 1970. */
interface Ended {
  invocation: Invocation;
  /** The command's name. */
  command: string;
  attempt: Attempt;
  delivered: Delivered;
  startedAt: number;
  shownAt: number | undefined;
  endedAt: number;
}

/** What an outbox has been made to show. */
export interface Shown {
  /** Milliseconds since 1970. */
  firstAt: number | undefined;
  receipt: Json | undefined;
}

/** The same outbox, its shows noted. */
export function watchShows(outbox: Outbox, runtime: Pick<Runtime, "now">, receipt: Json | undefined) {
  const shown: Shown = { firstAt: undefined, receipt };
  const watched: Outbox = {
    // It follows the platform's headers while the answer grows.
    get pace() {
      return outbox.pace;
    },
    get thread() {
      return outbox.thread;
    },
    get outcome() {
      return outbox.outcome;
    },
    async show(post, signal) {
      shown.receipt = await outbox.show(post, signal);
      shown.firstAt ??= runtime.now();
      return shown.receipt;
    },
  };
  return { outbox: watched, shown };
}

export function measure(ended: Ended, metrics: Metrics): void {
  const { invocation, command, attempt, delivered, startedAt, shownAt, endedAt } = ended;
  const { receivedAt, address } = invocation;
  const labels = { command, platform: address.platform };
  if (attempt.isFirst) {
    metrics.time("wait", labels, startedAt - receivedAt);
    if (shownAt !== undefined) metrics.time("first_reply", labels, shownAt - receivedAt);
  }
  metrics.time("run", labels, endedAt - startedAt);
  if (!delivered.failure) metrics.count("answers", labels);
  // An attempt that another worker goes on with has neither failed nor ended.
  else if (attempt.signal.reason !== ("handed-over" satisfies Ending))
    metrics.count("errors", { ...labels, code: codeOf(delivered.failure.error) });
  measureFacts(delivered, metrics);
}

function measureFacts({ post: { facts } }: Delivered, metrics: Metrics): void {
  const { model = "", timings = {} } = facts;
  if (timings["search"] !== undefined) metrics.time("retrieval", {}, timings["search"]);
  if (timings["firstToken"] !== undefined) metrics.time("first_token", { model }, timings["firstToken"]);
}

function codeOf(error: unknown): string {
  return error instanceof BotError ? error.code : "unforeseen";
}
