// `/kb search`: the passages that a question would be answered from, each with its score and the words that speak most to it.

import { placeOf } from "../../core/knowledge.ts";
import type { Reply } from "../../core/reply.ts";
import { excerpt, target, type Kb } from "./call.ts";
import { NOTHING, SEARCH_WHAT, sureness } from "./phrases.ts";

const FOUND_PASSAGES = 8;

export async function* search(call: Kb): AsyncGenerator<Reply> {
  const { tools, workspace, signal, say } = call;
  const words = target(call, SEARCH_WHAT);
  const { hits, confidence } = await tools.knowledge.search(words, { workspace, limit: FOUND_PASSAGES }, signal);
  if (hits.length === 0) return yield { type: "text", text: say(NOTHING) };
  for (const [i, hit] of hits.entries()) {
    const place = [hit.title, say(placeOf(hit))].filter(Boolean).join(" › ");
    const quoted = hit.text.slice(hit.quote.start - hit.start, hit.quote.end - hit.start);
    yield {
      type: "text",
      text: `${i + 1}. **${place}** · ${hit.score.toFixed(2)} · ${hit.documentId}\n   ${excerpt(quoted)}\n`,
    };
  }
  yield { type: "note", text: say(sureness(confidence)) };
}
