// Exports the sentences and labels that Heed says on Slack alone.

import type { Phrase } from "../../src/core/language.ts";

export const SHOW_QUOTE: Phrase = { en: "Show quote", "zh-TW": "看原文" };
export const SHOW_A_QUOTE: Phrase = { en: "Show quote …", "zh-TW": "看原文…" };
export const NOTHING_TO_SHOW: Phrase = { en: "Done.", "zh-TW": "完成。" };
export const CUT: Phrase = {
  en: "… A part in the middle does not fit into Slack and is left out here. Ask for that part.",
  "zh-TW": "…中間有一段超過 Slack 的上限，這裡省略了。請縮小範圍再問一次。",
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

/** What Slack's codes mean, as clauses: a sentence puts them behind a colon and ends them. */
const REASONS: Readonly<Record<string, Phrase>> = {
  not_in_channel: {
    en: "I am not a member there; `/invite @heed` changes that",
    "zh-TW": "我不是那個頻道的成員；輸入 `/invite @heed` 就可以了",
  },
  channel_not_found: {
    en: "I cannot see that channel; if it is private, `/invite @heed` changes that",
    "zh-TW": "我看不到那個頻道；如果是私人頻道，輸入 `/invite @heed` 就可以了",
  },
  is_archived: { en: "the channel is archived", "zh-TW": "這個頻道已封存" },
  thread_not_found: { en: "the thread is no longer there", "zh-TW": "這個討論串已經不在了" },
  thread_locked: { en: "the thread is locked", "zh-TW": "這個討論串已鎖定" },
  restricted_action_thread_locked: { en: "the thread is locked", "zh-TW": "這個討論串已鎖定" },
  restricted_action: {
    en: "a setting of the workspace keeps apps from posting there",
    "zh-TW": "工作區的設定不讓應用程式在那裡發言",
  },
  restricted_action_read_only_channel: { en: "the channel is read-only", "zh-TW": "這個頻道是唯讀的" },
  restricted_action_thread_only_channel: {
    en: "only replies in threads are allowed there",
    "zh-TW": "那裡只能在討論串中回覆",
  },
  restricted_action_non_threadable_channel: {
    en: "no threads are allowed there",
    "zh-TW": "那裡不能使用討論串",
  },
  posting_to_general_channel_denied: {
    en: "a setting of the workspace keeps apps from posting in that channel",
    "zh-TW": "工作區的設定不讓應用程式在那個頻道發言",
  },
  cannot_reply_to_message: { en: "that message takes no replies", "zh-TW": "那則訊息不能回覆" },
  msg_too_long: { en: "it is longer than Slack takes", "zh-TW": "它超過 Slack 可以接受的長度" },
  msg_blocks_too_long: { en: "it is longer than Slack takes", "zh-TW": "它超過 Slack 可以接受的長度" },
  invalid_blocks: {
    en: "Slack found fault with its form (invalid_blocks)",
    "zh-TW": "Slack 不接受它的格式（invalid_blocks）",
  },
};

/** Why Slack refused something: what its code says and no guess. */
export function reasonFor({ code, needed }: { code: string; needed?: string | undefined }): Phrase {
  if (code === "missing_scope" && needed)
    return {
      en: `I lack the scope ${needed}, which an admin grants by installing Heed again`,
      "zh-TW": `我缺少 ${needed} 權限，請管理員重新安裝 Heed 來授權`,
    };
  return REASONS[code] ?? { en: `Slack refused it (${code})`, "zh-TW": `Slack 拒絕了（${code}）` };
}

/** Above an answer that went to the asker because it could not go to the channel. */
export function movedHere(channel: string, why: Phrase): Phrase {
  return {
    en: `I could not show this in <#${channel}>: ${why.en}. So here is your answer:`,
    "zh-TW": `這則回答沒辦法顯示在 <#${channel}>：${why["zh-TW"]}。所以傳到這裡：`,
  };
}

/** In place of an answer, with every reason once. */
export function cannotShow(reasons: readonly Phrase[]): Phrase {
  const join = (language: keyof Phrase, mark: string) => [...new Set(reasons.map((why) => why[language]))].join(mark);
  return {
    en: `I have an answer, but Slack does not let me show it: ${join("en", "; ")}.`,
    "zh-TW": `我有回答了，但 Slack 不讓我顯示：${join("zh-TW", "；")}。`,
  };
}

/** Below an answer whose blocks were refused. */
export function formLeftOut(why: Phrase): Phrase {
  return {
    en: `Buttons and layout are left out: ${why.en}.`,
    "zh-TW": `按鈕和排版沒有附上：${why["zh-TW"]}。`,
  };
}

/** In place of what stood in the channel. */
export const ANSWERED_ASIDE: Phrase = {
  en: "The answer went to whoever asked, since Slack did not let me show it here.",
  "zh-TW": "Slack 不讓我在這裡顯示，回答已傳給提問的人。",
};
export const ANSWERED_BELOW: Phrase = {
  en: "This is over; the answer is a message of its own.",
  "zh-TW": "這則已經結束，回答是另一則訊息。",
};

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

export function fileRefused(why: Phrase): Phrase {
  return { en: `A file is left out: ${why.en}.`, "zh-TW": `有檔案沒有附上：${why["zh-TW"]}。` };
}

export function filesLeftOut(files: number): Phrase {
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
