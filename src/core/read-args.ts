// A typed line, or a platform's named options, checked against a command's schema.

import { argumentsOf, type Argument } from "./arguments.ts";
import type { Command } from "./command.ts";
import type { Input } from "./invocation.ts";
import { tooManyWords, unknownOption, wrongArgument } from "./misuse.ts";

type Values = Record<string, string | number | boolean>;

/** Throws BotError "usage" that says what is missing or wrong, and how it is typed. */
export function readArgs(command: Command, input: Input): Record<string, unknown> {
  const given = "text" in input ? fromLine(command, input.text) : fromOptions(command, input.options);
  const parsed = command.args.safeParse(given);
  if (parsed.success) return parsed.data;
  const name = String(parsed.error.issues[0]?.path[0] ?? "");
  throw wrongArgument(command, name, given[name]);
}

/** Options first; then one word for each required argument, and the rest of the line for the prose. */
function fromLine(command: Command, line: string): Values {
  const { values, rest } = takeOptions(command, line.trim());
  let left = rest;
  for (const argument of argumentsOf(command)) {
    if (argument.isProse || !argument.isRequired || values[argument.name] !== undefined) continue;
    const [, word = "", after = ""] = /^(\S*)\s*([\s\S]*)$/.exec(left) ?? [];
    if (word) values[argument.name] = convert(argument, word);
    left = after;
  }
  if (!left) return values;
  if (!command.prose) throw tooManyWords(command, left);
  return { ...values, [command.prose]: unquote(left) };
}

const OPTION = String.raw`--([a-z][\w-]*)(?:(?:=|\s+)("[^"]*"|'[^']*'|(?!--)\S+))?`;
const AT_START = new RegExp(`^${OPTION}(?=\\s|$)`, "i");
const AT_END = new RegExp(`(?:^|\\s)${OPTION}$`, "i");

/** Options stand before or after the words, never inside them: "what does --help do there?" is a question. */
function takeOptions(command: Command, line: string): { values: Values; rest: string } {
  const known = argumentsOf(command);
  const values: Values = {};
  let rest = line;
  for (let found = AT_START.exec(rest) ?? AT_END.exec(rest); found; found = AT_START.exec(rest) ?? AT_END.exec(rest)) {
    const [whole, name = "", value = ""] = found;
    const argument = known.find((argument) => argument.name.toLowerCase() === name.toLowerCase());
    if (!argument) throw unknownOption(command, name);
    // A flag takes no value, so the word behind it belongs to the prose.
    const isFlag = argument.type === "boolean";
    values[argument.name] = isFlag ? true : convert(argument, unquote(value));
    const before = rest.slice(0, found.index);
    const after = rest.slice(found.index + whole.length);
    rest = [before.trimEnd(), isFlag ? value : "", after.trimStart()].filter(Boolean).join(" ");
  }
  return { values, rest };
}

/** Discord gives typed values; a text field may still hold a number. */
function fromOptions(command: Command, options: Readonly<Values>): Values {
  const known = argumentsOf(command);
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => {
      const argument = known.find((argument) => argument.name === name);
      if (!argument) throw unknownOption(command, name);
      return [name, typeof value === "string" ? convert(argument, value.trim()) : value];
    }),
  );
}

function convert({ type, choices }: Argument, value: string): string | number | boolean {
  if (type === "number" || type === "integer") return Number(value || Number.NaN);
  if (type === "boolean") return value !== "false";
  return choices.find((choice) => choice === value.toLowerCase()) ?? value;
}

function unquote(text: string): string {
  return /^"[^"]*"$|^'[^']*'$/.test(text) ? text.slice(1, -1) : text;
}
