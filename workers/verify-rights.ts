// Verifies the rights that a job claims: whoever can write to the queue could write them into it.

import type { Invocation } from "../src/core/invocation.ts";
import type { Adapter } from "../src/core/platform.ts";
import type { Queue } from "../src/core/queue.ts";

/**
 * A person at the machine may name any of its files, so this claim is honoured for what was typed here alone: on a
 * platform that hears it in this process, in a queue that no other account can write to or in a question that still
 * waits here. A job that only claims it is a stranger's, whose word for being an admin counts no more.
 */
export function withVerifiedRights(
  invocation: Invocation,
  adapter: Pick<Adapter, "asked">,
  { isPrivate = false }: Pick<Queue, "isPrivate">,
): Invocation {
  const { user, id } = invocation;
  if (!user.isLocal || (adapter.asked && (isPrivate || adapter.asked(id)))) return invocation;
  return { ...invocation, user: { ...user, isLocal: false, isAdmin: false } };
}
