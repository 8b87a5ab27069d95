// What Discord would refuse of a list of commands: https://discord.com/developers/docs/interactions/application-commands

import { firstProblem, type Rule } from "./validate.ts";

export interface FakeCommand {
  type?: number;
  name: string;
  name_localizations?: Record<string, string>;
  description?: string;
  description_localizations?: Record<string, string>;
  options?: FakeCommand[];
  choices?: { name: string; value: string; name_localizations?: Record<string, string> }[];
  required?: boolean;
  autocomplete?: boolean;
  max_length?: number;
  min_value?: number;
  max_value?: number;
}

const NAME = /^[-_'\p{L}\p{N}]{1,32}$/u;
const MENU_TYPES: ReadonlySet<number | undefined> = new Set([2, 3]);
const MOST_MENUS = 5;
const MOST_CHARACTERS = 8000;

export function problemWithCommands(commands: readonly FakeCommand[], isForOneGuild: boolean): string | undefined {
  const menus = commands.filter(({ type }) => MENU_TYPES.has(type));
  const slash = commands.filter(({ type }) => !MENU_TYPES.has(type));
  const guildOnly = ["contexts", "integration_types"];
  return firstProblem([
    [slash.length > 100 || menus.length > MOST_MENUS, "too many commands"],
    [isForOneGuild && commands.some((command) => guildOnly.some((key) => key in command)), "contexts: global only"],
    [slash.some((command) => sizeOf(command) > MOST_CHARACTERS), "a command of more than 8000 characters"],
    ...rulesForNames(slash),
    ...rulesForNames(menus),
    ...menus.flatMap(rulesForMenu),
    ...slash.flatMap(rulesForCommand),
  ]);
}

function rulesForMenu({ name, name_localizations = {}, description }: FakeCommand): Rule[] {
  const names = [name, ...Object.values(name_localizations)];
  return [
    [names.some(({ length }) => length < 1 || length > 32), `${name}: name 1 to 32`],
    [description !== undefined, `${name}: a menu has no description`],
  ];
}

function rulesForCommand(command: FakeCommand): Rule[] {
  const { name, name_localizations = {}, description = "", description_localizations = {}, options = [] } = command;
  const names = [name, ...Object.values(name_localizations)];
  const required = options.map((option) => option.required === true);
  const hasSubcommands = options.some(({ type }) => type === 1);
  return [
    [names.some((each) => !NAME.test(each) || each !== each.toLowerCase()), `${name}: name`],
    [
      [description, ...Object.values(description_localizations)].some(({ length }) => length < 1 || length > 100),
      `${name}: description 1 to 100`,
    ],
    [options.length > 25, `${name}: at most 25 options`],
    [hasSubcommands && options.some(({ type }) => type !== 1), `${name}: subcommands beside options`],
    [required.lastIndexOf(true) > required.indexOf(false) && required.includes(false), `${name}: required ones first`],
    ...rulesForNames(options),
    ...rulesForValues(command),
    ...options.flatMap(rulesForCommand),
  ];
}

function rulesForValues(option: FakeCommand): Rule[] {
  const { name, type, choices = [], autocomplete = false, max_length = 1, min_value, max_value } = option;
  const words = choices.flatMap((choice) => [
    choice.name,
    choice.value,
    ...Object.values(choice.name_localizations ?? {}),
  ]);
  return [
    [choices.length > 25, `${name}: at most 25 choices`],
    [words.some(({ length }) => length < 1 || length > 100), `${name}: choices of 1 to 100`],
    [new Set(choices.map((choice) => choice.name)).size !== choices.length, `${name}: a choice twice`],
    [autocomplete && choices.length > 0, `${name}: choices or autocomplete`],
    [autocomplete && ![3, 4, 10].includes(type ?? 0), `${name}: nothing to complete`],
    [max_length < 1 || max_length > 6000, `${name}: max_length 1 to 6000`],
    [(min_value ?? max_value) !== undefined && type !== 4 && type !== 10, `${name}: bounds of a number`],
  ];
}

/** Also as they are called in another language. */
function rulesForNames(siblings: readonly FakeCommand[]): Rule[] {
  const chinese = siblings.map(({ name, name_localizations = {} }) => name_localizations["zh-TW"] ?? name);
  return [siblings.map(({ name }) => name), chinese].map((names): Rule => {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    return [twice !== undefined, `a name twice: ${twice}`];
  });
}

/** Names, descriptions and values together; of the languages the longest counts. */
function sizeOf({
  name,
  name_localizations,
  description = "",
  description_localizations,
  ...rest
}: FakeCommand): number {
  const longest = (own: string, others: Record<string, string> = {}) =>
    Math.max(...[own, ...Object.values(others)].map(({ length }) => length));
  const choices = (rest.choices ?? []).map(
    (choice) => longest(choice.name, choice.name_localizations) + choice.value.length,
  );
  const options = (rest.options ?? []).map(sizeOf);
  return [
    longest(name, name_localizations),
    longest(description, description_localizations),
    ...choices,
    ...options,
  ].reduce((sum, size) => sum + size, 0);
}
