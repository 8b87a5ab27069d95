// Defines the arguments of `/kb`, and how dates and excerpts are shown.

import { clip, oneLine } from "../../core/text.ts";
import { z } from "zod";
import type { CommandContext, ActionSummary } from "../../core/command.ts";
import { BotError } from "../../core/errors.ts";
import type { Document } from "../../core/knowledge.ts";
import type { Phrase } from "../../core/language.ts";

export const kbArgs = z.object({
  action: z.enum(["add", "list", "show", "remove", "search", "keep", "questions", "answered", "status"]),
  target: z.string().min(1).max(2000).optional(),
});
export type Kb = CommandContext<z.infer<typeof kbArgs>>;

/** What the action is about; without it, the person is told what is missing. */
export function target({ args }: Kb, missing: Phrase): string {
  const words = args.target?.trim();
  if (!words) throw new BotError("usage", missing);
  return words;
}

const EXCERPT = 240;

/** The beginning of a text in one line. */
export function excerpt(text: string): string {
  return clip(oneLine(text), EXCERPT);
}

export function dateOf({ addedAt }: Pick<Document, "addedAt">): string {
  return new Date(addedAt).toISOString().slice(0, 10);
}

const DOCUMENT: Phrase = { en: "The document's ID, as list shows it", "zh-TW": "文件的 ID，「列出」會顯示" };

export const actions: Readonly<Record<z.infer<typeof kbArgs>["action"], ActionSummary>> = {
  add: {
    does: { en: "Load files or a web page; for admins", "zh-TW": "載入檔案或網頁；限管理員" },
    takes: { en: "A web address; files go along by the options below", "zh-TW": "網址；檔案請用下面的選項附上" },
    isOptional: true,
  },
  list: {
    does: { en: "List what is loaded", "zh-TW": "列出已載入的文件" },
    takes: { en: "Words of the title; all documents without it", "zh-TW": "標題裡的字詞；不填就列出全部" },
    isOptional: true,
  },
  show: {
    does: { en: "Show a document and how it was split", "zh-TW": "檢視一份文件和它的段落" },
    takes: DOCUMENT,
    isSuggested: true,
  },
  remove: {
    does: { en: "Remove a document; for admins", "zh-TW": "移除一份文件；限管理員" },
    takes: DOCUMENT,
    isSuggested: true,
  },
  search: {
    does: { en: "See which passages a question finds", "zh-TW": "看一個問題會找到哪些段落" },
    takes: { en: "A question, or words to search for", "zh-TW": "問題，或要搜尋的字詞" },
  },
  keep: {
    does: { en: "Leave a question for the admins", "zh-TW": "把問題留給管理員" },
    takes: { en: "What the documents should answer", "zh-TW": "文件應該要能回答的問題" },
  },
  questions: {
    does: { en: "List the questions that were left; for admins", "zh-TW": "列出大家留下的問題；限管理員" },
  },
  answered: {
    does: { en: "Tick off a question that was left; for admins", "zh-TW": "把留下的問題標為已解決；限管理員" },
    takes: { en: "The question's ID, as questions shows it", "zh-TW": "問題的 ID，「待答問題」會顯示" },
  },
  status: {
    does: {
      en: "Show what keeps the documents and how it fares; for admins",
      "zh-TW": "檢視文件存放處與運作狀況；限管理員",
    },
  },
};
