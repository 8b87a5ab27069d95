// Heed's commands as Discord wants to hear of them, read off their schemas.

import { argumentsOf, type Argument } from "../../src/core/arguments.ts";
import type { Command } from "../../src/core/command.ts";
import type { Phrase } from "../../src/core/language.ts";
import type { Json } from "../../src/core/world.ts";
import { CommandType } from "./interaction.ts";
import { localizedName } from "./names.ts";
import { ASK_ABOUT, EXPLAIN_ATTENTION, FILE_OPTION, PRIVATE_OPTION } from "./phrases.ts";

/** The kinds of option; https://discord.com/developers/docs/interactions/application-commands */
export const OptionType = { subcommand: 1, group: 2, string: 3, integer: 4, boolean: 5, number: 10, attachment: 11 };

const LONGEST_DESCRIPTION = 100;
const MOST_CHOICES = 25;
const LONGEST_CHOICE = 100;
const LONGEST_TEXT = 6000;
/** How many files one command takes; more come along with a mention. */
export const FILE_OPTIONS = ["file", "file-2", "file-3", "file-4", "file-5"];
export const PRIVATE = "private";
/** The argument whose values become subcommands: "/kb add" and not "/kb action:add". */
export const ACTION = "action";
/** Manage Server. Discord hides what one may not use; Heed itself checks again. */
const MANAGE_GUILD = "32";
const IN_GUILDS_AND_DIRECT = [0, 1];
const FOR_GUILDS = [0];

export type CommandJson = { [key: string]: Json };

/** `hasAdminRoles`: members of listed roles must see the admins' commands too, so Discord hides them from nobody. */
export function describeCommands(commands: readonly Command[], hasAdminRoles: boolean): CommandJson[] {
  const menus = [ASK_ABOUT, ...(commands.some(({ name }) => name === "explain-attention") ? [EXPLAIN_ATTENTION] : [])];
  return [...commands.map((command) => slashCommand(command, hasAdminRoles)), ...menus.map(messageCommand)];
}

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

function slashCommand(command: Command, hasAdminRoles: boolean): CommandJson {
  const action = actionOf(command);
  const isForAdmins = command.access === "admins" && !hasAdminRoles;
  return {
    type: CommandType.slash,
    name: command.name,
    ...localizedName(command.name),
    ...describe(command.summary),
    options: action ? action.choices.map((choice) => subcommand(command, choice)) : optionsOf(command),
    integration_types: FOR_GUILDS,
    contexts: IN_GUILDS_AND_DIRECT,
    default_member_permissions: isForAdmins ? MANAGE_GUILD : null,
  };
}

function subcommand(command: Command, choice: string): CommandJson {
  const { en, "zh-TW": zh } = command.summary;
  const chinese = localizedName(choice).name_localizations?.["zh-TW"] ?? choice;
  return {
    type: OptionType.subcommand,
    name: optionName(choice),
    ...localizedName(choice),
    ...describe({ en: `${choice} — ${en}`, "zh-TW": `${chinese}：${zh}` }),
    options: optionsOf(command, choice),
  };
}

/** Required ones first, as Discord demands; then files, then whether only the asker sees the answer. */
function optionsOf(command: Command, action?: string): CommandJson[] {
  const own = argumentsOf(command).filter(({ name }) => !(action !== undefined && name === ACTION));
  const ordered = [...own.filter(({ isRequired }) => isRequired), ...own.filter(({ isRequired }) => !isRequired)];
  const names = new Set(own.map(({ name }) => name));
  return [
    ...ordered.map((argument) => optionOf(argument, command.suggests?.[argument.name] !== undefined)),
    ...(takesFiles(command, action) ? FILE_OPTIONS.map(fileOption) : []),
    ...(names.has(PRIVATE) ? [] : [privateOption()]),
  ];
}

function takesFiles({ takesFiles = [] }: Command, action: string | undefined): boolean {
  return takesFiles === true || (action !== undefined && takesFiles.includes(action));
}

function optionOf(
  { name, type, isRequired, choices, description, longest = LONGEST_TEXT }: Argument,
  isSuggested: boolean,
): CommandJson {
  const isClosed = choices.length > 0 && choices.length <= MOST_CHOICES;
  return {
    type: OptionType[type],
    name: optionName(name),
    ...localizedName(name),
    ...describe(description),
    required: isRequired,
    ...(isClosed && { choices: choices.map(choiceOf) }),
    ...(!isClosed &&
      type === "string" && {
        autocomplete: isSuggested || choices.length > 0,
        max_length: Math.min(longest, LONGEST_TEXT),
      }),
  };
}

function choiceOf(value: string): Json {
  return { name: value.slice(0, LONGEST_CHOICE), value: value.slice(0, LONGEST_CHOICE) };
}

function fileOption(name: string, i: number): CommandJson {
  const localized = i === 0 ? localizedName("file") : { name_localizations: { "zh-TW": `檔案-${i + 1}` } };
  return { type: OptionType.attachment, name, ...localized, ...describe(FILE_OPTION), required: false };
}

function privateOption(): CommandJson {
  return {
    type: OptionType.boolean,
    name: PRIVATE,
    ...localizedName(PRIVATE),
    ...describe(PRIVATE_OPTION),
    required: false,
  };
}

function messageCommand(name: Phrase): CommandJson {
  return {
    type: CommandType.message,
    name: name.en,
    name_localizations: { "zh-TW": name["zh-TW"] },
    integration_types: FOR_GUILDS,
    contexts: IN_GUILDS_AND_DIRECT,
  };
}

function describe({ en, "zh-TW": zh }: Phrase): {
  description: string;
  description_localizations: Record<string, string>;
} {
  return { description: shorten(en), description_localizations: { "zh-TW": shorten(zh) } };
}

function shorten(text: string): string {
  return text.length > LONGEST_DESCRIPTION ? `${text.slice(0, LONGEST_DESCRIPTION - 1)}…` : text;
}
