// Defines a job's payload with its version, since two versions of Heed may share one queue.

import { z } from "zod";
import { Invocation } from "../../core/invocation.ts";
import type { Post } from "../../core/post.ts";

/** Raised whenever a worker of the version before could no longer do the job. */
export const VERSION = 1;

const Version = z.object({ version: z.number().default(VERSION) });

/**
 * The invocation, and what its attempts left behind. `forgiven` counts the stalls before a person asked for another run.
 * A post is only handed back, never read here, so it passes as it is.
 */
const Payload = Version.extend({
  invocation: Invocation,
  receipt: z.json().optional(),
  post: z.custom<Post>().optional(),
  forgiven: z.number().default(0),
});
export type Payload = z.infer<typeof Payload>;

export function newPayload(invocation: Invocation): Payload {
  return { version: VERSION, invocation, forgiven: 0 };
}

/** Undefined where a newer version wrote it. Throws where nobody can read it. */
export function readPayload(written: unknown): Payload | undefined {
  return Version.parse(written).version > VERSION ? undefined : Payload.parse(written);
}
