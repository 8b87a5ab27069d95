// Defines the queue: it carries invocations to workers and remembers earlier attempts.

import type { Invocation } from "./invocation.ts";
import type { Post } from "./post.ts";
import type { Json } from "./runtime.ts";

/** Questions and the loading of documents wait in lanes of their own: a long document never holds up a question. */
export type Lane = "questions" | "documents";

/** Why an attempt is ended from outside: the person pressed Stop, or another worker goes on with the job. */
export type Ending = "stopped" | "handed-over";

/** One try at a job. */
export interface Attempt {
  /** Counted from 1. A worker that died in the middle has used up one. */
  number: number;
  /** Whether the queue will not try again after this one. */
  isLast: boolean;
  /** Whether the tries are used up, their workers having died: what is left is to tell the asker. */
  isExhausted: boolean;
  /** Aborted with an `Ending`. */
  signal: AbortSignal;
  /** What an earlier attempt left standing in the chat. */
  receipt: Json | undefined;
  /** Whether nobody tried before: then nothing of it can stand in the chat. */
  isFirst: boolean;
  /** Stores the receipt with the job; resolved means durable. */
  keep(receipt: Json): Promise<void>;
  /** The answer of an earlier attempt that could not be shown to its end: show it, ask nothing again. */
  finishedPost: Post | undefined;
  /** Stores the finished answer before it is shown. */
  saveFinished(post: Post): Promise<void>;
}

/** Resolves with the finished post when the job is done; throws a retryable error to be tried again later. */
export type Handler = (invocation: Invocation, attempt: Attempt) => Promise<Post>;

/** A job that ended: what was asked, and what stands in the chat. */
export interface FinishedJob {
  invocation: Invocation;
  /** Without the bytes of its pictures and files. */
  post: Post;
  receipt: Json | undefined;
}

/** The durable queue; delivery is at least once. */
export interface Queue {
  /** Whether only this account can write to it. */
  readonly isPrivate?: boolean;
  /**
   * Resolved means durable: the invocation will be worked on, with `notBefore` at that time, in milliseconds since 1970.
   * The same id is added once. Throws BotError "unavailable" where the queue is away, "overloaded" where too many wait
   * for their turn now: nothing was queued then.
   */
  add(invocation: Invocation, lane?: Lane, notBefore?: number): Promise<void>;
  /** Begins to take jobs, at most `concurrency` questions at a time. */
  work(handler: Handler, concurrency: number): Promise<void>;
  /** A job that ended in the last day; undefined where it is older or still running. Buttons are looked up here. */
  recall(id: string): Promise<FinishedJob | undefined>;
  /** Stops a running or waiting job wherever it runs. */
  stop(id: string): Promise<void>;
  /** Ends taking jobs; running ones are given a moment, then handed back. */
  close(): Promise<void>;
}
