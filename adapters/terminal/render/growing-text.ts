// Turns growing Markdown into rows of a screen, in whole words.

import stringWidth from "string-width";
import { beforeFence, isOpenAfter, readLine, type Fence } from "../../../src/core/markdown.ts";
import { decorate, type Look } from "./decorate.ts";
import { cutToWidth, settledLength, wrap } from "./wrap.ts";

const LINE = /(?<=\n)/;

/** A text that is whole already, without a line break at its end; as it is where rows may be of any length. */
export function renderText(markdown: string, { colours, columns }: Look): string {
  if (columns === undefined) return markdown;
  const text = new GrowingText(colours, () => columns);
  return (text.add(markdown) + text.close()).replace(/\n$/, "");
}

export class GrowingText {
  readonly #colours: boolean;
  readonly #columns: () => number;
  /** The line that is being written: as it was said, and as much of it as stands on the screen. */
  #line = "";
  #shown = "";
  /** Columns for this line: a screen that changes in the middle of it is for the next one. */
  #width: number;
  #fence: Fence | undefined;

  constructor(colours: boolean, columns: () => number) {
    this.#colours = colours;
    this.#columns = columns;
    this.#width = columns();
  }

  /** What to write now for words that were added. A word that may go on is kept back. */
  add(words: string): string {
    return words
      .split(LINE)
      .map((part) => {
        this.#line += part.replace(/\n$/, "");
        return part.endsWith("\n") ? this.#endLine() : this.#advance(this.#line.slice(0, this.#settled()));
      })
      .join("");
  }

  /** The rest of the line that stands unfinished, and its end; nothing where none does. */
  close(): string {
    return this.#line ? this.#endLine() : "";
  }

  /** Columns from the left at which the unfinished line stands; 0 where the next word begins a row. */
  get column(): number {
    return stringWidth(this.#shown.slice(this.#shown.lastIndexOf("\n") + 1));
  }

  #settled(): number {
    if (!this.#fence) {
      // Tildes behind nothing but marks may become a fence.
      const before = /^[\s>*+\d.)-]*(?=~)/.exec(this.#line)?.[0].length ?? Infinity;
      return Math.min(settledLength(this.#line), before);
    }
    // A fence may still be closed by this line.
    return /^[\s>]*(?:`|~|$)/.test(this.#line) ? 0 : this.#line.length;
  }

  #endLine(): string {
    const line = readLine(this.#line, this.#fence);
    const isMark = line.role === "opens" || line.role === "closes";
    // Of a line with a fence, the list mark before it is all that is shown.
    const shown = line.role === "opens" ? beforeFence(this.#line).trimEnd() : isMark ? "" : this.#line;
    const rest = isMark && !shown ? "" : `${this.#advance(shown)}\n`;
    this.#fence = isOpenAfter(line) ? line.fence : undefined;
    this.#line = this.#shown = "";
    this.#width = this.#columns();
    return rest;
  }

  #advance(line: string): string {
    const rows = this.#rowsOf(line).join("\n");
    const news = rows.slice(this.#shown.length);
    this.#shown = rows;
    return news;
  }

  #rowsOf(line: string): readonly string[] {
    // Code is broken where the screen ends, and nowhere else.
    return this.#fence ? cutToWidth(line, this.#width) : wrap(decorate(line, { colours: this.#colours }), this.#width);
  }
}
