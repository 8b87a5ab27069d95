// Reads a script's input: one command as program arguments, or lines from a pipe.

import { createInterface } from "node:readline";
import type { Console } from "../../../src/core/runtime.ts";
import type { Line } from "../conversation.ts";

/** Resolves with the exit status when there is nothing more to ask. */
export type Run = (line: Line, console: Console) => Promise<number>;

/** `npm start -- ask "What is ...?"`: the words are a line like any other. */
export function runOnce(words: readonly string[]): Run {
  return async (line) => ((await line.ask(words.map(quote).join(" "))) ? 0 : 1);
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
