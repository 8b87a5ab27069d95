// Describes Heed's commands to Discord, from their schemas.

import { argumentsOf, type Argument } from "../../../src/core/arguments.ts";
import type { ActionSummary, Command } from "../../../src/core/command.ts";
import { inEveryLanguage, Language, translationsOf, type Phrase } from "../../../src/core/language.ts";
import { nameIn } from "../../../src/core/names.ts";
import type { Json } from "../../../src/core/runtime.ts";
import { clip } from "../../../src/core/text.ts";
import { PRIVATE as PRIVATE_NAME } from "../../kit/read-typed.ts";
import { ACTION, actionOf, optionName } from "../notation.ts";
import { CommandType } from "../payloads.ts";
import { ASK_ABOUT, EXPLAIN_ATTENTION, FILE_OPTION, FILE_OPTION_NAME, PRIVATE_OPTION } from "../messages.ts";

/** The kinds of option; https://discord.com/developers/docs/interactions/application-commands */
export const OptionType = { subcommand: 1, group: 2, string: 3, integer: 4, boolean: 5, number: 10, attachment: 11 };

const LONGEST_DESCRIPTION = 100;
const MOST_CHOICES = 25;
const LONGEST_CHOICE = 100;
const LONGEST_TEXT = 6000;
/** How many files one command takes; more come along with a mention. */
export const FILE_OPTIONS = ["file", "file-2", "file-3", "file-4", "file-5"];
export const PRIVATE = PRIVATE_NAME.en;
/** Manage Server. Discord hides what one may not use; Heed itself checks again. */
const MANAGE_GUILD = "32";
const IN_GUILDS_AND_DIRECT = [0, 1];
const FOR_GUILDS = [0];

export type CommandJson = { [key: string]: Json };

/**
 * `hasAdminRoles`: members of listed roles must see the admins' commands too, so Discord hides them from nobody.
 * `isForOneGuild`: Discord then takes no word on where the commands can be used.
 */
export function describeCommands(
  commands: readonly Command[],
  { hasAdminRoles = false, isForOneGuild = false } = {},
): CommandJson[] {
  const menus = [ASK_ABOUT, ...(commands.some(({ name }) => name === "explain-attention") ? [EXPLAIN_ATTENTION] : [])];
  const where = isForOneGuild ? {} : { integration_types: FOR_GUILDS, contexts: IN_GUILDS_AND_DIRECT };
  return [
    ...commands.map((command) => ({ ...slashCommand(command, hasAdminRoles), ...where })),
    ...menus.map((menu) => ({ ...messageCommand(menu), ...where })),
  ];
}

function slashCommand(command: Command, hasAdminRoles: boolean): CommandJson {
  const action = actionOf(command);
  const isForAdmins = command.access === "admins" && !hasAdminRoles;
  return {
    type: CommandType.slash,
    name: command.name,
    ...localizedName(command.name, command),
    ...descriptions(command.summary),
    options: action ? action.choices.map((choice) => subcommand(command, choice)) : optionsOf(command),
    default_member_permissions: isForAdmins ? MANAGE_GUILD : null,
  };
}

function subcommand(command: Command, action: string): CommandJson {
  return {
    type: OptionType.subcommand,
    name: optionName(action),
    ...localizedName(action, command),
    ...descriptions(command.actions?.[action]?.does ?? command.summary),
    options: optionsOf(command, action),
  };
}

/** Required ones first, as Discord demands; then files, then whether only the asker sees the answer. */
function optionsOf(command: Command, action?: string): CommandJson[] {
  const summary = action === undefined ? undefined : command.actions?.[action];
  const own = argumentsOf(command)
    .filter(({ name }) => !(action !== undefined && name === ACTION))
    .flatMap((argument) => (summary ? argumentOf(argument, summary) : [argument]));
  const ordered = own.toSorted((a, b) => Number(b.isRequired) - Number(a.isRequired));
  return [
    ...ordered.map((argument) => optionOf(argument, command, isSuggested(command, argument, summary))),
    ...(takesFiles(command, action) ? FILE_OPTIONS.map(fileOption) : []),
    ...(own.some(({ name }) => name === PRIVATE) ? [] : [privateOption()]),
  ];
}

/** The prose as this action takes it, or not at all. */
function argumentOf(argument: Argument, { takes, isOptional = false }: ActionSummary): Argument[] {
  if (!argument.isProse) return [argument];
  return takes ? [{ ...argument, description: takes, isRequired: !isOptional }] : [];
}

function isSuggested({ suggests }: Command, { name, isProse }: Argument, summary: ActionSummary | undefined): boolean {
  return suggests?.[name] !== undefined && (!summary || !isProse || summary.isSuggested === true);
}

function takesFiles({ takesFiles = [] }: Command, action: string | undefined): boolean {
  return takesFiles === true || (action !== undefined && takesFiles.includes(action));
}

function optionOf(
  { name, type, isRequired, choices, description, longest = LONGEST_TEXT, least, most }: Argument,
  command: Command,
  isSuggested: boolean,
): CommandJson {
  const isClosed = choices.length > 0 && choices.length <= MOST_CHOICES && choices.every(isShort);
  return {
    type: OptionType[type],
    name: optionName(name),
    ...localizedName(name, command),
    ...descriptions(description),
    required: isRequired,
    ...(least !== undefined && { min_value: least }),
    ...(most !== undefined && { max_value: most }),
    ...(isClosed && { choices: choices.map((choice) => choiceOf(choice, command)) }),
    ...(!isClosed &&
      type === "string" && {
        autocomplete: isSuggested || choices.length > 0,
        max_length: Math.min(longest, LONGEST_TEXT),
      }),
  };
}

function isShort({ length }: string): boolean {
  return length <= LONGEST_CHOICE;
}

function choiceOf(value: string, command: Command): Json {
  return { name: value, ...localizedName(value, command), value };
}

function fileOption(name: string, i: number): CommandJson {
  const localized = inEveryLanguage((language) => `${FILE_OPTION_NAME[language]}${i === 0 ? "" : `-${i + 1}`}`);
  return {
    type: OptionType.attachment,
    name,
    name_localizations: translationsOf(localized),
    ...descriptions(FILE_OPTION),
    required: false,
  };
}

function privateOption(): CommandJson {
  return {
    type: OptionType.boolean,
    name: PRIVATE,
    name_localizations: translationsOf(PRIVATE_NAME),
    ...descriptions(PRIVATE_OPTION),
    required: false,
  };
}

/** Discord takes a localised name of 1 to 32 letters, digits, "-" and "_"; of a choice, 1 to 100 of any kind. */
function localizedName(word: string, command: Command): { name_localizations?: Record<string, string> } {
  const others = Language.options.flatMap((language) => {
    const name = nameIn(language, word, command);
    return name === word ? [] : [[language, name] as const];
  });
  return others.length > 0 ? { name_localizations: Object.fromEntries(others) } : {};
}

function messageCommand(name: Phrase): CommandJson {
  return {
    type: CommandType.message,
    name: name.en,
    name_localizations: translationsOf(name),
  };
}

function descriptions(phrase: Phrase) {
  const clipped = inEveryLanguage((language) => clip(phrase[language], LONGEST_DESCRIPTION));
  return {
    description: clipped.en,
    description_localizations: translationsOf(clipped),
  };
}
