// Exports the metrics in Prometheus's format.

import type { Counter, Metrics, Timer } from "../core/metrics.ts";
import type { DurableQueue } from "./queue/open-queue.ts";

interface Description {
  help: string;
  labels: readonly string[];
}

const COUNTERS: Readonly<Record<Counter, Description>> = {
  answers: { help: "Answers that were shown to their end", labels: ["command", "platform"] },
  errors: { help: "Attempts that ended with an error, by its code", labels: ["command", "platform", "code"] },
  tokens: { help: "Tokens as the vendors bill them", labels: ["model", "direction"] },
  cost_dollars: { help: "US dollars by the dated price table, without discounts", labels: ["model"] },
  unpriced_answers: {
    help: "Answers of models whose price is not known, so that their cost is missing",
    labels: ["model"],
  },
};

const TIMERS: Readonly<Record<Timer, Description>> = {
  wait: { help: "From the question to the first attempt", labels: ["command", "platform"] },
  first_reply: { help: "From the question to the first thing shown", labels: ["command", "platform"] },
  run: { help: "One attempt", labels: ["command", "platform"] },
  retrieval: { help: "One search of the knowledge base", labels: [] },
  first_token: { help: "From the start of the command to the model's first word", labels: ["model"] },
  provider: { help: "One answer of a model, from the request to its end", labels: ["provider", "outcome"] },
};

/** Seconds: from a glance to the longest job. */
const BUCKETS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 60, 120, 300, 600];

export interface PrometheusMetrics extends Metrics {
  /** How many jobs are waiting, running, delayed and failed, asked for at each reading. */
  watch(queue: Pick<DurableQueue, "counts">): void;
  read(): Promise<{ type: string; text: string }>;
}

export async function createMetrics(): Promise<PrometheusMetrics> {
  const { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } = await import("prom-client");
  const registry = new Registry();
  // Under the names that every dashboard of a Node process knows: process_..., nodejs_...
  collectDefaultMetrics({ register: registry });
  const define = ({ help, labels }: Description) => ({ help, labelNames: [...labels], registers: [registry] });
  const counters = mapValues(COUNTERS, (name, it) => new Counter({ name: `heed_${name}_total`, ...define(it) }));
  const timers = mapValues(
    TIMERS,
    (name, it) => new Histogram({ name: `heed_${name}_seconds`, buckets: BUCKETS, ...define(it) }),
  );
  return {
    count: (name, labels, by = 1) => counters[name].inc(labels, by),
    time: (name, labels, ms) => timers[name].observe(labels, ms / 1000),
    watch(queue) {
      const jobs = new Gauge({
        name: "heed_jobs",
        ...define({ help: "Jobs by lane and state", labels: ["lane", "state"] }),
        async collect() {
          // What is known of this process is wanted most while the queue is away.
          jobs.reset();
          const counted = await queue.counts().catch(() => ({}));
          for (const [lane, counts] of Object.entries(counted))
            for (const [state, number] of Object.entries(counts)) jobs.set({ lane, state }, Number(number));
        },
      });
    },
    read: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}

function mapValues<Key extends string, From, To>(
  record: Readonly<Record<Key, From>>,
  change: (key: Key, value: From) => To,
): Readonly<Record<Key, To>> {
  const entries = Object.entries(record) as [Key, From][];
  return Object.fromEntries(entries.map(([key, value]) => [key, change(key, value)])) as Record<Key, To>;
}
