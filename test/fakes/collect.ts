// A command's replies, folded as the chat would show them at the end.

import { perform } from "../../src/bot/perform.ts";
import type { Memory } from "../../src/bot/memory.ts";
import type { Toolbox } from "../../src/core/command.ts";
import type { Invocation } from "../../src/core/invocation.ts";
import type { Adapter } from "../../src/core/platform.ts";
import { emptyPost, finish, fold, type Post } from "../../src/core/post.ts";
import type { Reply } from "../../src/core/reply.ts";

export async function collect(
  invocation: Invocation,
  tools: Toolbox,
  more: { memory?: Memory; download?: NonNullable<Adapter["download"]> } = {},
): Promise<{ post: Post; replies: Reply[] }> {
  const replies: Reply[] = [];
  const { memory, download } = more;
  const adapter = download ? { download } : {};
  const { signal } = new AbortController();
  for await (const reply of perform(invocation, { tools, adapter, signal, ...(memory && { memory }) }))
    replies.push(reply);
  return { post: finish(replies.reduce(fold, emptyPost("en"))), replies };
}
