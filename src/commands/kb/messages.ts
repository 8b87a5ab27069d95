// Exports what `/kb` says.

import type { Document } from "../../core/knowledge.ts";
import type { Phrase } from "../../core/language.ts";

export const ID: Phrase = { en: "ID", "zh-TW": "ID" };
export const TITLE: Phrase = { en: "Title", "zh-TW": "標題" };
export const FORMAT: Phrase = { en: "Format", "zh-TW": "格式" };
export const PASSAGES: Phrase = { en: "Passages", "zh-TW": "段落" };
export const ADDED: Phrase = { en: "Added", "zh-TW": "加入日期" };
export const BUNDLED: Phrase = { en: "bundled", "zh-TW": "內建" };
export const NOTHING: Phrase = { en: "No passage holds any of these words.", "zh-TW": "沒有任何段落包含這些字詞。" };
export const EMPTY: Phrase = {
  en: "The knowledge base is empty. An admin can fill it with `/kb add`.",
  "zh-TW": "知識庫是空的。管理員可以用 `/kb add` 加入文件。",
};
export const NONE_NAMED: Phrase = {
  en: "No document has these words in its name or title. `/kb search` looks inside the documents.",
  "zh-TW": "沒有文件的名稱或標題包含這些字詞。用 `/kb search` 可以搜尋文件內容。",
};
export const ADMINS_ONLY: Phrase = {
  en: "Only admins of this workspace can change the knowledge base. Please ask one of them.",
  "zh-TW": "只有這個工作區的管理員可以更動知識庫，請找其中一位幫忙。",
};
export const SEARCH_WHAT: Phrase = {
  en: "Search for what? For example: `/kb search remote work`",
  "zh-TW": "要搜尋什麼？例如：`/kb search 遠端工作`",
};
export const BUNDLED_STAYS: Phrase = {
  en: "This document belongs to the bundled course, which is removed as a whole: `/kb remove primer`",
  "zh-TW": "這份文件屬於內建教材，內建教材只能整份移除：`/kb remove primer`",
};
export const NO_OWN: Phrase = {
  en: "No documents of your own yet. An admin can add some with `/kb add`.\n",
  "zh-TW": "還沒有你們自己的文件。管理員可以用 `/kb add` 加入。\n",
};
export const PRIMER_REMOVED: Phrase = {
  en: "The bundled course is taken out: no question here is answered from it. `/kb add primer` brings it back.",
  "zh-TW": "已移除內建教材，這裡的問題不再用它回答。`/kb add primer` 可以加回來。",
};
export const PRIMER_ADDED: Phrase = {
  en: "The bundled course is back: questions may be answered from it. `/kb remove primer` takes it out.",
  "zh-TW": "已加回內建教材，問題可以用它回答。`/kb remove primer` 可以移除。",
};
export const PRIMER_DISABLED: Phrase = {
  en: "The bundled course is switched off for all of this installation. Whoever runs it can set HEED_PRIMER=true and start it again.",
  "zh-TW": "這個安裝已整個停用內建教材。管理主機的人可以設定 HEED_PRIMER=true 再重新啟動。",
};

/** `number` documents of it. */
export function bundledCourse(number: number): Phrase {
  return {
    en: `Bundled course: ${number} document${number === 1 ? "" : "s"}. \`/kb list primer\` names them, \`/kb remove primer\` takes them out.`,
    "zh-TW": `內建教材：${number} 份文件。\`/kb list primer\` 可以列出，\`/kb remove primer\` 可以移除。`,
  };
}

export function countedDocuments(number: number): Phrase {
  return { en: `${number} document${number === 1 ? "" : "s"}:`, "zh-TW": `共 ${number} 份文件：` };
}

export function more(number: number): Phrase {
  return {
    en: `… and ${number} more. \`/kb list WORDS\` lists those with these words in their name.`,
    "zh-TW": `…還有 ${number} 份。用 \`/kb list 字詞\` 可以只列出名稱符合的文件。`,
  };
}

export function morePassages(number: number): Phrase {
  return { en: `… and ${number} more passages.`, "zh-TW": `…還有 ${number} 個段落。` };
}

export function removed({ title }: Document): Phrase {
  return { en: `Removed "${title}".`, "zh-TW": `已移除「${title}」。` };
}

export function sureness(confidence: number): Phrase {
  const percent = Math.round(confidence * 100);
  return { en: `Confidence that the answer is here: ${percent}%`, "zh-TW": `知識庫裡有答案的把握：${percent}%` };
}
