// Where posts appear: streamed on a terminal, whole and plain in a pipe, one JSON object each for a script.

import type { Post } from "../../src/core/post.ts";
import { textOf } from "../../src/core/post.ts";
import type { Console } from "../../src/core/world.ts";
import { clean, goingOn } from "./clean.ts";
import type { Look } from "./decorate.ts";
import { renderBelow, renderJson } from "./render.ts";
import { hasTitles, renderSections } from "./sections.ts";
import { Stage, type Neighbour, type View } from "./stage.ts";
import type { TerminalSettings } from "./settings.ts";

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
  const { asJson, isScreen, way } = settings;
  const stage = new Stage(console, settings);
  return {
    complain: (sentence) => void errors.write(`${clean(sentence)}\n`),
    open: () => (asJson ? json(output) : isScreen ? stage.open() : plain(output, errors, settings)),
    openEarlier(asked) {
      if (asJson) return json(way === "command" ? errors : output);
      if (way === "chat") return stage.openEarlier(asked);
      // A script that asked one thing gets the answer to that thing alone on its output.
      const to = way === "command" ? errors : output;
      to.write(`> ${clean(asked)}\n`);
      return plain(to, errors, settings);
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

/** The answer when it is done; on the error output, what is happening until then. */
function plain(to: NodeJS.WritableStream, errors: NodeJS.WritableStream, settings: TerminalSettings): View {
  let status = "";
  return {
    show(post) {
      if (post.state === "working" && post.status && post.status !== status)
        errors.write(`${goingOn(clean(post.status))}\n`);
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
