// Where posts appear: streamed on a terminal, whole and plain in a pipe, one JSON object each for a script.

import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import type { Post } from "../../src/core/post.ts";
import { textOf } from "../../src/core/post.ts";
import type { Console } from "../../src/core/world.ts";
import { decorate, renderBelow, renderJson, type Look } from "./render.ts";
import { hasTitles, renderSections } from "./sections.ts";
import type { TerminalSettings } from "./settings.ts";

/** One answer on its way to the screen. */
export interface View {
  show(post: Post, asked: string): void;
}

export interface Screen {
  open(): View;
  /** For an answer to a question of an earlier run, which stands above it. */
  openEarlier(asked: string): View;
  complain(sentence: string): void;
}

const WIPE = "\r\u001B[2K";
// Anything but a line break and a tab could move the cursor or colour the screen on behalf of a document.
// oxlint's own rule against control characters does not know that removing them is the point.
const CONTROLS = /[^\P{Cc}\n\t]/gu;

export function createScreen({ output, errors }: Console, settings: TerminalSettings): Screen {
  const complain = (sentence: string) => void errors.write(`${clean(sentence)}\n`);
  const open = (to: NodeJS.WritableStream) =>
    settings.asJson ? json(to) : output.isTTY && to === output ? live(output, settings) : plain(to, errors, settings);
  return {
    complain,
    open: () => open(output),
    openEarlier(asked) {
      // A script that asked one thing gets the answer to that thing alone on its output.
      const to = settings.isScript ? errors : output;
      if (!settings.asJson) to.write(`> ${clean(asked)}\n`);
      return open(to);
    },
  };
}

function json(to: NodeJS.WritableStream): View {
  return {
    show(post, asked) {
      if (post.state !== "working") to.write(`${JSON.stringify(renderJson(post, asked))}\n`);
    },
  };
}

/** The answer when it is done; on the error output, what is happening until then. */
function plain(to: NodeJS.WritableStream, errors: NodeJS.WritableStream, settings: TerminalSettings): View {
  let status = "";
  return {
    show(post) {
      if (post.state === "working" && post.status && post.status !== status) errors.write(`${clean(post.status)} …\n`);
      status = post.status;
      if (post.state === "working") return;
      const text = whole(post, { ...settings, columns: undefined });
      if (text) to.write(`${text}\n`);
      if (post.state === "failed") errors.write(`${clean(post.status)}\n`);
    },
  };
}

function whole(post: Post, look: Look): string {
  if (hasTitles(post)) return clean(renderSections(post, look));
  return [clean(textOf(post)).trim(), clean(renderBelow(post, look))].filter(Boolean).join("\n\n");
}

/** Text as it comes, decorated line by line; the status stands below it until there is more text. */
function live(output: Console["output"], settings: TerminalSettings): View {
  let printed = "";
  let hasStatus = false;
  const wipe = () => {
    if (hasStatus) output.write(WIPE);
    hasStatus = false;
  };
  const append = (text: string) => {
    const from = text.startsWith(printed) ? printed.length : 0;
    if (from === 0 && printed) return amend(text);
    for (const line of text.slice(from).split(/(?<=\n)/)) {
      printed += line;
      output.write(line);
      if (line.endsWith("\n")) redraw(printed.slice(printed.lastIndexOf("\n", printed.length - 2) + 1, -1));
    }
  };
  /** What stands on the screen cannot be changed for sure, so lines that read otherwise now are said again below. */
  const amend = (text: string) => {
    const said = new Set(printed.split("\n"));
    const anew = text.split("\n").filter((line) => !said.has(line));
    if (!printed.endsWith("\n")) output.write("\n");
    if (anew.length > 0) output.write(`\n${anew.map((line) => decorate(line, settings.colours)).join("\n")}\n`);
    printed = text.endsWith("\n") ? text : `${text}\n`;
  };
  /** A finished line that fits one row is drawn again with its bold and code shown rather than spelled. */
  const redraw = (line: string) => {
    const decorated = decorate(line, settings.colours);
    if (decorated !== line && stringWidth(line) < (output.columns ?? 80))
      output.write(`\u001B[1A${WIPE}${decorated}\n`);
  };
  return {
    show(post) {
      wipe();
      const isBoard = hasTitles(post);
      if (!isBoard) append(clean(textOf(post)));
      if (post.state === "working") {
        if (!post.status || printed) return;
        output.write(fitted(clean(post.status), output.columns ?? 80, settings.colours));
        hasStatus = true;
        return;
      }
      if (printed && !printed.endsWith("\n")) append(`${printed}\n`);
      const look = { ...settings, columns: output.columns ?? 80 };
      const below = clean(isBoard ? renderSections(post, look) : renderBelow(post, look), settings.colours);
      const failure = post.state === "failed" ? `${clean(post.status)}\n` : "";
      output.write(`${[below, failure].filter(Boolean).join("\n")}\n`);
    },
  };
}

/** One row: a status that wraps could not be wiped. */
function fitted(status: string, columns: number, colours: boolean): string {
  let row = "";
  for (const character of `${status} …`) {
    if (stringWidth(row + character) >= columns) break;
    row += character;
  }
  return colours ? `\u001B[2m${row}\u001B[22m` : row;
}

/** Without escape sequences, so that no document or model can write on the screen anywhere but here. */
function clean(text: string, keepColours = false): string {
  if (keepColours) return text;
  return stripVTControlCharacters(text).replace(CONTROLS, "");
}
