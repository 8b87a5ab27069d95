// The knowledge base from the chat: load, list, inspect, search and remove documents, and keep the questions they do not answer.

import { findChoice } from "../../core/arguments.ts";
import { defineCommand, type Command } from "../../core/command.ts";
import { actions, kbArgs } from "./args.ts";
import { addDocuments } from "./add.ts";
import { listDocuments, removeDocument, search, showDocument } from "./documents.ts";
import { ADMINS_ONLY } from "./messages.ts";
import { keepQuestion, listQuestions, tickOff } from "./questions.ts";
import { showStatus } from "./status.ts";

export const kb: Command = defineCommand({
  name: "kb",
  summary: { en: "Load, list, inspect and remove documents", "zh-TW": "載入、列出、檢視與移除文件" },
  access: "everyone",
  args: kbArgs,
  describe: {
    action: {
      en: "add, list, show, remove or search; keep leaves a question for the admins, questions lists those, answered ticks one off; status shows how the store fares",
      "zh-TW":
        "add（加入）、list（列出）、show（檢視）、remove（移除）或 search（搜尋）；keep（留問題給管理員）、questions（列出留下的問題）、answered（銷號）；status（運作狀況）",
    },
    target: {
      en: "A file, folder or address to add; an ID; words to search or list by; or a question to keep",
      "zh-TW": "要加入的檔案、資料夾或網址；ID；要搜尋或篩選的字詞；或要留下的問題",
    },
  },
  actions,
  prose: "target",
  takesFiles: ["add"],
  suggests: { target: "document" },
  names: {
    "zh-TW": {
      kb: "知識庫",
      action: "動作",
      target: "對象",
      add: "加入",
      list: "列出",
      show: "檢視",
      remove: "移除",
      search: "搜尋",
      keep: "留下問題",
      questions: "待答問題",
      answered: "已解決",
      status: "運作狀況",
    },
  },
  examples: ["/kb add https://example.com/handbook.pdf", "/kb list", "/kb search remote work"],
  lane: (input) => {
    const action = "text" in input ? /^\s*(\S*)/.exec(input.text)?.[1] : String(input.options["action"]);
    return findChoice(kb, ["add"], action ?? "") ? "documents" : "questions";
  },
  views: {
    add: { audience: "everyone", admins: ADMINS_ONLY, run: addDocuments },
    list: { audience: "typist", run: listDocuments },
    show: { audience: "typist", run: showDocument },
    remove: { audience: "typist", admins: ADMINS_ONLY, run: removeDocument },
    search: { audience: "typist", run: search },
    keep: { audience: "typist", run: keepQuestion },
    // What members wrote is for the admins' eyes, and never for those of the channel an admin happens to type in.
    questions: { audience: "asker", admins: ADMINS_ONLY, run: listQuestions },
    answered: { audience: "asker", admins: ADMINS_ONLY, run: tickOff },
    // It tells of all workspaces together.
    status: { audience: "asker", admins: ADMINS_ONLY, run: showStatus },
  },
  choose: ({ action }) => action,
});
