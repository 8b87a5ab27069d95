// Translates the names of commands, arguments and values, and finds what a typed word names.

import type { Command } from "./command.ts";
import { Language } from "./language.ts";

type Named = Pick<Command, "name" | "names">;

/** `word` is the English name of the command, of one of its arguments or of a value. A word without another name keeps it. */
export function nameIn(language: Language, word: string, { names = {} }: Pick<Named, "names">): string {
  return (language !== "en" && names[language]?.[word]) || word;
}

/** The same word in every language, English first. */
export function namesOf(word: string, command: Pick<Named, "names">): readonly string[] {
  return [...new Set(Language.options.map((language) => nameIn(language, word, command)))];
}

/** Whether a typed word is one of them, in capital or full-width letters too. */
export function isNamed(typed: string, word: string, command: Pick<Named, "names">): boolean {
  const folded = foldName(typed);
  return namesOf(word, command).some((name) => foldName(name) === folded);
}

/** The command that a typed word names, in any language. */
export function findCommand<Some extends Named>(typed: string, commands: readonly Some[]): Some | undefined {
  return commands.find((command) => isNamed(typed, command.name, command));
}

function foldName(word: string): string {
  return word.normalize("NFKC").toLowerCase();
}
