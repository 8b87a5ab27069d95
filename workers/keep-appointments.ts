// Queues what a post leaves for later: a delayed job that answers in the post's place.

import type { Invocation } from "../src/core/invocation.ts";
import type { Adapter } from "../src/core/platform.ts";
import type { Post } from "../src/core/post.ts";
import type { Queue } from "../src/core/queue.ts";
import type { Json } from "../src/core/runtime.ts";

/** What stands in the chat, and where. */
export interface Standing {
  invocation: Invocation;
  post: Post;
  receipt: Json | undefined;
}

/** Resolved means durable. Where a platform cannot change what stands, nothing is kept. */
export async function keepAppointments(
  { invocation, post, receipt = null }: Standing,
  adapter: Adapter,
  queue: Pick<Queue, "add">,
): Promise<void> {
  const { user, address } = invocation;
  for (const { id, at, command, options } of post.appointments ?? []) {
    const place = adapter.inPlaceOf?.(address, receipt, id);
    if (!place) return;
    const due = { id, command, input: { options: { ...options } }, user, address: place, receivedAt: at };
    await queue.add({ ...due, attachments: [], context: [] }, "questions", at);
  }
}
