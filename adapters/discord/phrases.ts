// What Heed says on Discord by itself, in both languages: labels, small sentences, and how to mend what went wrong.

import type { Phrase } from "../../src/core/language.ts";

export const ASK_ABOUT: Phrase = { en: "Ask Heed about this", "zh-TW": "拿這則訊息問 Heed" };
export const EXPLAIN_ATTENTION: Phrase = { en: "Explain attention", "zh-TW": "解釋注意力" };
export const PRIVATE_OPTION: Phrase = { en: "Only you see the answer", "zh-TW": "只有你看得到回答" };
export const PRIVATE_OPTION_NAME: Phrase = { en: "private", "zh-TW": "僅自己可見" };
export const FILE_OPTION_NAME: Phrase = { en: "file", "zh-TW": "檔案" };
export const FILE_OPTION: Phrase = { en: "A file to go along", "zh-TW": "一起送出的檔案" };

export const STOP: Phrase = { en: "Stop", "zh-TW": "停止" };
export const SHOW_QUOTES: Phrase = { en: "Show quotes", "zh-TW": "看原文" };
export const ASK_AGAIN: Phrase = { en: "Ask again with …", "zh-TW": "換個方式再問" };
export const OPEN_THREAD: Phrase = { en: "Continue in a thread", "zh-TW": "開討論串接著問" };
export const MORE: Phrase = { en: "More", "zh-TW": "更多" };
export const EMPTY_ANSWER: Phrase = { en: "Done.", "zh-TW": "完成。" };
export const WHOLE_ANSWER: Phrase = {
  en: "The whole answer is in the attached file.",
  "zh-TW": "完整的回答在附加的檔案裡。",
};

export const TOO_OLD: Phrase = {
  en: "This answer is still being written, or is more than a day old. Ask again and use the new buttons.",
  "zh-TW": "這個回答還在產生，或已經超過一天。請再問一次，使用新的按鈕。",
};
export const UNKNOWN_BUTTON: Phrase = {
  en: "I do not know this button any more. Ask again and use the new ones.",
  "zh-TW": "這個按鈕已經失效了。請再問一次，使用新的按鈕。",
};
export const NOT_YOURS: Phrase = {
  en: "Only the person who asked, or an admin, can stop this answer.",
  "zh-TW": "只有提問的人或管理員可以停止這個回答。",
};
export const STOPPING: Phrase = { en: "Stopping.", "zh-TW": "正在停止。" };
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

/** Heads an answer that could not be posted where it was asked for. */
export function cannotWriteThere(channel: string): Phrase {
  return {
    en: `I cannot write in <#${channel}>: an admin must give me View Channel, Send Messages and Attach Files there. So here is the answer:`,
    "zh-TW": `我無法在 <#${channel}> 發言，請管理員給我「檢視頻道」「傳送訊息」「附加檔案」的權限。先把回答傳到這裡：`,
  };
}

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
