// Defines a platform: it receives invocations and shows posts.

import type { z } from "zod";
import type { Command } from "./command.ts";
import type { Address, Attachment, Invocation } from "./invocation.ts";
import type { Notation } from "./notation.ts";
import type { Post } from "./post.ts";
import type { FinishedJob } from "./queue.ts";
import type { Records } from "./records.ts";
import type { Suggestion } from "./suggestions.ts";
import type { Json, Runtime } from "./runtime.ts";

/** One place in a chat, made to look like a post. */
export interface Outbox {
  /** Makes the chat show this post; returns what a later attempt needs to find it again. */
  show(post: Post, signal: AbortSignal): Promise<Json>;
  /** The least time between two shows, in milliseconds. */
  readonly pace: number;
  /** Once shown: the thread that a reply to this post would be in, where that is not the address's own. Memory follows it. */
  readonly thread?: string | undefined;
  /** Once a finished post is shown: whether the platform refused its full form, so that a lesser one stands. */
  readonly outcome?: "whole" | "lesser" | undefined;
}

/** What the listening side gives an adapter. */
export interface Dispatcher {
  /** Resolved means durable: only now may the platform be told that the question was taken. */
  enqueue(invocation: Invocation): Promise<void>;
  /** Stops the answer to an earlier invocation. */
  stop(id: string): Promise<void>;
  /** What an earlier invocation came to; undefined where it is too old or still running. */
  recall(id: string): Promise<FinishedJob | undefined>;
  /** Values that fit what is being typed for an argument, best first; where the listening side knows any. */
  suggest?(typing: Typing): Promise<readonly Suggestion[]>;
  commands: readonly Command[];
}

/** An argument in the middle of being typed. */
export interface Typing {
  command: string;
  argument: string;
  /** What stands there so far; may be empty. */
  typed: string;
  workspace: string;
}

/** One platform, configured and connected. */
export interface Adapter {
  /** Begins to listen. */
  start(dispatcher: Dispatcher): Promise<void>;
  /**
   * With a receipt, what it names is edited. Without one, `mayStand` says that an earlier attempt may have posted and
   * died before its receipt was kept: then an outbox looks for that post, where its platform lets it, before it posts.
   */
  open(address: Address, receipt?: Json, maybePosted?: boolean): Outbox;
  /**
   * The place of an answer that stands, for a job of this id whose post takes its place; missing where a platform
   * cannot change what stands. A post that is bare leaves it as it is; a failure is then told to the asker alone.
   */
  inPlaceOf?(address: Address, receipt: Json, id: string): Address;
  /** How commands are written there; as at a prompt without it. */
  readonly notation?: Notation;
  /** The bytes of a file that came with an invocation, on a platform that has files. Throws BotError. */
  download?(attachment: Attachment, signal: AbortSignal): Promise<Uint8Array>;
  /** Whether the question of this id was typed on this machine, in this process, and still waits: for a platform that is the machine's own. */
  asked?(id: string): boolean;
  /** Ends listening; what was enqueued stays. */
  close(): Promise<void>;
  /** Resolves with an exit status when the person leaves, where a platform can be left. */
  readonly ended?: Promise<number>;
}

/** What a platform declares: its name, its variables, and how its adapter is made. */
export interface Platform<Env extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** Its variables. The required ones decide whether it is configured. */
  readonly env: Env;
  create(env: z.infer<Env>, runtime: Runtime, records: Records): Adapter;
}
