// Says what is wrong with a typed command, and the fix.

import { argumentsOf, usageOf, type Argument } from "./arguments.ts";
import type { Command } from "./command.ts";
import { BotError } from "./errors.ts";
import { inEveryLanguage, languageOf, type Phrase } from "./language.ts";
import { nearest } from "./nearest.ts";
import { clip, LONGEST_ECHO } from "./text.ts";

export function unknownOption(command: Command, name: string): BotError {
  const near = nearest(
    name,
    argumentsOf(command).map(({ name }) => name),
  );
  return new BotError("usage", {
    en: `/${command.name} has no option --${name}.${near ? ` Did you mean --${near}?` : ""} It is typed like this: \`${usageOf(command)}\``,
    "zh-TW": `/${command.name} 沒有 --${name} 這個選項。${near ? `你是不是要用 --${near}？` : ""}用法：\`${usageOf(command)}\``,
  });
}

export function tooManyWords(command: Command, words: string): BotError {
  const echo = clip(words, LONGEST_ECHO);
  return new BotError("usage", {
    en: `/${command.name} does not take "${echo}". It is typed like this: \`${usageOf(command)}\``,
    "zh-TW": `/${command.name} 不接受「${echo}」。用法：\`${usageOf(command)}\``,
  });
}

/** For an argument that is missing (`given` undefined) or does not fit. */
export function wrongArgument(command: Command, name: string, given: string | number | boolean | undefined): BotError {
  const argument = argumentsOf(command).find((argument) => argument.name === name);
  const problem = given === undefined || given === "" ? missing(name) : unfit(name, String(given), argument);
  const fix = argument && argument.choices.length > 0 ? choose(argument.choices, given) : argument?.description;
  const example = exampleOf(command);
  return new BotError("usage", {
    en: `${problem.en}${fix ? ` (${fix.en})` : ""}. For example: \`${example.en}\`. \`/help\` shows the rest.`,
    "zh-TW": `${problem["zh-TW"]}${fix ? `（${fix["zh-TW"]}）` : ""}。例如：\`${example["zh-TW"]}\`。其他用法請看 \`/help\`。`,
  });
}

/** In each language the first example that is written in it; where there is none, the first of all. */
function exampleOf(command: Command): Phrase {
  const first = command.examples[0] ?? usageOf(command);
  return inEveryLanguage((language) => command.examples.find((example) => languageOf(example) === language) ?? first);
}

function missing(name: string): Phrase {
  return { en: `I still need the ${name}`, "zh-TW": `還缺少 ${name}` };
}

function unfit(name: string, given: string, argument: Argument | undefined): Phrase {
  if (argument?.longest !== undefined && given.length > argument.longest)
    return {
      en: `The ${name} has ${given.length} characters; at most ${argument.longest} fit, so please shorten it`,
      "zh-TW": `${name} 有 ${given.length} 個字元，上限是 ${argument.longest} 個，請縮短後再試`,
    };
  const echo = clip(given, LONGEST_ECHO);
  return { en: `"${echo}" does not fit as ${name}`, "zh-TW": `「${echo}」不能當作 ${name}` };
}

function choose(choices: readonly string[], given: string | number | boolean | undefined): Phrase {
  const near = given === undefined ? undefined : nearest(String(given), choices);
  return {
    en: `${near ? `did you mean ${near}? ` : ""}it is one of ${choices.join(", ")}`,
    "zh-TW": `${near ? `你是不是要用 ${near}？` : ""}可用的值：${choices.join("、")}`,
  };
}
