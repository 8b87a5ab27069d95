// A queue carries invocations to whoever works on them, and remembers what an earlier attempt left in the chat.

import type { Invocation } from "./invocation.ts";
import type { Post } from "./post.ts";
import type { Json } from "./world.ts";

/** One try at a job. */
export interface Attempt {
  /** Counted from 1. */
  number: number;
  /** Whether the queue will not try again after this one. */
  last: boolean;
  /** Aborted when the person presses Stop or the worker must hand the job over. */
  signal: AbortSignal;
  /** What an earlier attempt left standing in the chat. */
  receipt: Json | undefined;
  /** Stores the receipt with the job; resolved means durable. */
  keep(receipt: Json): Promise<void>;
}

/** Resolves with the finished post when the job is done; throws a retryable error to be tried again later. */
export type Handler = (invocation: Invocation, attempt: Attempt) => Promise<Post>;

/** A job that ended: what was asked, and what stands in the chat. */
export interface Finished {
  invocation: Invocation;
  /** Without the bytes of its pictures. */
  post: Post;
  receipt: Json | undefined;
}

export interface Queue {
  /** Resolved means durable: the invocation will be worked on. The same id is added once. */
  add(invocation: Invocation): Promise<void>;
  /** Begins to take jobs, at most `concurrency` at a time. */
  work(handler: Handler, concurrency: number): Promise<void>;
  /** A job that ended in the last day; undefined where it is older or still running. Buttons are looked up here. */
  recall(id: string): Promise<Finished | undefined>;
  /** Stops a running or waiting job wherever it runs. */
  stop(id: string): Promise<void>;
  /** Ends taking jobs; running ones are given a moment, then handed back. */
  close(): Promise<void>;
}
