// Reads what a command takes off its schema: options, usage lines, help and docs follow from it.

import { z } from "zod";
import type { Command } from "./command.ts";
import type { Phrase } from "./language.ts";
import { isNamed } from "./names.ts";
import { DASHES, type OptionKind } from "./typed-options.ts";

export interface Argument {
  name: string;
  type: "string" | "number" | "integer" | "boolean";
  isRequired: boolean;
  /** The values it may have, where they are known. */
  choices: readonly string[];
  description: Phrase;
  /** UTF-16 units that a text may have, where it is bounded. */
  longest?: number;
  /** The bounds of a number, where it has any. */
  least?: number;
  most?: number;
  /** Whether it takes the rest of a typed line. */
  isProse: boolean;
}

const TYPES: ReadonlySet<string> = new Set(["number", "integer", "boolean"]);

/** Reading a schema takes longer than the rest of a short job, and a command's never changes. */
const known = new WeakMap<Command, readonly Argument[]>();

export function argumentsOf(command: Command): readonly Argument[] {
  const found = known.get(command) ?? readArguments(command);
  known.set(command, found);
  return found;
}

function readArguments(command: Command): readonly Argument[] {
  const { properties = {}, required = [] } = z.toJSONSchema(command.args, { io: "input" });
  return Object.entries(properties).map(([name, property]) => {
    const { type, enum: choices = [], maxLength, minimum, maximum } = typeof property === "object" ? property : {};
    return {
      name,
      type: TYPES.has(String(type)) ? (type as Argument["type"]) : "string",
      isRequired: required.includes(name),
      choices: choices.map(String),
      description: command.describe[name] ?? { en: name, "zh-TW": name },
      isProse: command.prose === name,
      ...(maxLength !== undefined && { longest: maxLength }),
      ...(minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER && { least: minimum }),
      ...(maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER && { most: maximum }),
    };
  });
}

/** The argument that a typed name means, in any language. */
export function findArgument(command: Command, typed: string): Argument | undefined {
  return argumentsOf(command).find(({ name }) => isNamed(typed, name, command));
}

/** What a typed option is to the command. */
export function optionKindOf(command: Command, typed: string): OptionKind {
  const argument = findArgument(command, typed);
  if (!argument) return "unknown";
  return argument.type === "boolean" ? "flag" : "value";
}

const OPTION = new RegExp(String.raw`(?<=^|\s)(?:${DASHES})(\p{L}[\p{L}\p{N}_-]*)`, "gu");

/** Whether words hold one of the command's own options, as "--models": then they are meant for it. */
export function holdsOption(command: Command, words: string): boolean {
  const typed = new Set([...words.matchAll(OPTION)].map(([, name = ""]) => name));
  return [...typed].some((name) => findArgument(command, name));
}

/** The choice that typed words name in any language, whatever signs stand around them: "List!", "「列出」". */
export function findChoice(command: Command, choices: readonly string[], typed: string): string | undefined {
  return (
    choices.find((choice) => isNamed(typed, choice, command)) ??
    choices.find((choice) => isNamed(bareWord(typed), choice, command))
  );
}

/** Typed words without the signs before and behind them. */
export function bareWord(typed: string): string {
  return /[\p{L}\p{N}](?:[\s\S]*[\p{L}\p{N}])?/u.exec(typed)?.[0] ?? "";
}

/** How the command is typed: "/ask question [--model …]". */
export function usageOf(command: Command): string {
  return usage(command, argumentsOf(command));
}

/** The same without its options: "/ask question". */
export function shortUsageOf(command: Command): string {
  return usage(
    command,
    argumentsOf(command).filter(({ isProse, isRequired }) => isRequired || isProse),
  );
}

function usage(command: Command, shown: readonly Argument[]): string {
  const words = shown.map(({ name, type, choices, isRequired, isProse }) => {
    if (isProse || isRequired) {
      const word = choices.length > 0 ? choices.join("|") : name;
      return isRequired ? word : `[${word}]`;
    }
    return type === "boolean" ? `[--${name}]` : `[--${name} …]`;
  });
  return [`/${command.name}`, ...words].join(" ");
}
