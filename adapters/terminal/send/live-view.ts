// Shows one growing answer, and below it the status and what is being typed.

import { type Post, textOf } from "../../../src/core/post.ts";
import type { Console } from "../../../src/core/runtime.ts";
import { clean, goingOn } from "../render/clean.ts";
import { dim, type Look } from "../render/decorate.ts";
import { GrowingText, renderText } from "../render/growing-text.ts";
import { renderBelow } from "../render/render.ts";
import { hasTitles, renderSections } from "../render/sections.ts";
import { endOf, clipToWidth } from "../render/wrap.ts";

const WIPE = "\r\u001B[2K";
const UP = "\u001B[1A";
const USUAL_COLUMNS = 80;

export class LiveView {
  readonly #output: Console["output"];
  readonly #colours: boolean;
  #text: GrowingText;
  /** The post's text, as far as it was said or is kept back until its word is whole. */
  #said = "";
  /** The status that the last text came under: it has had its time on the screen. */
  #outdated = "";
  #status = "";
  #typed = "";
  /** Rows that stand below the text right now; the cursor is at the end of the last. */
  #footer = 0;

  constructor(output: Console["output"], { colours }: { colours: boolean }) {
    this.#output = output;
    this.#colours = colours;
    this.#text = this.#begin();
  }

  /** `typed` is what stands at the prompt meanwhile. */
  show(post: Post, typed: string): void {
    this.#typed = clean(typed);
    const text = hasTitles(post) ? "" : clean(textOf(post));
    if (text.length > this.#said.length) this.#outdated = post.status;
    this.#status = text && post.status === this.#outdated ? "" : post.status;
    const wiped = this.#wipe();
    const differing = text.startsWith(this.#said) ? "" : this.#differ(text);
    const news = this.#text.add(text.slice(this.#said.length));
    this.#said = text;
    const rest = post.state === "working" ? this.#drawFooter() : this.#close(post);
    this.#output.write(wiped + differing + news + rest);
  }

  /** What somebody types while the answer is written: it is shown below, and nowhere in between. */
  type(typed: string): void {
    this.#typed = clean(typed);
    const wiped = this.#wipe();
    this.#output.write(wiped + this.#drawFooter());
  }

  /** What stands on the screen cannot be changed for sure, so lines that read otherwise now are said again below. */
  #differ(text: string): string {
    const said = new Set(this.#said.split("\n"));
    const lines = text.split("\n");
    const anew = lines.filter((line) => !said.has(line));
    const above = this.#text.close();
    const gap = this.#said ? "\n" : "";
    this.#text = this.#begin();
    // Another attempt begins from nothing; what an earlier one said stays above.
    const isOther = 2 * anew.length > lines.length;
    this.#said = isOther ? "" : text;
    if (isOther || anew.length === 0) return above + (isOther ? gap : "");
    return `${above}${gap}${renderText(anew.join("\n"), this.#look)}\n`;
  }

  #begin(): GrowingText {
    return new GrowingText(this.#colours, () => this.#look.columns);
  }

  #wipe(): string {
    if (this.#footer === 0) return "";
    const { column } = this.#text;
    const rows = Array.from({ length: this.#footer }, () => WIPE).join(UP);
    this.#footer = 0;
    return column > 0 ? `${rows}${UP}\u001B[${column + 1}G` : rows;
  }

  #drawFooter(): string {
    // A row that wraps could not be wiped.
    const columns = this.#look.columns - 1;
    const status = this.#status && dim(clipToWidth(goingOn(clean(this.#status)), columns), this.#look);
    const typed = this.#typed && `> ${endOf(this.#typed, columns - 2)}`;
    const rows = [status, typed].filter(Boolean);
    this.#footer = rows.length;
    return (rows.length > 0 && this.#text.column > 0 ? "\n" : "") + rows.join("\n");
  }

  #close(post: Post): string {
    const end = this.#text.close();
    // What stands below is coloured on purpose, and was cleaned piece by piece before that.
    const render = hasTitles(post) ? renderSections : renderBelow;
    const below = this.#colours ? render(post, this.#look) : clean(render(post, this.#look));
    const failure = post.state === "failed" ? renderText(clean(post.status), this.#look) : "";
    const blocks = [below, failure].filter(Boolean).join("\n\n");
    const gap = this.#said && blocks && !this.#said.endsWith("\n\n") ? "\n" : "";
    return `${end}${gap}${blocks}${blocks ? "\n" : ""}\n`;
  }

  get #look(): Look & { columns: number } {
    return { columns: this.#output.columns ?? USUAL_COLUMNS, colours: this.#colours };
  }
}
