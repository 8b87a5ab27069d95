// Exports a reader that takes thoughts which a server left in the text, between tags at its beginning, for thoughts.

import type { StreamEvent } from "./vendor.ts";

/** What opens thoughts, in lower case, and what closes them: the marks that open models are trained on. */
const TAGS: readonly (readonly [open: string, close: string])[] = [
  ...["think", "thinking", "thought", "thoughts", "reasoning", "seed:think"].map(
    (name) => [`<${name}>`, `</${name}>`] as const,
  ),
  ["[think]", "[/think]"],
  ["◁think▷", "◁/think▷"],
];

/** The same events. Only what stands at the beginning is read so: later on, a tag is something that the answer speaks of. */
export async function* withoutTaggedThoughts(events: AsyncIterable<StreamEvent>): AsyncGenerator<StreamEvent> {
  const reader = new TagReader();
  for await (const event of events) {
    if (event.type === "text" && !reader.isDone) yield* reader.read(event.text);
    else yield event;
  }
  yield* reader.end();
}

class TagReader {
  isDone = false;
  /** Text that is not passed on yet: it may begin a tag, or end one. */
  #held = "";
  #close: string | undefined;

  *read(text: string): Generator<StreamEvent> {
    this.#held += text;
    while (!this.isDone && (this.#close === undefined ? yield* this.#readOpening() : yield* this.#readThoughts()));
  }

  /** Whatever is held at the end opened nothing; thoughts that nobody closed stay thoughts. */
  *end(): Generator<StreamEvent> {
    if (this.#close === undefined && this.#held) yield { type: "text", text: this.#held };
    this.#held = "";
  }

  /** Whether there is more to read. */
  *#readOpening(): Generator<StreamEvent, boolean> {
    const begun = this.#held.trimStart().toLowerCase();
    const tag = TAGS.find(([open]) => begun.startsWith(open));
    if (tag) {
      this.#close = tag[1];
      this.#held = this.#held.trimStart().slice(tag[0].length);
      return true;
    }
    if (TAGS.some(([open]) => open.startsWith(begun))) return false;
    this.isDone = true;
    yield { type: "text", text: this.#held };
    this.#held = "";
    return false;
  }

  *#readThoughts(): Generator<StreamEvent, boolean> {
    const close = this.#close!;
    yield { type: "thinking" };
    // Lower case may have another length.
    const at = this.#held.search(new RegExp(close.replace("[", String.raw`\[`), "i"));
    if (at < 0) {
      // The closing tag may come in pieces.
      this.#held = this.#held.slice(-(close.length - 1));
      return false;
    }
    this.#held = this.#held.slice(at + close.length).trimStart();
    this.#close = undefined;
    return this.#held !== "";
  }
}
