// `/kb show`: what is known of a document, and how it was cut into passages.

import { placeOf } from "../../core/knowledge.ts";
import type { Reply } from "../../core/reply.ts";
import { dateOf, excerpt, type Kb } from "./call.ts";
import { findDocument } from "./find.ts";
import { morePassages } from "./phrases.ts";

const SHOWN_PASSAGES = 10;
const KIBIBYTE = 1024;

export async function* showDocument(call: Kb): AsyncGenerator<Reply> {
  const { document, passages } = await findDocument(call);
  const { id, format, bytes, addedBy, title, url, origin } = document;
  const facts = [id, format, `${Math.ceil(bytes / KIBIBYTE)} KiB`, dateOf(document), addedBy];
  yield { type: "text", text: `**${title}**\n${facts.join(" · ")}\n${url ?? origin}\n\n` };
  for (const passage of passages.slice(0, SHOWN_PASSAGES)) {
    const place = [call.say(placeOf(passage)), `${passage.start}–${passage.end}`].filter(Boolean).join(" · ");
    yield { type: "text", text: `- ${place}\n  ${excerpt(withoutHeadings(passage.text))}\n` };
  }
  const left = passages.length - SHOWN_PASSAGES;
  if (left > 0) yield { type: "note", text: call.say(morePassages(left)) };
}

/** Its place says them already. A passage of nothing else keeps them. */
function withoutHeadings(text: string): string {
  return text.replace(/^(?:#{1,6} [^\n]*\n+)+(?=\S)/, "");
}
