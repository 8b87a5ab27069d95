// Lists, shows, searches and removes documents of the knowledge base.

import { EVERYONE, type Document, passagePlace, type Passage } from "../../core/knowledge.ts";
import type { Reply } from "../../core/reply.ts";
import { dateOf, type Kb, excerpt, target } from "./args.ts";
import {
  ADDED,
  BUNDLED,
  countedDocuments,
  EMPTY,
  FORMAT,
  ID,
  more,
  NONE_NAMED,
  PASSAGES,
  TITLE,
  morePassages,
  BUNDLED_STAYS,
  bundledCourse,
  NO_OWN,
  PRIMER_ADDED,
  PRIMER_DISABLED,
  PRIMER_REMOVED,
  removed,
  NOTHING,
  SEARCH_WHAT,
  sureness,
} from "./messages.ts";
import { BotError } from "../../core/errors.ts";
import type { Phrase } from "../../core/language.ts";

const LISTED = 50;

export async function* listDocuments({ args, tools, workspace, say }: Kb): AsyncGenerator<Reply> {
  const all = await tools.knowledge.list(workspace);
  if (all.length === 0) return yield { type: "text", text: say(EMPTY) };
  const { target: words } = args;
  const bundled = all.filter(isBundled).length;
  // Who names words may look for the course; who names none wants to see the team's own.
  if (!words && bundled === all.length)
    return yield { type: "text", text: `${say(NO_OWN)}${say(bundledCourse(bundled))}` };
  const documents = all.filter(words ? hasWords(words) : (each) => !isBundled(each)).toSorted(ownNewestFirst);
  if (documents.length === 0) return yield { type: "text", text: say(NONE_NAMED) };
  yield { type: "text", text: say(countedDocuments(documents.length)) };
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
  if (!words && bundled > 0) yield { type: "note", text: say(bundledCourse(bundled)) };
}

/** Whether every word stands in the ID, the title or the origin. */
export function hasWords(words: string): (document: Document) => boolean {
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

const SHOWN_PASSAGES = 10;
const KIBIBYTE = 1024;

export async function* showDocument(call: Kb): AsyncGenerator<Reply> {
  const { document, passages } = await findDocument(call);
  const { id, format, bytes, addedBy, title, url, origin } = document;
  const facts = [id, format, `${Math.ceil(bytes / KIBIBYTE)} KiB`, dateOf(document), addedBy];
  yield { type: "text", text: `**${title}**\n${facts.join(" · ")}\n${url ?? origin}\n\n` };
  for (const passage of passages.slice(0, SHOWN_PASSAGES)) {
    const place = [call.say(passagePlace(passage)), `${passage.start}–${passage.end}`].filter(Boolean).join(" · ");
    yield { type: "text", text: `- ${place}\n  ${excerpt(withoutHeadings(passage.text))}\n` };
  }
  const left = passages.length - SHOWN_PASSAGES;
  if (left > 0) yield { type: "note", text: call.say(morePassages(left)) };
}

/** Its place says them already. A passage of nothing else keeps them. */
function withoutHeadings(text: string): string {
  return text.replace(/^(?:#{1,6} [^\n]*\n+)+(?=\S)/, "");
}

export async function* removeDocument(call: Kb): AsyncGenerator<Reply> {
  const { tools, workspace, say } = call;
  if (namesPrimer(call)) return yield* usePrimer(false, call);
  const { document } = await findDocument(call);
  if (document.workspace === EVERYONE) throw new BotError("forbidden", BUNDLED_STAYS);
  await tools.knowledge.remove(document.id, workspace);
  yield { type: "text", text: say(removed(document)) };
}

const PRIMER = /^["“「]?(?:the )?(?:(?:bundled )?(?:primer|course)|內建教材|教材)["”」]?$/iu;

/** Whether the bundled course is meant, and not a document or a file. */
export function namesPrimer({ args }: Kb): boolean {
  return PRIMER.test(args.target?.trim() ?? "");
}

/** Throws BotError "forbidden" where the course is off for the whole installation. */
export async function* usePrimer(isUsed: boolean, { tools, workspace, say }: Kb): AsyncGenerator<Reply> {
  if ((await tools.knowledge.primer(workspace)) === "disabled") throw new BotError("forbidden", PRIMER_DISABLED);
  await tools.knowledge.usePrimer(isUsed, workspace);
  yield { type: "text", text: say(isUsed ? PRIMER_ADDED : PRIMER_REMOVED) };
}

const FOUND_PASSAGES = 8;

export async function* search(call: Kb): AsyncGenerator<Reply> {
  const { tools, workspace, signal, say } = call;
  const words = target(call, SEARCH_WHAT);
  const { hits, confidence } = await tools.knowledge.search(words, { workspace, limit: FOUND_PASSAGES }, signal);
  if (hits.length === 0) return yield { type: "text", text: say(NOTHING) };
  for (const [i, hit] of hits.entries()) {
    const place = [hit.title, say(passagePlace(hit))].filter(Boolean).join(" › ");
    const quoted = hit.text.slice(hit.quote.start - hit.start, hit.quote.end - hit.start);
    yield {
      type: "text",
      text: `${i + 1}. **${place}** · ${hit.score.toFixed(2)} · ${hit.documentId}\n   ${excerpt(quoted)}\n`,
    };
  }
  yield { type: "note", text: say(sureness(confidence)) };
}

const SHOWN = 5;

/** Throws BotError "usage" without an ID, "not-found" where it is not one document's. */
export async function findDocument(call: Kb): Promise<{ document: Document; passages: readonly Passage[] }> {
  const id = target(call, WHICH);
  const { tools, workspace } = call;
  const found = await tools.knowledge.get(id, workspace);
  if (found) return found;
  const documents = await tools.knowledge.list(workspace);
  const begun = documents.filter((document) => document.id.startsWith(id.toLowerCase()));
  const near = documents.filter(hasWords(id));
  throw new BotError("not-found", begun.length > 1 ? ambiguous(id, begun) : unknown(id, near));
}

const WHICH: Phrase = {
  en: "Which document? Give its ID, as `/kb list` shows it.",
  "zh-TW": "哪一份文件？請給我它的 ID，`/kb list` 會列出來。",
};

function ambiguous(id: string, documents: readonly Document[]): Phrase {
  return {
    en: `${documents.length} documents have an ID that begins with "${id}": ${nameAll(documents, ", ")}. Give me one of them.`,
    "zh-TW": `有 ${documents.length} 份文件的 ID 以「${id}」開頭：${nameAll(documents, "、")}。請指定其中一份。`,
  };
}

function unknown(id: string, near: readonly Document[]): Phrase {
  if (near.length === 0)
    return {
      en: `There is no document with the ID "${id}". \`/kb list\` shows them all.`,
      "zh-TW": `沒有 ID 為「${id}」的文件。輸入 \`/kb list\` 可以看到全部。`,
    };
  return {
    en: `There is no document with the ID "${id}". Did you mean ${nameAll(near, ", ")}?`,
    "zh-TW": `沒有 ID 為「${id}」的文件。你是不是要找：${nameAll(near, "、")}？`,
  };
}

function nameAll(documents: readonly Document[], comma: string): string {
  const names = documents.slice(0, SHOWN).map(({ id, title }) => `\`${id}\` (${title})`);
  return [...names, ...(documents.length > SHOWN ? ["…"] : [])].join(comma);
}
