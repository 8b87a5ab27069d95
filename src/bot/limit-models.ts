// Wraps models so that no provider runs more answers at a time than it bears, and counts costs.

import { costOf } from "../core/figures.ts";
import { BotError } from "../core/errors.ts";
import type { Metrics } from "../core/metrics.ts";
import type { Model, ModelEvent, Models, Prompt } from "../core/model.ts";
import type { Runtime } from "../core/runtime.ts";
import type { Semaphore, Lease } from "../runtime/semaphore.ts";

export interface Limits {
  limiter: Semaphore;
  /** Answers at a time by provider; a provider that is not named has no limit. */
  most: Readonly<Record<string, number>>;
  metrics: Metrics;
  runtime: Pick<Runtime, "now">;
}

export function limitModels(models: Models, limits: Limits): Models {
  return { ...models, names: () => models.names(), pick: (name) => limitModel(models.pick(name), limits) };
}

function limitModel(model: Model, limits: Limits): Model {
  const provider = model.name.split("/")[0] ?? model.name;
  return { ...model, generate: (prompt, signal) => generate({ model, provider, prompt, signal }, limits) };
}

interface Request {
  model: Model;
  provider: string;
  prompt: Prompt;
  signal: AbortSignal;
}

async function* generate({ model, provider, prompt, signal }: Request, limits: Limits): AsyncGenerator<ModelEvent> {
  const { runtime, metrics } = limits;
  const pass = yield* enter(provider, signal, limits);
  const startedAt = runtime.now();
  let outcome = "broken-off";
  try {
    for await (const event of model.generate(prompt, signal)) {
      if (event.type === "usage") count(model, event, metrics);
      if (event.type === "stop") outcome = event.reason;
      yield event;
    }
  } catch (error) {
    if (error instanceof BotError) outcome = error.code;
    throw error;
  } finally {
    metrics.time("provider", { provider, outcome }, runtime.now() - startedAt);
    await pass?.release();
  }
}

/** Every answer passes here: of a question, of a comparison, and those that a person never sees. */
function count({ name, card }: Model, usage: { input: number; output: number }, metrics: Metrics): void {
  metrics.count("tokens", { model: name, direction: "input" }, usage.input);
  metrics.count("tokens", { model: name, direction: "output" }, usage.output);
  if (card?.price) metrics.count("cost_dollars", { model: name }, costOf(usage, card.price));
  else metrics.count("unpriced_answers", { model: name });
}

async function* enter(
  provider: string,
  signal: AbortSignal,
  { limiter, most }: Limits,
): AsyncGenerator<ModelEvent, Lease | undefined> {
  const limit = most[provider];
  if (limit === undefined) return undefined;
  const line = limiter.acquire(provider, limit, signal);
  try {
    for (;;) {
      const next = await line.next();
      if (next.done) return next.value;
      yield { type: "waiting", place: next.value };
    }
  } finally {
    // Whoever stops listening leaves the line.
    await line.return({ release: async () => {} });
  }
}
