// Writes commands as Discord's people use them, in a form that asks for options by name.

import {
  argumentsOf,
  findArgument,
  optionKindOf,
  shortUsageOf,
  usageOf,
  type Argument,
} from "../../src/core/arguments.ts";
import type { Command } from "../../src/core/command.ts";
import type { Notation } from "../../src/core/notation.ts";
import { readOptions, type TypedOption } from "../../src/core/typed-options.ts";

const MOST_CHOICES = 25;
/** The argument whose values become subcommands: "/kb add" and not "/kb action:add". */
export const ACTION = "action";

export const notation: Notation = {
  command: (typed, command, isTyped) => (isTyped ? typed : inForm(typed, command)),
  option: (typed, isTyped) => (isTyped ? typed : typed.replace(/^--/u, "").replace(/[\s=]+/u, ":")),
  guidance: {
    asking: {
      en: "Ask with `/ask`, in a direct message, or by mentioning me: What is multi-head attention?",
      "zh-TW": "用 `/ask`、傳私訊，或提及我就能發問，例如：什麼是多頭注意力？",
    },
    filing: {
      en: "Attach files with the options `file` to `file-5`, or to a message that mentions me and says `kb add`; or give a public address, for example: `/kb add https://example.com/handbook.pdf`",
      "zh-TW":
        "請用選項 `file` 到 `file-5` 附上檔案，或在提及我、寫著 `kb add` 的訊息裡附檔；也可以給我一個公開的網址，例如：`/kb add https://example.com/handbook.pdf`",
    },
  },
};

/** Discord's names are lower case: "maxTokens" is typed "max-tokens". */
export function optionName(argument: string): string {
  return argument.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).slice(0, 32);
}

/** The argument that is chosen by a subcommand, where the command has one. */
export function actionOf(command: Command): Argument | undefined {
  return argumentsOf(command).find(
    ({ name, isRequired, choices }) =>
      name === ACTION && isRequired && choices.length > 0 && choices.length <= MOST_CHOICES,
  );
}

function inForm(typed: string, command: Command): string {
  const known = argumentsOf(command);
  if (typed === usageOf(command)) return usage(command, known);
  if (typed === shortUsageOf(command))
    return usage(
      command,
      known.filter(({ isProse, isRequired }) => isProse || isRequired),
    );
  const line = typed.replace(/^\S+\s*/u, "");
  const { leading, words, trailing } = readOptions(line, (name) => optionKindOf(command, name));
  const options = [...leading, ...trailing].map((option) => filled(option, command));
  return [`/${command.name}`, ...inOrder(words, command), ...options].join(" ");
}

/** "/ask question: [model:]": required ones first, as the form asks for them. */
function usage(command: Command, shown: readonly Argument[]): string {
  const action = actionOf(command);
  const fields = shown
    .filter(({ name }) => name !== action?.name)
    .toSorted((a, b) => Number(b.isRequired) - Number(a.isRequired))
    .map(({ name, isRequired }) => (isRequired ? `${optionName(name)}:` : `[${optionName(name)}:]`));
  const subcommand = action ? [action.choices.join("|")] : [];
  return [`/${command.name}`, ...subcommand, ...fields].join(" ");
}

/** Words without names: one for each required argument, and the rest for the prose. */
function inOrder(words: string, command: Command): string[] {
  const action = actionOf(command);
  const filledIn: string[] = [];
  let left = words;
  for (const { name, isProse, isRequired } of argumentsOf(command)) {
    if (isProse || !isRequired || !left) continue;
    const [, word = "", after = ""] = /^(\S+)\s*([\s\S]*)$/u.exec(left) ?? [];
    filledIn.push(name === action?.name ? word : `${optionName(name)}:${word}`);
    left = after;
  }
  return [...filledIn, ...(left && command.prose ? [`${optionName(command.prose)}:${left}`] : [])];
}

function filled({ name, value }: TypedOption, command: Command): string {
  const argument = findArgument(command, name);
  const isFlag = argument?.type === "boolean";
  return `${optionName(argument?.name ?? name)}:${isFlag ? "True" : value}`;
}
