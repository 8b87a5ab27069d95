// Defines what is counted and timed for operators, always after the work.

export type Counter = "answers" | "errors" | "tokens" | "cost_dollars" | "unpriced_answers";

/** wait: asked to first attempt; first_reply: asked to first show; the others as they are called. */
export type Timer = "wait" | "first_reply" | "run" | "retrieval" | "first_token" | "provider";

/** Label values come from short lists (commands, codes, models), never from what people write. */
export type Labels = Readonly<Record<string, string>>;

export interface Metrics {
  /** Adds `by`, or 1. */
  count(name: Counter, labels: Labels, by?: number): void;
  /** One duration, in milliseconds. */
  time(name: Timer, labels: Labels, ms: number): void;
}
