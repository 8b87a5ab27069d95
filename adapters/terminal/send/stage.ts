// Shares one screen between answers and the prompt, one writer at a time.

import { emptyPost, fail, type Post } from "../../../src/core/post.ts";
import type { Console } from "../../../src/core/runtime.ts";
import { clean } from "../render/clean.ts";
import { LiveView } from "./live-view.ts";

/** One answer on its way to the screen. */
export interface View {
  show(post: Post, asked: string): void;
}

/** The prompt, which makes room where something is written that nobody there asked for. */
export interface Neighbour {
  hide(): void;
  reveal(): void;
}

export class Stage {
  readonly #output: Console["output"];
  readonly #look: { colours: boolean };
  #prompt: Neighbour | undefined;
  #live: LiveView | undefined;
  #typed = "";
  /** Answers that came in the middle of another. */
  readonly #later: (() => void)[] = [];

  constructor({ output }: Console, look: { colours: boolean }) {
    this.#output = output;
    this.#look = look;
  }

  share(prompt: Neighbour): void {
    this.#prompt = prompt;
  }

  type(typed: string): void {
    this.#typed = typed;
    this.#live?.type(typed);
  }

  /** A sentence where no answer will come. */
  complain(sentence: string): void {
    new LiveView(this.#output, this.#look).show(fail(emptyPost("en"), sentence), "");
    this.#end();
  }

  /** Grows as it is written. */
  open(): View {
    const view = new LiveView(this.#output, this.#look);
    return {
      show: (post) => {
        this.#live = view;
        view.show(post, this.#typed);
        if (post.state !== "working") this.#end();
      },
    };
  }

  /** Stands there when it is whole: whoever sits at the prompt is busy with something else. */
  openEarlier(asked: string): View {
    return {
      show: (post) => {
        if (post.state === "working") return;
        if (this.#live) this.#later.push(() => this.#interject(asked, post));
        else this.#interject(asked, post);
      },
    };
  }

  #end(): void {
    this.#live = undefined;
    this.#typed = "";
    for (const write of this.#later.splice(0)) write();
  }

  #interject(asked: string, post: Post): void {
    this.#prompt?.hide();
    this.#output.write(`> ${clean(asked)}\n`);
    new LiveView(this.#output, this.#look).show(post, "");
    this.#prompt?.reveal();
  }
}
