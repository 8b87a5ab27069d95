// The one document that a person names by its ID or the beginning of it. Where that names none or several, the person is told which it may be.

import { BotError } from "../../core/errors.ts";
import type { Document, Passage } from "../../core/knowledge.ts";
import type { Phrase } from "../../core/language.ts";
import { target, type Kb } from "./call.ts";
import { named } from "./list.ts";

const SHOWN = 5;

/** Throws BotError "usage" without an ID, "not-found" where it is not one document's. */
export async function findDocument(call: Kb): Promise<{ document: Document; passages: readonly Passage[] }> {
  const id = target(call, WHICH);
  const { tools, workspace } = call;
  const found = await tools.knowledge.get(id, workspace);
  if (found) return found;
  const documents = await tools.knowledge.list(workspace);
  const begun = documents.filter((document) => document.id.startsWith(id.toLowerCase()));
  const near = documents.filter(named(id));
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
