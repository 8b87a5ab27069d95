// The knowledge base from the chat: load, list, inspect, search and remove documents.

import { defineCommand } from "../core/command.ts";
import { BotError } from "../core/errors.ts";
import { EVERYONE, placeOf, type Document } from "../core/knowledge.ts";
import type { Reply } from "../core/reply.ts";
import { addDocuments } from "./kb-add.ts";
import { keepQuestion, listQuestions, tickOff } from "./kb-questions.ts";
import { actions } from "./kb-actions.ts";
import { kbArgs, target, type Kb } from "./kb-call.ts";
import {
  ID,
  TITLE,
  FORMAT,
  PASSAGES,
  ADDED,
  BUNDLED,
  NOTHING,
  EMPTY,
  WHICH,
  SEARCH_WHAT,
  BUNDLED_STAYS,
  counted,
  more,
  morePassages,
  removed,
  sureness,
} from "./kb-phrases.ts";

const LISTED = 50;
const SHOWN_PASSAGES = 10;
const FOUND_PASSAGES = 8;
const EXCERPT = 240;

export const kb = defineCommand({
  name: "kb",
  summary: { en: "Load, list, inspect and remove documents", "zh-TW": "載入、列出、檢視與移除文件" },
  access: "everyone",
  args: kbArgs,
  describe: {
    action: {
      en: "add, list, show, remove or search; keep leaves a question for the admins, questions lists those, answered ticks one off",
      "zh-TW":
        "add（加入）、list（列出）、show（檢視）、remove（移除）或 search（搜尋）；keep（留問題給管理員）、questions（列出留下的問題）、answered（銷號）",
    },
    target: {
      en: "A file, folder or address to add; an ID; words to search for; or a question to keep",
      "zh-TW": "要加入的檔案、資料夾或網址；ID；要搜尋的字詞；或要留下的問題",
    },
  },
  actions,
  prose: "target",
  takesFiles: ["add"],
  suggests: { target: "document" },
  examples: ["/kb add https://example.com/handbook.pdf", "/kb list", "/kb search remote work"],
  lane: (input) => {
    const action = "text" in input ? /^\s*(\S*)/.exec(input.text)?.[1] : String(input.options["action"]);
    return action?.toLowerCase() === "add" ? "documents" : "questions";
  },
  run(call) {
    switch (call.args.action) {
      case "add":
        return admitted(call, addDocuments);
      case "list":
        return list(call);
      case "show":
        return show(call);
      case "remove":
        return admitted(call, remove);
      case "search":
        return search(call);
      case "keep":
        return keepQuestion(call);
      case "questions":
        return admitted(call, listQuestions);
      case "answered":
        return admitted(call, tickOff);
    }
  },
});

async function* admitted(call: Kb, run: (call: Kb) => AsyncIterable<Reply>): AsyncGenerator<Reply> {
  if (!call.user.isAdmin)
    throw new BotError("forbidden", {
      en: "Only admins of this workspace can change the knowledge base. Please ask one of them.",
      "zh-TW": "只有這個工作區的管理員可以更動知識庫，請找其中一位幫忙。",
    });
  yield* run(call);
}

async function* list({ tools, workspace, say }: Kb): AsyncGenerator<Reply> {
  const documents = await tools.knowledge.list(workspace);
  if (documents.length === 0) return yield { type: "text", text: say(EMPTY) };
  const shown = documents.slice(0, LISTED);
  yield { type: "text", text: say(counted(documents.length)) };
  const columns = [say(ID), say(TITLE), say(FORMAT), say(PASSAGES), say(ADDED)];
  const rows = shown.map((document) => [
    document.id,
    document.title,
    document.format,
    String(document.passages),
    document.workspace === EVERYONE ? say(BUNDLED) : dateOf(document),
  ]);
  yield { type: "table", table: { columns, rows } };
  if (documents.length > LISTED) yield { type: "note", text: say(more(documents.length - LISTED)) };
}

async function* show(call: Kb): AsyncGenerator<Reply> {
  const { document, passages } = await find(call);
  const { say } = call;
  const facts = [
    document.id,
    document.format,
    `${Math.ceil(document.bytes / 1024)} KiB`,
    dateOf(document),
    document.addedBy,
  ];
  yield { type: "text", text: `**${document.title}**\n${facts.join(" · ")}\n${document.url ?? document.origin}\n\n` };
  for (const passage of passages.slice(0, SHOWN_PASSAGES))
    yield {
      type: "text",
      text: `- ${[placeOf(passage), `${passage.start}–${passage.end}`].filter(Boolean).join(" · ")}\n  ${excerpt(passage.text)}\n`,
    };
  if (passages.length > SHOWN_PASSAGES)
    yield { type: "note", text: say(morePassages(passages.length - SHOWN_PASSAGES)) };
}

async function* remove(call: Kb): AsyncGenerator<Reply> {
  const { tools, workspace, say } = call;
  const { document } = await find(call);
  if (document.workspace === EVERYONE) throw new BotError("forbidden", BUNDLED_STAYS);
  await tools.knowledge.remove(document.id, workspace);
  yield { type: "text", text: say(removed(document)) };
}

async function* search(call: Kb): AsyncGenerator<Reply> {
  const { tools, workspace, signal, say } = call;
  const words = target(call, SEARCH_WHAT);
  const { hits, confidence } = await tools.knowledge.search(words, { workspace, limit: FOUND_PASSAGES }, signal);
  if (hits.length === 0) return yield { type: "text", text: say(NOTHING) };
  for (const [i, hit] of hits.entries()) {
    const place = [hit.title, placeOf(hit)].filter(Boolean).join(" › ");
    yield {
      type: "text",
      text: `${i + 1}. **${place}** · ${hit.score.toFixed(2)} · ${hit.documentId}\n   ${excerpt(hit.text)}\n`,
    };
  }
  yield { type: "note", text: say(sureness(confidence)) };
}

async function find(call: Kb) {
  const id = target(call, WHICH);
  const found = await call.tools.knowledge.get(id, call.workspace);
  if (found) return found;
  throw new BotError("not-found", {
    en: `There is no document with the ID "${id}". /kb list shows them all.`,
    "zh-TW": `沒有 ID 為「${id}」的文件。輸入 /kb list 可以看到全部。`,
  });
}

function excerpt(text: string): string {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length > EXCERPT ? `${[...flat].slice(0, EXCERPT).join("")}…` : flat;
}

function dateOf({ addedAt }: Document): string {
  return new Date(addedAt).toISOString().slice(0, 10);
}
