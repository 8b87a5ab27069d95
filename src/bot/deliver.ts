// Folds replies into a post and shows it at the platform's pace until it is finished.

import { explain } from "../core/errors.ts";
import type { Language, Phrase } from "../core/language.ts";
import type { Outbox } from "../core/platform.ts";
import { emptyPost, fail, finish, fold, type Post } from "../core/post.ts";
import type { Reply } from "../core/reply.ts";
import type { Json, Runtime } from "../core/runtime.ts";

/** What is shown and where, and how its progress is saved. */
export interface Delivery {
  replies: AsyncIterable<Reply>;
  outbox: Outbox;
  language: Language;
  /** Writes the commands in a sentence as they are written there. */
  write?: (sentence: string) => string;
  runtime: Pick<Runtime, "now" | "sleep">;
  keep: (receipt: Json) => Promise<void>;
  /** Stores the finished post before it is shown, so that a later attempt has only to show it. */
  saveFinished: (post: Post) => Promise<void>;
  /** Whether the chat is to be left as it stands, because another worker goes on with it. */
  leaves: () => boolean;
  /** What to show instead of a failure, when the queue will try the job again after this error. */
  waits: (error: unknown) => Phrase | undefined;
  /** For the outside calls that show the post. Not the person's Stop: what was stopped is still shown. */
  signal: AbortSignal;
}

/** What stands in the chat at the end, and the error that ended the replies, if one did. */
export interface Delivered {
  post: Post;
  failure?: { error: unknown };
}

/** Shows everything that was said, and an error as a sentence below it. Throws only where the chat cannot be shown it. */
export async function deliver(delivery: Delivery): Promise<Delivered> {
  const { replies, language, write = (sentence) => sentence, waits, saveFinished, leaves } = delivery;
  const display = new Display(delivery);
  let post = emptyPost(language);
  try {
    for await (const reply of replies) {
      post = fold(post, reply);
      display.update(post);
    }
  } catch (error) {
    if (leaves()) {
      await display.leave();
      return { post, failure: { error } };
    }
    const wait = waits(error);
    const status = write((wait ?? explain(error))[language]);
    post = wait ? fold(post, { type: "status", text: status }) : fail(post, status);
    await display.settle(post);
    return { post, failure: { error } };
  }
  post = finish(post);
  await saveFinished(post);
  await display.settle(post);
  return { post };
}

/** Keeps the chat in step with the newest post. One show runs at a time; what came in between is shown as one. */
class Display {
  readonly #delivery: Delivery;
  #wanted: Post | undefined;
  #shown: Post | undefined;
  #shownAt = -Infinity;
  #receipt = "";
  #running: Promise<void> | undefined;

  constructor(delivery: Delivery) {
    this.#delivery = delivery;
  }

  /** Returns at once. A show that fails here is made up for by the next one; only settle must succeed. */
  update(post: Post): void {
    this.#wanted = post;
    this.#running ??= this.#catchUp()
      .catch(() => {})
      .finally(() => (this.#running = undefined));
  }

  /** Resolves when this very post stands in the chat; throws where it cannot be shown. */
  async settle(post: Post): Promise<void> {
    // Shown here and by no show that runs already: what that one could not show, nobody would hear of.
    await this.leave();
    this.#wanted = post;
    await this.#catchUp();
  }

  /** Resolves when nothing more is on its way to the chat; what was not shown yet is not shown. */
  async leave(): Promise<void> {
    this.#wanted = this.#shown;
    while (this.#running) await this.#running;
  }

  async #catchUp(): Promise<void> {
    const { outbox, runtime, signal, keep } = this.#delivery;
    while (this.#wanted !== this.#shown) {
      const wait = this.#shownAt + outbox.pace - runtime.now();
      if (wait > 0) await runtime.sleep(wait, signal);
      const next = this.#wanted;
      if (!next || next === this.#shown) return;
      // A chat that refused is not to be asked again any sooner than one that was shown something.
      const receipt = await outbox.show(next, signal).finally(() => (this.#shownAt = runtime.now()));
      this.#shown = next;
      await this.#keepIfNew(receipt, keep);
    }
  }

  async #keepIfNew(receipt: Json, keep: Delivery["keep"]): Promise<void> {
    const written = JSON.stringify(receipt);
    if (written === this.#receipt) return;
    await keep(receipt);
    this.#receipt = written;
  }
}
