// Reads an interaction as a command with its options and files.

import { argumentsOf } from "../../../src/core/arguments.ts";
import type { Command } from "../../../src/core/command.ts";
import { BotError } from "../../../src/core/errors.ts";
import type { Attachment } from "../../../src/core/invocation.ts";
import { languageOfLocale } from "../../../src/core/language.ts";
import { truncate } from "../../../src/core/text.ts";
import { CommandType, wordsOf, type CommandData, type Option, type QuotedMessage } from "../payloads.ts";
import { ASK_ABOUT, EXPLAIN_ATTENTION, EXPLAIN_THIS, NO_WORDS } from "../messages.ts";
import { ACTION, optionName } from "../notation.ts";
import { OptionType, PRIVATE } from "./register.ts";
import { attachmentOf, nameOf, type Asked } from "../context.ts";

type Values = Record<string, string | number | boolean>;

export interface Received extends Asked {
  isPrivate: boolean;
}

const LONGEST_QUOTE = 4000;

/** Throws BotError "usage" where a menu command was used on a message without words. */
export function receiveCommand(data: CommandData, commands: readonly Command[], locale: string | undefined): Received {
  return data.type === CommandType.message ? receiveMenu(data, commands, locale) : receiveSlash(data, commands);
}

/** The option that is being typed, for autocomplete. */
export function receiveTyping(data: CommandData, commands: readonly Command[]) {
  const { leaves } = flatten(data.options);
  const focused = leaves.find(({ focused }) => focused);
  const command = commands.find(({ name }) => name === data.name);
  if (!focused || !command) return undefined;
  const argument = argumentsOf(command).find(({ name }) => optionName(name) === focused.name);
  return argument && { command: command.name, argument, typed: String(focused.value ?? "") };
}

function receiveSlash(data: CommandData, commands: readonly Command[]): Received {
  const command = commands.find(({ name }) => name === data.name);
  const known = command ? argumentsOf(command) : [];
  const { action, leaves } = flatten(data.options);
  const options: Values = {};
  const attachments: Attachment[] = [];
  let isPrivate = false;
  if (action)
    options[ACTION] =
      known.find(({ name }) => name === ACTION)?.choices.find((c) => optionName(c) === action) ?? action;
  for (const { name, type, value } of leaves) {
    const argument = known.find((argument) => optionName(argument.name) === name);
    const file = type === OptionType.attachment ? data.resolved.attachments?.[String(value)] : undefined;
    if (file) attachments.push(attachmentOf(file));
    else if (argument && value !== undefined) options[argument.name] = value;
    else if (name === PRIVATE) isPrivate = value === true;
    else if (value !== undefined) options[name] = value;
  }
  return { command: data.name, input: { options }, attachments, context: [], isPrivate };
}

/** "Ask Heed about this": the message is the question, or what the question is about when it has only files. */
function receiveMenu(data: CommandData, commands: readonly Command[], locale: string | undefined): Received {
  const name = data.name === EXPLAIN_ATTENTION.en ? "explain-attention" : "ask";
  const prose = commands.find((command) => command.name === name)?.prose;
  const message = data.resolved.messages?.[data.target_id ?? ""];
  if (!message || !prose || (data.name !== ASK_ABOUT.en && data.name !== EXPLAIN_ATTENTION.en)) throw noWords();
  const words = wordsOf(message);
  if (!words && (message.attachments.length === 0 || name !== "ask")) throw noWords();
  const where = message.channel_id && { channel: message.channel_id, id: message.id };
  return {
    command: name,
    input: { options: { [prose]: words || EXPLAIN_THIS[languageOfLocale(locale)] } },
    attachments: message.attachments.map((file) => attachmentOf(file, where || undefined)),
    context: [],
    isPrivate: false,
  };
}

/** A quoted message, as what was said before. */
export function contextOfTarget(
  message: Pick<QuotedMessage, "content" | "forwarded" | "author"> | null | undefined,
): Asked["context"] {
  const words = message ? wordsOf(message) : "";
  if (!words) return [];
  const author = message?.author ? nameOf(message.author) : "?";
  return [{ author, text: truncate(words, LONGEST_QUOTE) }];
}

function flatten(options: readonly Option[]): { action?: string; leaves: Omit<Option, "options">[] } {
  const [first] = options;
  if (first?.type === OptionType.subcommand) return { action: first.name, leaves: first.options ?? [] };
  if (first?.type === OptionType.group) {
    const inner = first.options?.[0];
    return inner ? { action: inner.name, leaves: inner.options ?? [] } : { leaves: [] };
  }
  return { leaves: [...options] };
}

function noWords(): BotError {
  return new BotError("usage", NO_WORDS);
}
