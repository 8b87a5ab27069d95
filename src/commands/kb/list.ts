// `/kb list`: the documents of the workspace, newest first, and the bundled ones; with words, those whose name or title has them.

import { EVERYONE, type Document } from "../../core/knowledge.ts";
import type { Reply } from "../../core/reply.ts";
import { dateOf, type Kb } from "./call.ts";
import { ADDED, BUNDLED, counted, EMPTY, FORMAT, ID, more, NONE_NAMED, PASSAGES, TITLE } from "./phrases.ts";

const LISTED = 50;

export async function* listDocuments({ args, tools, workspace, say }: Kb): AsyncGenerator<Reply> {
  const all = await tools.knowledge.list(workspace);
  if (all.length === 0) return yield { type: "text", text: say(EMPTY) };
  const documents = all.filter(named(args.target ?? "")).toSorted(ownNewestFirst);
  if (documents.length === 0) return yield { type: "text", text: say(NONE_NAMED) };
  yield { type: "text", text: say(counted(documents.length)) };
  const columns = [say(ID), say(TITLE), say(FORMAT), say(PASSAGES), say(ADDED)];
  const rows = documents
    .slice(0, LISTED)
    .map((document) => [
      document.id,
      document.title,
      document.format,
      String(document.passages),
      isBundled(document) ? say(BUNDLED) : dateOf(document),
    ]);
  yield { type: "table", table: { columns, rows } };
  if (documents.length > LISTED) yield { type: "note", text: say(more(documents.length - LISTED)) };
}

/** Whether every word stands in the ID, the title or the origin. */
export function named(words: string): (document: Document) => boolean {
  const wanted = words.normalize("NFKC").toLowerCase().split(/\s+/);
  return ({ id, title, origin }) => {
    const names = `${id}\n${title}\n${origin}`.normalize("NFKC").toLowerCase();
    return wanted.every((word) => names.includes(word));
  };
}

function ownNewestFirst(a: Document, b: Document): number {
  if (isBundled(a) !== isBundled(b)) return isBundled(a) ? 1 : -1;
  return isBundled(a) ? 0 : b.addedAt - a.addedAt;
}

function isBundled({ workspace }: Document): boolean {
  return workspace === EVERYONE;
}
