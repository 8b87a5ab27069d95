// The two ways in of a script: one command as words behind the program's name, or lines from a pipe.

import { createInterface } from "node:readline";
import { nearest } from "../../../src/core/nearest.ts";
import type { Console } from "../../../src/core/world.ts";
import type { Line } from "../conversation.ts";

/** Resolves with the exit status when there is nothing more to ask. */
export type Run = (line: Line, console: Console) => Promise<number>;

/** `npm start -- ask "What is ...?"`: the first word is the command where it is one or a slip for one, else all is a question. */
export function runOnce(words: readonly string[]): Run {
  return async (line) => ((await line.ask(typedLine(words, line))) ? 0 : 1);
}

function typedLine(words: readonly string[], { commands }: Pick<Line, "commands">): string {
  const [first = "", ...rest] = words;
  // Where people look for help before they know that it is a command.
  if (rest.length === 0 && ["--help", "-h"].includes(first)) return "/help";
  const names = commands.map(({ name }) => name);
  const isCommand = names.includes(first.toLowerCase()) || (rest.length > 0 && nearest(first, names) !== undefined);
  return isCommand ? `/${first} ${rest.map(quote).join(" ")}` : words.join(" ");
}

/** Every line of standard input is asked, one after the other; the status tells whether all were answered. */
export const readLines: Run = async (line, { input }) => {
  let status = 0;
  for await (const typed of createInterface({ input, crlfDelay: Infinity }))
    if (typed.trim() && !(await line.ask(typed))) status = 1;
  return status;
};

/** An option's value with spaces stays one value; a question needs no quotes. */
function quote(word: string, i: number, words: readonly string[]): string {
  const isValue = i > 0 && (words[i - 1] ?? "").startsWith("--");
  return isValue && /\s/.test(word) ? JSON.stringify(word) : word;
}
