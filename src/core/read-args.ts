// Checks a typed line, or a platform's named options, against a command's schema.

import { argumentsOf, findArgument, findChoice, optionKindOf, type Argument } from "./arguments.ts";
import type { Command } from "./command.ts";
import type { Input } from "./invocation.ts";
import { nearest } from "./nearest.ts";
import { readOptions, unquote, type OptionKind, type TypedOption } from "./typed-options.ts";
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
  const { leading, words, trailing } = readOptions(line, kindIn(command));
  const values = valuesIn(command, [...leading, ...trailing]);
  let left = words;
  for (const argument of argumentsOf(command)) {
    if (argument.isProse || !argument.isRequired || values[argument.name] !== undefined) continue;
    const [, word = "", after = ""] = /^(\S*)\s*([\s\S]*)$/.exec(left) ?? [];
    if (word) values[argument.name] = convert(argument, word, command);
    left = after;
  }
  if (!left) return values;
  if (!command.prose) throw tooManyWords(command, left);
  return { ...values, [command.prose]: proseOf(command, unquote(left)) };
}

/** What the words hold no options for is a question about some: "how do I use git rebase --onto" is asked as it stands. */
function kindIn(command: Command): (name: string) => OptionKind {
  const names = argumentsOf(command).map(({ name }) => name);
  return (typed) => {
    const kind = optionKindOf(command, typed);
    return kind === "unknown" && command.isSpoken && nearest(typed, names) === undefined ? "word" : kind;
  };
}

function valuesIn(command: Command, options: readonly TypedOption[]): Values {
  return Object.fromEntries(
    options.map(({ name, value }) => {
      const argument = findArgument(command, name);
      if (!argument) throw unknownOption(command, name);
      return [argument.name, convert(argument, value, command)];
    }),
  );
}

/** Discord gives typed values; a text field may still hold a number. */
function fromOptions(command: Command, options: Readonly<Values>): Values {
  const known = argumentsOf(command);
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => {
      const argument = known.find((argument) => argument.name === name);
      if (!argument) throw unknownOption(command, name);
      return [name, typeof value === "string" ? convert(argument, value.trim(), command) : value];
    }),
  );
}

function convert({ type, choices }: Argument, value: string, command: Command): string | number | boolean {
  if (type === "number" || type === "integer") return Number(value || Number.NaN);
  if (type === "boolean") return value !== "false";
  return findChoice(command, choices, value) ?? value;
}

/** A prose with few values is one of them, however it is written. */
function proseOf(command: Command, words: string): string {
  const choices = argumentsOf(command).find(({ isProse }) => isProse)?.choices ?? [];
  return findChoice(command, choices, words) ?? words;
}
