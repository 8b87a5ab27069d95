// Exports the sentences that all platforms share.

import type { Phrase } from "../../src/core/language.ts";

export const STOP: Phrase = { en: "Stop", "zh-TW": "停止" };
export const STOPPING: Phrase = { en: "Stopping …", "zh-TW": "正在停止…" };
export const MORE: Phrase = { en: "More", "zh-TW": "更多" };
export const TOO_OLD: Phrase = {
  en: "This answer is still being written, or is more than a day old. Ask again and use the new buttons.",
  "zh-TW": "這則回答還在產生，或已經超過一天。請重新提問，使用新的按鈕。",
};
export const NOT_YOURS: Phrase = {
  en: "Only the person who asked, or an admin, can stop this answer.",
  "zh-TW": "只有提問的人或管理員可以停止這則回答。",
};
export const NOTHING_TO_STOP: Phrase = {
  en: "Nothing is being answered here, so there is nothing to stop.",
  "zh-TW": "這裡沒有正在產生的回答，不需要停止。",
};
export const PRIVATE_ALREADY: Phrase = {
  en: "Only you can read this conversation, so --private is not needed here.",
  "zh-TW": "這段對話只有你看得到，不需要加 --private。",
};
export const FOLLOWS: Phrase = {
  en: "From now on I answer follow-ups in my threads in this channel without a mention.",
  "zh-TW": "之後在這個頻道裡，我參與的討論串不用提及我也會接著回答。",
};
export const FOLLOWS_NOT: Phrase = {
  en: "From now on I answer in this channel only when I am mentioned. `@heed follow on` brings it back.",
  "zh-TW": "之後在這個頻道裡，要提及我才會回答。輸入 `@heed follow on` 可以恢復。",
};
export const FOLLOWS_ALWAYS: Phrase = {
  en: "Here I answer every message; follow-ups can be switched off in channels only.",
  "zh-TW": "在這裡我會回答每一則訊息；只有頻道可以關閉追問。",
};
