// Where posts appear: streamed on a terminal, whole and plain in a pipe, one JSON object each for a script.

import type { Post } from "../../src/core/post.ts";
import { textOf } from "../../src/core/post.ts";
import type { Console } from "../../src/core/world.ts";
import { clean, goingOn } from "./clean.ts";
import { LiveView } from "./live-view.ts";
import { renderBelow, renderJson, type Look } from "./render.ts";
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

export function createScreen({ output, errors }: Console, settings: TerminalSettings): Screen {
  const complain = (sentence: string) => void errors.write(`${clean(sentence)}\n`);
  const open = (to: NodeJS.WritableStream) =>
    settings.asJson
      ? json(to)
      : output.isTTY && to === output
        ? new LiveView(output, settings)
        : plain(to, errors, settings);
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
