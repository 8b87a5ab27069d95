// `/kb remove`: a document of the workspace, never one of the primer.

import { BotError } from "../../core/errors.ts";
import { EVERYONE } from "../../core/knowledge.ts";
import type { Reply } from "../../core/reply.ts";
import type { Kb } from "./call.ts";
import { findDocument } from "./find.ts";
import { BUNDLED_STAYS, removed } from "./phrases.ts";

export async function* removeDocument(call: Kb): AsyncGenerator<Reply> {
  const { tools, workspace, say } = call;
  const { document } = await findDocument(call);
  if (document.workspace === EVERYONE) throw new BotError("forbidden", BUNDLED_STAYS);
  await tools.knowledge.remove(document.id, workspace);
  yield { type: "text", text: say(removed(document)) };
}
