// One answer as it grows on a screen: text as it comes, and below it what is happening until there is more.

import stringWidth from "string-width";
import type { Post } from "../../src/core/post.ts";
import { textOf } from "../../src/core/post.ts";
import type { Console } from "../../src/core/world.ts";
import { clean, goingOn } from "./clean.ts";
import { decorate, renderBelow } from "./render.ts";
import { hasTitles, renderSections } from "./sections.ts";

const WIPE = "\r\u001B[2K";
const USUAL_COLUMNS = 80;

export class LiveView {
  readonly #output: Console["output"];
  readonly #colours: boolean;
  #printed = "";
  /** The status that the last text came under: it has had its time on the screen. */
  #outdated = "";
  #hasStatus = false;
  #isMidLine = false;

  constructor(output: Console["output"], { colours }: { colours: boolean }) {
    this.#output = output;
    this.#colours = colours;
  }

  show(post: Post): void {
    if (this.#hasStatus) this.#output.write(WIPE);
    this.#hasStatus = false;
    const text = hasTitles(post) ? "" : clean(textOf(post));
    if (!text.startsWith(this.#printed)) this.#differ(text);
    if (text.length > this.#printed.length) this.#outdated = post.status;
    this.#append(text);
    if (post.state === "working") this.#tell(post.status);
    else this.#close(post);
  }

  /** What stands on the screen cannot be changed for sure, so lines that read otherwise now are said again below. */
  #differ(text: string): void {
    const said = new Set(this.#printed.split("\n"));
    const lines = text.split("\n");
    const anew = lines.filter((line) => !said.has(line));
    if (2 * anew.length > lines.length) return this.#startOver();
    this.#endLine();
    if (anew.length > 0) this.#output.write(`\n${anew.map((line) => decorate(line, this.#colours)).join("\n")}\n`);
    this.#printed = text;
  }

  /** Another attempt begins from nothing; what an earlier one said stays above. */
  #startOver(): void {
    this.#endLine();
    if (this.#printed) this.#output.write("\n");
    this.#printed = "";
  }

  #append(text: string): void {
    for (const line of text.slice(this.#printed.length).split(/(?<=\n)/)) {
      this.#output.write(line);
      this.#printed += line;
      if (line) this.#isMidLine = !line.endsWith("\n");
      if (line.endsWith("\n")) this.#redraw();
    }
  }

  #endLine(): void {
    if (!this.#isMidLine) return;
    this.#output.write("\n");
    this.#isMidLine = false;
    this.#redraw();
  }

  /** A finished line that fits one row is drawn again with its bold and code shown rather than spelled. */
  #redraw(): void {
    const line = this.#printed.replace(/\n$/, "").split("\n").at(-1) ?? "";
    const decorated = decorate(line, this.#colours);
    if (decorated !== line && stringWidth(line) < this.#columns) this.#output.write(`\u001B[1A${WIPE}${decorated}\n`);
  }

  /** In one row: a status that wraps could not be wiped. */
  #tell(status: string): void {
    if (!status || (this.#printed && status === this.#outdated)) return;
    this.#endLine();
    let row = "";
    for (const character of goingOn(clean(status))) {
      if (stringWidth(row + character) >= this.#columns) break;
      row += character;
    }
    this.#output.write(this.#colours ? `\u001B[2m${row}\u001B[22m` : row);
    this.#hasStatus = true;
  }

  #close(post: Post): void {
    this.#endLine();
    const look = { columns: this.#columns, colours: this.#colours };
    // What stands below is coloured on purpose, and was cleaned piece by piece before that.
    const render = hasTitles(post) ? renderSections : renderBelow;
    const below = this.#colours ? render(post, look) : clean(render(post, look));
    const failure = post.state === "failed" ? `${clean(post.status)}\n` : "";
    this.#output.write(`${[below, failure].filter(Boolean).join("\n")}\n`);
  }

  get #columns(): number {
    return this.#output.columns ?? USUAL_COLUMNS;
  }
}
