// Reads an invocation's arguments; a message or file that was pointed at is what is asked about.

import { readArgs } from "./read-args.ts";
import { argumentsOf } from "./arguments.ts";
import type { Command } from "./command.ts";
import type { Input, Invocation } from "./invocation.ts";
import type { Language, Phrase } from "./language.ts";
import { truncate } from "./text.ts";

type Asked = Pick<Invocation, "input" | "context" | "attachments">;

/** UTF-16 units of a pointed-at message that stand in for a question. */
const LONGEST_STAND_IN = 2000;
const ABOUT_FILE: Phrase = { en: "What does this file say?", "zh-TW": "這個檔案在說什麼？" };

/** Throws BotError "usage" like readArgs(). */
export function readInput(asked: Asked, command: Command, language: Language): Record<string, unknown> {
  return readArgs(command, withProse(asked, command, language));
}

function withProse({ input, context, attachments }: Asked, command: Command, language: Language): Input {
  const prose = argumentsOf(command).find(({ isProse, isRequired }) => isProse && isRequired)?.name;
  const pointedAt = context.findLast(({ text }) => text.trim())?.text;
  const words = attachments.length > 0 ? ABOUT_FILE[language] : pointedAt && truncate(pointedAt, LONGEST_STAND_IN);
  if (!prose || words === undefined) return input;
  if ("text" in input) return input.text.trim() ? input : { options: { [prose]: words } };
  return String(input.options[prose] ?? "").trim() ? input : { options: { ...input.options, [prose]: words } };
}
