// Exports the sentences and labels that Heed says on Discord alone.

import type { Phrase } from "../../src/core/language.ts";
import { Refusal } from "./failures.ts";

export const ASK_ABOUT: Phrase = { en: "Ask Heed about this", "zh-TW": "拿這則訊息問 Heed" };
export const EXPLAIN_ATTENTION: Phrase = { en: "Explain attention", "zh-TW": "解釋注意力" };
export const PRIVATE_OPTION: Phrase = { en: "Only you see the answer", "zh-TW": "只有你看得到回答" };
export const FILE_OPTION_NAME: Phrase = { en: "file", "zh-TW": "檔案" };
export const FILE_OPTION: Phrase = { en: "A file to go along", "zh-TW": "一起送出的檔案" };

export const SHOW_QUOTES: Phrase = { en: "Show quotes", "zh-TW": "看原文" };
export const ASK_AGAIN: Phrase = { en: "Ask again with …", "zh-TW": "換個方式再問" };
export const OPEN_THREAD: Phrase = { en: "Continue in a thread", "zh-TW": "開討論串接著問" };
export const EMPTY_ANSWER: Phrase = { en: "Done.", "zh-TW": "完成。" };
export const WHOLE_ANSWER: Phrase = {
  en: "The whole answer is in the attached file.",
  "zh-TW": "完整的回答在附加的檔案裡。",
};

export const UNKNOWN_BUTTON: Phrase = {
  en: "I do not know this button any more. Ask again and use the new ones.",
  "zh-TW": "這個按鈕已經失效了。請再問一次，使用新的按鈕。",
};
export const NO_QUOTES: Phrase = { en: "This answer quotes nothing.", "zh-TW": "這個回答沒有引用原文。" };
export const NO_WORDS: Phrase = {
  en: "This message has no text that I can use.",
  "zh-TW": "這則訊息沒有可以使用的文字。",
};
export const EXPLAIN_THIS: Phrase = { en: "What is this about?", "zh-TW": "這是在說什麼？" };

export function threadOpened(thread: string): Phrase {
  return { en: `Go on in <#${thread}>.`, "zh-TW": `請到 <#${thread}> 接著問。` };
}

/** What stands first in a thread that Heed opened; without the privileged intent it reads only what mentions it. */
export function threadGreeting(readsAll: boolean): Phrase {
  return readsAll
    ? { en: "Ask on here; there is no need to mention me.", "zh-TW": "在這裡接著問就好，不必提及我。" }
    : {
        en: "Ask on here: reply to one of my messages, or mention me.",
        "zh-TW": "在這裡接著問：回覆我的訊息，或提及我。",
      };
}

export function pictureLeftOut(name: string, mebibytes: string): Phrase {
  return {
    en: `${name} is too large for this channel (${mebibytes} MB) and was left out.`,
    "zh-TW": `${name} 超過這個頻道的檔案上限（${mebibytes} MB），因此沒有附上。`,
  };
}

/** Names as Discord's own settings show them. */
export const PERMISSIONS = {
  view: { en: "View Channel", "zh-TW": "檢視頻道" },
  send: { en: "Send Messages", "zh-TW": "傳送訊息" },
  threads: { en: "Send Messages in Threads", "zh-TW": "在討論串中傳送訊息" },
  files: { en: "Attach Files", "zh-TW": "附加檔案" },
  history: { en: "Read Message History", "zh-TW": "讀取訊息歷史" },
} as const satisfies Readonly<Record<string, Phrase>>;

/** Reasons are clauses: a sentence puts them behind a colon and ends them. */
export function lacks(permission: Phrase): Phrase {
  return {
    en: `I lack the permission ${permission.en} there, which a server admin can give me`,
    "zh-TW": `我在那裡缺少「${permission["zh-TW"]}」權限，請伺服器管理員開給我`,
  };
}

/** By Discord's code. */
export const REASONS: Readonly<Record<number, Phrase>> = {
  [Refusal.unknownChannel]: { en: "the channel is no longer there", "zh-TW": "這個頻道已經不在了" },
  [Refusal.unknownMessage]: { en: "the message is no longer there", "zh-TW": "這則訊息已經不在了" },
  [Refusal.missingPermissions]: {
    en: "Discord says that I lack a permission there (50013)",
    "zh-TW": "Discord 說我在那裡缺少權限（50013）",
  },
  [Refusal.cannotSendTo]: {
    en: "you do not take direct messages from this server",
    "zh-TW": "你沒有開放這個伺服器的私訊",
  },
  [Refusal.noCommonGuild]: { en: "we share no server", "zh-TW": "我們沒有共同的伺服器" },
  [Refusal.archived]: { en: "the thread is archived", "zh-TW": "這個討論串已封存" },
  [Refusal.locked]: { en: "the thread is locked", "zh-TW": "這個討論串已鎖定" },
  [Refusal.tooLarge]: { en: "it is larger than Discord takes", "zh-TW": "它超過 Discord 可以接受的大小" },
  [Refusal.fileTooLarge]: { en: "it is larger than Discord takes", "zh-TW": "它超過 Discord 可以接受的大小" },
  [Refusal.blockedByRules]: {
    en: "the server's AutoMod blocks what it says",
    "zh-TW": "伺服器的 AutoMod 擋下了它的內容",
  },
  [Refusal.harmfulLink]: {
    en: "Discord takes a link in it for harmful",
    "zh-TW": "Discord 認為其中有連結可能有害",
  },
};

/** Where Discord's code is not known: the code, and Discord's own words. */
export function becauseOf(code: string, words: string): Phrase {
  const said = [code, words].filter(Boolean).join(": ");
  return { en: `Discord refused it (${said})`, "zh-TW": `Discord 拒絕了（${said}）` };
}

/** Heads an answer that could not be shown where it was asked for. */
export function movedHere(channel: string, why: Phrase): Phrase {
  return {
    en: `I could not show this in <#${channel}>: ${why.en}. So here is the answer:`,
    "zh-TW": `這則回答沒辦法顯示在 <#${channel}>：${why["zh-TW"]}。所以傳到這裡：`,
  };
}

/** With every reason once. */
export function cannotShow(reasons: readonly Phrase[]): Phrase {
  const join = (language: keyof Phrase, mark: string) => [...new Set(reasons.map((why) => why[language]))].join(mark);
  return {
    en: `I have an answer, but Discord does not let me show it: ${join("en", "; ")}.`,
    "zh-TW": `我有回答了，但 Discord 不讓我顯示：${join("zh-TW", "；")}。`,
  };
}

/** In place of what stood in the channel. */
export const ANSWERED_DIRECTLY: Phrase = {
  en: "The answer is in the direct messages of whoever asked.",
  "zh-TW": "回答已用私訊傳給提問的人。",
};
export const ANSWERED_BELOW: Phrase = { en: "The answer stands further down.", "zh-TW": "回答在下面。" };

export function filesLeftOut(files: number, why: Phrase): Phrase {
  return {
    en: `${files === 1 ? "A file is" : `${files} files are`} left out: ${why.en}.`,
    "zh-TW": `有 ${files} 個檔案沒有附上：${why["zh-TW"]}。`,
  };
}
export function buttonsLeftOut(why: Phrase): Phrase {
  return { en: `The buttons are left out: ${why.en}.`, "zh-TW": `按鈕沒有附上：${why["zh-TW"]}。` };
}
export function linksUnmade(why: Phrase): Phrase {
  return {
    en: `The links are written out so that none can be pressed: ${why.en}.`,
    "zh-TW": `連結改寫成不能點的文字：${why["zh-TW"]}。`,
  };
}
export const MIDDLE_LEFT_OUT: Phrase = {
  en: "… A part in the middle is left out here: the answer is longer than Discord takes without a file.",
  "zh-TW": "…這裡省略了中間一段：不能附檔案時，Discord 放不下這麼長的回答。",
};

export const LATE_PRIVATE: Phrase = {
  en: "This private answer took longer than 15 minutes, so it comes here:",
  "zh-TW": "這則私人回答超過 15 分鐘才完成，所以改傳到這裡：",
};

export function askedPrivately(channel: string): Phrase {
  return {
    en: `You asked in <#${channel}> for an answer that only you see:`,
    "zh-TW": `你在 <#${channel}> 要求只給你看的回答：`,
  };
}
