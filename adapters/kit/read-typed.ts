// Decides what a typed line is on every platform: a command, a question, a stop, or a switch.

import {
  argumentsOf,
  bareWord,
  findArgument,
  findChoice,
  holdsOption,
  optionKindOf,
  type Argument,
} from "../../src/core/arguments.ts";
import type { Command } from "../../src/core/command.ts";
import { translationsOf, type Phrase } from "../../src/core/language.ts";
import { findCommand, isNamed, namesOf } from "../../src/core/names.ts";
import { nearest } from "../../src/core/nearest.ts";
import { readOptions, type OptionKind } from "../../src/core/typed-options.ts";

/** What a line asks for. `command` is its English name; where the typed name is none, what was typed. */
export interface Asked {
  kind: "command" | "question";
  command: string;
  text: string;
  /** Whether "--private" stood among the options; it belongs to no command and is not part of `text`. */
  isPrivate: boolean;
}

export type Typed = Asked | { kind: "stop" } | { kind: "follow-ups"; isOn: boolean };

/** The command that answers what is no command. */
const QUESTION = "ask";
const HELP = "help";
/** "/heed kb list" is "kb list", as behind Slack's own command of that name. */
export const UMBRELLA = "heed";
export const PRIVATE: Phrase = { en: "private", "zh-TW": "僅自己可見" };

const STOP =
  /^[/／]?(?:(?:please )?(?:stop|cancel)(?: it| that| please| now)?|停下來?|停止回答|停止?|取消|中止)(?![\p{L}\p{N}])([\s\S]*)$/iu;
const FOLLOW_UPS = /^[/／]?(?:follow[- ]?(?:ups?)?\s+(on|off)|追問\s*(開|關)[啟閉]?)(?![\p{L}\p{N}])([\s\S]*)$/iu;
/** A slash, blanks behind it, and the rest. */
const SLASHED = /^[/／](\s*)([\s\S]*)$/u;
/** A name, a sign that parts it from what follows, and that. */
const NAMED = /^(\p{L}[\p{L}\p{N}_-]*)([:：,，]?)([\s\S]*)$/u;
const ASKS_FOR_HELP = /^(?:--?help|—help|-h|-\?)$/iu;
/** Codes that stand for emoji: ":pray:" in Slack, "<:kek:1>" in Discord. */
const EMOJI_CODE = /<a?:\w{1,50}:\d{1,25}>|:[\w+-]{1,50}:/gu;
/** Marks without a width, which copying leaves at the edges of a text. */
const EDGE = /[\s\u200B-\u200F\u202A-\u202E\u2060-\u2069]/u;

/** `hasFiles`: a bare "help" above a file asks about the file, unless the command takes files. */
export function readTyped(line: string, commands: readonly Command[], { hasFiles = false } = {}): Typed {
  const outer = takePrivate(trimmed(line), () => "word");
  const said = afterUmbrella(unwrapped(outer.text));
  const words = said ?? unwrapped(outer.text);
  const control = controlIn(words);
  if (control) return control;
  const found =
    said === "" || ASKS_FOR_HELP.test(words) ? { command: HELP, text: "" } : commandIn(words, commands, hasFiles);
  if (found) return asked(found, outer.isPrivate, commands);
  const question = takePrivate(said ?? outer.text, kindsOf(QUESTION, commands));
  return { kind: "question", command: QUESTION, ...question, isPrivate: outer.isPrivate || question.isPrivate };
}

/** The words behind a command that the platform itself has read the name of. */
export function readWordsOf(name: string, line: string, commands: readonly Command[]): Asked {
  return asked({ command: findCommand(name, commands)?.name ?? name, text: trimmed(line) }, false, commands);
}

interface Found {
  command: string;
  text: string;
}

function asked({ command: name, text }: Found, isPrivate: boolean, commands: readonly Command[]): Asked {
  const command = findCommand(name, commands);
  if (command && ASKS_FOR_HELP.test(text) && !findArgument(command, "help"))
    return { kind: "command", command: HELP, text: name === HELP ? "" : name, isPrivate };
  const words = takePrivate(text, kindsOf(name, commands));
  return { kind: "command", command: name, ...words, isPrivate: isPrivate || words.isPrivate };
}

function controlIn(words: string): Typed | undefined {
  if (isDecoration(STOP.exec(words)?.[1])) return { kind: "stop" };
  const [, on, kai, rest] = FOLLOW_UPS.exec(words) ?? [];
  return isDecoration(rest) ? { kind: "follow-ups", isOn: on?.toLowerCase() === "on" || kai === "開" } : undefined;
}

function commandIn(words: string, commands: readonly Command[], hasFiles: boolean): Found | undefined {
  const [, gap = "", behind] = SLASHED.exec(words) ?? [];
  if (behind === undefined) return named(words, commands, hasFiles);
  return slashed(behind, gap !== "", commands);
}

/** A name that is known or nearly so; "/etc/hosts" is text, and "/weather" alone is told that there is no such command. */
function slashed(words: string, isApart: boolean, commands: readonly Command[]): Found | undefined {
  if (isDecoration(words)) return { command: HELP, text: "" };
  const [token = ""] = words.split(/\s/u, 1);
  const [, name, , after = ""] = NAMED.exec(words) ?? [];
  if (!name || /[/／\\]/u.test(token)) return undefined;
  const command = findCommand(name, commands);
  if (command) return { command: command.name, text: wordsAfter(command, after, commands) };
  const isNear = nearest(name, namesOfAll(commands)) !== undefined;
  return !isApart && (isNear || isDecoration(after)) ? { command: name, text: after.trim() } : undefined;
}

function named(words: string, commands: readonly Command[], hasFiles: boolean): Found | undefined {
  const [, name = "", separator = "", after = ""] = NAMED.exec(words) ?? [];
  const command = findCommand(name, commands);
  if (!command) return undefined;
  const isBare = isDecoration(after);
  const isParted = isBare || separator !== "" || EDGE.test(after.charAt(0));
  const isMeant = isBare
    ? !hasFiles || command.takesFiles !== undefined
    : isFitting(command, name, after.trim(), commands);
  return isParted && isMeant ? { command: command.name, text: wordsAfter(command, after, commands) } : undefined;
}

/** Whether words behind a bare name are meant for the command: "help me with this" and "models differ how?" are not. */
function isFitting(command: Command, name: string, rest: string, commands: readonly Command[]): boolean {
  if (/^--\p{L}/u.test(rest) || ASKS_FOR_HELP.test(rest) || holdsOption(command, rest)) return true;
  const known = argumentsOf(command);
  const required = known.find(({ isRequired, isProse }) => isRequired && !isProse);
  if (required) return beginsWith(required, command, rest, commands);
  const prose = known.find(({ isProse }) => isProse);
  if (!prose) return false;
  if (isClosed(prose, command)) return isNearlyValue(prose, command, rest, commands);
  // A name with a hyphen is no word of a sentence; any other may begin one, "compare LoRA and QLoRA".
  return prose.isRequired || (name.includes("-") && isNamed(name, command.name, {}));
}

/** Whether the first word is a value of the argument, and the rest is something that this value takes. */
function beginsWith(argument: Argument, command: Command, rest: string, commands: readonly Command[]): boolean {
  if (!isClosed(argument, command)) return true;
  const [, first = "", more = ""] = /^(\S+)\s*([\s\S]*)$/u.exec(rest) ?? [];
  if (isDecoration(more)) return isNearlyValue(argument, command, first, commands);
  const value = valueIn(argument, command, first, commands);
  const summary = value === undefined ? undefined : command.actions?.[value];
  return value !== undefined && (!summary || summary.takes !== undefined);
}

/** A slip of one word is told so by the command; it is no question. */
function isNearlyValue(argument: Argument, command: Command, rest: string, commands: readonly Command[]): boolean {
  if (valueIn(argument, command, rest, commands) !== undefined) return true;
  const word = bareWord(rest);
  return !/\s/u.test(word) && nearest(word, valuesOf(argument, command, commands)) !== undefined;
}

/** What stands behind the name, as the command reads it. */
function wordsAfter(command: Command, after: string, commands: readonly Command[]): string {
  const words = after.trim();
  const prose = argumentsOf(command).find(({ isProse }) => isProse);
  const takesAny = prose !== undefined && !isClosed(prose, command);
  return isDecoration(words) && !takesAny ? "" : (prose && valueIn(prose, command, words, commands)) || words;
}

function isClosed({ name, choices }: Argument, command: Command): boolean {
  return choices.length > 0 || command.suggests?.[name] === "command";
}

function valueIn(
  argument: Argument,
  command: Command,
  typed: string,
  commands: readonly Command[],
): string | undefined {
  if (command.suggests?.[argument.name] === "command") return findCommand(bareWord(typed), commands)?.name;
  return findChoice(command, argument.choices, typed);
}

function valuesOf({ name, choices }: Argument, command: Command, commands: readonly Command[]): readonly string[] {
  return command.suggests?.[name] === "command"
    ? namesOfAll(commands)
    : choices.flatMap((choice) => namesOf(choice, command));
}

function namesOfAll(commands: readonly Command[]): readonly string[] {
  return commands.flatMap((command) => namesOf(command.name, command));
}

function kindsOf(name: string, commands: readonly Command[]): (option: string) => OptionKind {
  const command = findCommand(name, commands);
  return (option) => (command ? optionKindOf(command, option) : "unknown");
}

const PRIVATE_NAMES = {
  names: Object.fromEntries(
    Object.entries(translationsOf(PRIVATE)).map(([language, name]) => [language, { [PRIVATE.en]: name }]),
  ),
};

/** The line without its mark of privacy, which stands among the options; a command may have an option of that name itself. */
function takePrivate(line: string, kindOf: (option: string) => OptionKind): { text: string; isPrivate: boolean } {
  const isMark = (option: string) =>
    isNamed(option, PRIVATE.en, PRIVATE_NAMES) && (kindOf(option) === "word" || kindOf(option) === "unknown");
  const { leading, words, trailing } = readOptions(line, (option) => (isMark(option) ? "flag" : kindOf(option)));
  const others = (options: typeof leading) => options.filter(({ name }) => !isMark(name)).map(({ raw }) => raw);
  const rest = [...others(leading), words, ...others(trailing)];
  if (rest.length > leading.length + trailing.length) return { text: line.trim(), isPrivate: false };
  return { text: rest.filter(Boolean).join(" "), isPrivate: true };
}

function afterUmbrella(words: string): string | undefined {
  const [, name = "", , after = ""] = NAMED.exec(words.replace(/^[/／]/u, "")) ?? [];
  return /^[/／]/u.test(words) && isNamed(name, UMBRELLA, {}) ? after.trim() : undefined;
}

/** As help shows a command and as people copy it, in marks of code; or as they stress it. A block of code is text. */
function unwrapped(words: string): string {
  return /^(`{1,2}|\*{1,3}|_{1,3}|~{1,2})([^`*_~]+)\1$/u.exec(words)?.[2]?.trim() ?? words;
}

function isDecoration(words: string | undefined): boolean {
  return words !== undefined && !/[\p{L}\p{N}]/u.test(words.replace(EMOJI_CODE, ""));
}

function trimmed(line: string): string {
  let [start, end] = [0, line.length];
  while (start < end && EDGE.test(line.charAt(start))) start++;
  while (end > start && EDGE.test(line.charAt(end - 1))) end--;
  return line.slice(start, end);
}
