// What Slack's own buttons and refusals say, in both languages.

import type { Phrase } from "../../src/core/language.ts";

export const SHOW_QUOTE: Phrase = { en: "Show quote", "zh-TW": "看原文" };
export const SHOW_A_QUOTE: Phrase = { en: "Show quote …", "zh-TW": "看原文…" };
export const NOTHING_TO_SHOW: Phrase = { en: "Done.", "zh-TW": "完成。" };
export const CUT: Phrase = {
  en: "The rest does not fit into Slack. Ask for a part of it.",
  "zh-TW": "其餘內容超過 Slack 的上限，請縮小範圍再問一次。",
};
export const ONLY_YOU: Phrase = {
  en: "Working on it. Only you will see the answer.",
  "zh-TW": "處理中，只有你看得到回答。",
};
export const OUTSIDE: Phrase = {
  en: "Working on it. Slack does not let me write in this channel, so the answer comes when it is done; `/invite @heed` may change that.",
  "zh-TW": "處理中。Slack 不讓我在這個頻道發言，完成後才會貼出回答；輸入 `/invite @heed` 邀請我，也許就能看到進度。",
};
export const SLOW_QUEUE: Phrase = {
  en: "Taking your question takes longer than usual; I'm still trying.",
  "zh-TW": "接收問題比平常慢，我還在處理。",
};
export const STILL_WRITING: Phrase = { en: "Still working on your question.", "zh-TW": "還在處理你的問題。" };
export const SUGGESTIONS: Phrase = { en: "You could ask", "zh-TW": "可以這樣問" };
export const READS_NO_QUESTION: Phrase = {
  en: "This message has no text to ask about.",
  "zh-TW": "這則訊息沒有可以詢問的文字。",
};

export const READS_NO_FILE: Phrase = {
  en: "This message has no file and no link to add.",
  "zh-TW": "這則訊息沒有可以加入的檔案或連結。",
};

/** Above an answer that went to the asker because it could not go to the channel. */
export function notInChannel(channel: string): Phrase {
  return {
    en: `Slack did not let me post in <#${channel}>. If I am not a member there, type \`/invite @heed\` in it. Your answer:`,
    "zh-TW": `Slack 不讓我在 <#${channel}> 發言。如果我還不是成員，請在該頻道輸入 \`/invite @heed\`。你的回答：`,
  };
}

/** Above an answer for the asker alone that could not be shown to them alone where they asked. */
export function forYouAlone(channel: string): Phrase {
  return {
    en: `You asked in <#${channel}> for an answer that only you see:`,
    "zh-TW": `你在 <#${channel}> 要求只給你看的回答：`,
  };
}

export const HANGS_DIRECTLY: Phrase = {
  en: "What belongs to this is in our direct messages.",
  "zh-TW": "附件在我們的私訊裡。",
};

export function enclosureRefused(code: string): Phrase {
  return {
    en: `Slack did not take the file (${code}). An admin can check that Heed has the scope files:write.`,
    "zh-TW": `Slack 沒有收下附件（${code}）。請管理員檢查 Heed 是否有 files:write 權限。`,
  };
}

export function enclosuresLeftOut(files: number): Phrase {
  return {
    en: `${files} more files are left out; ask for fewer at once.`,
    "zh-TW": `另有 ${files} 個檔案沒有附上，請分次索取。`,
  };
}

export function quoteOf(number: number, title: string): Phrase {
  return { en: `[${number}] ${title}, in its own words:`, "zh-TW": `[${number}] ${title} 原文：` };
}

export function moreRows(rows: number): Phrase {
  return { en: `… and ${rows} more rows`, "zh-TW": `…還有 ${rows} 列` };
}

export function moreColumns(columns: number): Phrase {
  return { en: `${columns} columns are left out`, "zh-TW": `省略了 ${columns} 欄` };
}
