// A command's replies, folded as the chat would show them at the end.

import { perform } from "../../src/bot/perform.ts";
import type { Toolbox } from "../../src/core/command.ts";
import type { Invocation } from "../../src/core/invocation.ts";
import { emptyPost, finish, fold, type Post } from "../../src/core/post.ts";
import type { Reply } from "../../src/core/reply.ts";

export async function collect(invocation: Invocation, tools: Toolbox): Promise<{ post: Post; replies: Reply[] }> {
  const replies: Reply[] = [];
  for await (const reply of perform(invocation, { tools, adapter: {}, signal: new AbortController().signal }))
    replies.push(reply);
  return { post: finish(replies.reduce(fold, emptyPost("en"))), replies };
}
