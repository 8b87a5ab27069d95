// Shows posts: streamed on a terminal, plain in a pipe, one JSON object each for a script.

import { type Post, textOf } from "../../../src/core/post.ts";
import type { Console } from "../../../src/core/runtime.ts";
import { clean, goingOn } from "../render/clean.ts";
import type { Look } from "../render/decorate.ts";
import { renderBelow, renderJson } from "../render/render.ts";
import { hasTitles, renderSections } from "../render/sections.ts";
import { Stage, type Neighbour, type View } from "./stage.ts";
import type { TerminalSettings } from "../settings.ts";

const PLAIN: Look = { colours: false, columns: undefined };

export interface Screen {
  open(): View;
  /** For an answer to a question of an earlier run, which stands above it. */
  openEarlier(asked: string): View;
  complain(sentence: string): void;
  /** What is typed while an answer is written. */
  type(typed: string): void;
  share(prompt: Neighbour): void;
}

export function createScreen(console: Console, settings: TerminalSettings): Screen {
  const { output, errors } = console;
  const { asJson, isScreen } = settings;
  const isCommand = settings.way === "command";
  const stage = new Stage(console, settings);
  const answers = new Plain(errors);
  return {
    complain: (sentence) => (isScreen ? stage.complain(sentence) : void errors.write(`${clean(sentence)}\n`)),
    open: () => (asJson ? json(output) : isScreen ? stage.open() : answers.open(output)),
    openEarlier(asked) {
      if (asJson) return json(isCommand ? errors : output);
      if (isScreen) return stage.openEarlier(asked);
      // A script that asked one thing gets the answer to that thing alone on its output.
      const to = isCommand ? errors : output;
      return answers.open(to, `> ${clean(asked)}\n`);
    },
    type: (typed) => stage.type(typed),
    share: (prompt) => stage.share(prompt),
  };
}

function json(to: NodeJS.WritableStream): View {
  return {
    show(post, asked) {
      if (post.state !== "working") to.write(`${JSON.stringify(renderJson(post, asked))}\n`);
    },
  };
}

/** Answers when they are done, an empty line between two; on the error output, what is happening until then. */
class Plain {
  readonly #errors: NodeJS.WritableStream;
  /** Where an answer stands already. */
  readonly #used = new Set<NodeJS.WritableStream>();

  constructor(errors: NodeJS.WritableStream) {
    this.#errors = errors;
  }

  /** `above`: what an answer stands under. */
  open(to: NodeJS.WritableStream, above = ""): View {
    let status = "";
    return {
      show: (post) => {
        if (post.state === "working" && post.status && post.status !== status)
          this.#errors.write(`${goingOn(clean(post.status))}\n`);
        status = post.status;
        if (post.state !== "working") this.#finish(post, to, above);
      },
    };
  }

  #finish(post: Post, to: NodeJS.WritableStream, above: string): void {
    const text = whole(post);
    if (text || above) to.write(`${this.#used.has(to) ? "\n" : ""}${above}${text}${text ? "\n" : ""}`);
    if (text || above) this.#used.add(to);
    if (post.state === "failed") this.#errors.write(`${clean(post.status)}\n`);
  }
}

function whole(post: Post): string {
  if (hasTitles(post)) return clean(renderSections(post, PLAIN));
  return [clean(textOf(post)).trim(), clean(renderBelow(post, PLAIN))].filter(Boolean).join("\n\n");
}
