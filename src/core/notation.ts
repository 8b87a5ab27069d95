// Rewrites commands in sentences as each platform's people use them.

import type { Command, Guidance } from "./command.ts";
import type { Input } from "./invocation.ts";
import { findCommand } from "./names.ts";

export interface Notation {
  /** "/kb list" or "/ask why? --plain" as people there write it. `isTyped`: this person typed a line, and chose nothing from a form. */
  readonly command: (typed: string, command: Command, isTyped: boolean) => string;
  /** "--plain" or "--vote A", alone in a sentence. */
  readonly option: (typed: string, isTyped: boolean) => string;
  readonly guidance: Guidance;
}

/** As they are typed; for a platform that says nothing else. */
export const TYPED: Notation = {
  command: (typed) => typed,
  option: (typed) => typed,
  guidance: {
    asking: {
      en: "Anything else is a question. Try: What is multi-head attention?",
      "zh-TW": "其他文字都會當作問題。試試看：什麼是多頭注意力？",
    },
    filing: {
      en: "Attach files to the message, or give a public address, for example: `/kb add https://example.com/handbook.pdf`",
      "zh-TW": "請在訊息裡附上檔案，或給我一個公開的網址，例如：`/kb add https://example.com/handbook.pdf`",
    },
  },
};

const CODE = /`([^`\n]+)`/g;
const COMMAND = /^\/([\p{L}\p{N}_-]+)(?=\s|$)/u;
const OPTION = /^--\p{L}/u;

/** Rewrites the commands and options in Heed's own sentences; what other code they hold stays. */
export function writerFor(
  { command: write, option }: Notation,
  commands: readonly Command[],
  input: Input,
): (sentence: string) => string {
  const isTyped = "text" in input;
  return (sentence) =>
    sentence.replace(CODE, (whole, code: string) => {
      const command = findCommand(COMMAND.exec(code)?.[1] ?? "", commands);
      if (command) return `\`${write(code, command, isTyped)}\``;
      return OPTION.test(code) ? `\`${option(code, isTyped)}\`` : whole;
    });
}
