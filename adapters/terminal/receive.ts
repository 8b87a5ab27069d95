// The three ways to type: one command from a script, lines from a pipe, a person at the prompt.

import { appendFileSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { nearest } from "../../src/core/nearest.ts";
import type { Console } from "../../src/core/world.ts";
import type { Line } from "./conversation.ts";
import type { TerminalSettings } from "./settings.ts";

const PROMPT = "heed> ";
const REMEMBERED_LINES = 500;

type Run = (line: Line, console: Console, settings: TerminalSettings) => Promise<number>;

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

/** A prompt with history. Ctrl-C stops a running answer; without one, it leaves. */
export const chat: Run = async (line, { input, output }, { historyFile, colours }) => {
  const prompt = createInterface({
    input,
    output,
    prompt: colours ? `\u001B[1m${PROMPT}\u001B[22m` : PROMPT,
    history: readHistory(historyFile),
    historySize: REMEMBERED_LINES,
    removeHistoryDuplicates: true,
    completer: (typed: string) => complete(typed, line),
  });
  prompt.on("SIGINT", () => {
    if (!line.stop()) prompt.close();
  });
  let isOpen = true;
  prompt.on("close", () => (isOpen = false));
  prompt.prompt();
  for await (const typed of prompt) {
    if (/^\s*\/?(?:exit|quit)\s*$/.test(typed)) break;
    if (typed.trim()) {
      remember(historyFile, typed);
      await line.ask(typed);
    }
    // Ctrl-D may close it while an answer is written; what was typed before that is still asked.
    if (isOpen) prompt.prompt();
  }
  prompt.close();
  output.write("\n");
  return 0;
};

/** An option's value with spaces stays one value; a question needs no quotes. */
function quote(word: string, i: number, words: readonly string[]): string {
  const isValue = i > 0 && (words[i - 1] ?? "").startsWith("--");
  return isValue && /\s/.test(word) ? JSON.stringify(word) : word;
}

function complete(typed: string, { commands }: Line): [string[], string] {
  const names = commands.map(({ name }) => `/${name} `);
  const fitting = names.filter((name) => name.startsWith(typed));
  return [typed.startsWith("/") ? fitting : [], typed];
}

/** Newest first, as readline wants it. A history that cannot be read is an empty one: nothing is lost but comfort. */
function readHistory(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean).slice(-REMEMBERED_LINES).toReversed();
  } catch {
    return [];
  }
}

function remember(file: string, typed: string): void {
  try {
    appendFileSync(file, `${typed.replaceAll("\n", " ")}\n`);
  } catch {
    // The prompt works without a history, and the start has already said what is wrong with the folder.
  }
}
