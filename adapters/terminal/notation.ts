// Writes commands as they are typed at a prompt, where files of this machine can be named.

import { TYPED, type Notation } from "../../src/core/notation.ts";

export const notation: Notation = {
  ...TYPED,
  guidance: {
    ...TYPED.guidance,
    filing: {
      en: "Give a file, a folder or an address, for example: `/kb add ./handbook.pdf`",
      "zh-TW": "請給我檔案、資料夾或網址，例如：`/kb add ./手冊.pdf`",
    },
  },
};
