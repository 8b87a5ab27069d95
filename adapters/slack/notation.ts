// Writes commands as Slack's people type them; Slack reserves some names.

import type { Notation } from "../../src/core/notation.ts";
import { UMBRELLA } from "../kit/read-typed.ts";

/** Slack keeps these names for itself; their commands are reached by "/heed name". */
export const TAKEN: ReadonlySet<string> = new Set(
  "archive call collapse dnd expand feedback invite join kick leave me msg mute open part prefs remind remove rename search shortcuts shrug star status topic who".split(
    " ",
  ),
);

export const notation: Notation = {
  command: (typed, { name }) => (TAKEN.has(name) ? typed.replace(/^\//, `/${UMBRELLA} `) : typed),
  option: (typed) => typed,
  guidance: {
    asking: {
      en: "Anything else is a question: in a direct message, behind a mention, or `/ask What is multi-head attention?`",
      "zh-TW": "其他文字都會當作問題：傳私訊、提及我，或輸入 `/ask 什麼是多頭注意力？`",
    },
    filing: {
      en: "Attach files to a message that says `@heed kb add`, since a slash command carries none; or give a public address, for example: `/kb add https://example.com/handbook.pdf`",
      "zh-TW":
        "斜線指令無法附檔，請在寫著 `@heed kb add` 的訊息裡附上檔案；或給我一個公開的網址，例如：`/kb add https://example.com/handbook.pdf`",
    },
  },
};
