// Posts the pages of an answer once and edits those that changed.

import type { Post } from "../../../src/core/post.ts";
import { SlackRefusal, SlackSilence, type SlackResponse, type Arguments, type CallSlack } from "../api.ts";
import { Posted, type Destination, type Receipt } from "../destination.ts";
import { wordsOf } from "../render/words.ts";
import { findPosted, markOf } from "./find-posted.ts";
import { isTooLong, type Part } from "./refused.ts";
import { PAGE_PAYLOAD, render, type Frame, type Page } from "../render/render.ts";

const LEAST_PAYLOAD = 1200;
type MessageRef = Receipt["messages"][number];

/** What stands in the chat. `mayStand`: whether an earlier attempt may have posted more. */
export type Standing = Pick<Receipt, "messages" | "left"> & { maybePosted?: boolean };

export class Messages {
  readonly #call: CallSlack;
  readonly #destination: Destination;
  readonly #frame: Frame;
  /** What each message shows, by its ts; unknown after a restart. */
  readonly #shown = new Map<string, string>();
  #messages: readonly MessageRef[];
  #payload = PAGE_PAYLOAD;
  /** Whether an earlier attempt may have posted what no receipt tells of. */
  #maybePosted: boolean;
  /** Messages that are not to be taken for ones of this answer. */
  readonly #left: readonly MessageRef[];
  #surplus: readonly MessageRef[] = [];
  #refused: SlackRefusal | undefined;

  constructor(
    call: CallSlack,
    destination: Destination,
    frame: Frame,
    { messages, left, maybePosted = false }: Standing,
  ) {
    this.#call = call;
    this.#destination = destination;
    this.#frame = frame;
    this.#messages = messages;
    this.#left = left;
    this.#maybePosted = maybePosted;
  }

  get all(): readonly MessageRef[] {
    return this.#messages;
  }

  /** A refusal after which the pages were cut finer. */
  get refused(): SlackRefusal | undefined {
    return this.#refused;
  }

  /** Messages that the answer no longer fills, to be taken away by whoever asks; once. */
  takeSurplus(): readonly MessageRef[] {
    const surplus = this.#surplus;
    this.#surplus = [];
    return surplus;
  }

  /** Makes the messages show this post, without what is named. Throws SlackRefusal. */
  async show(post: Post, without: readonly Part[], signal: AbortSignal): Promise<void> {
    const pages = render(post, this.#frame, this.#payload);
    try {
      if (without.includes("blocks")) await this.#showPages(pages.map(inWords), without, signal);
      else await this.#showPages(pages, without, signal);
    } catch (error) {
      const isLong = error instanceof SlackRefusal && isTooLong(error);
      if (!isLong || without.includes("blocks") || this.#payload <= LEAST_PAYLOAD) throw error;
      this.#refused = error;
      this.#payload = Math.max(LEAST_PAYLOAD, Math.floor(this.#payload / 2));
      await this.show(post, without, signal);
    }
  }

  async #showPages(pages: readonly Page[], without: readonly Part[], signal: AbortSignal): Promise<void> {
    const thread = without.includes("thread") ? undefined : this.#destination.thread;
    for (const [i, page] of pages.entries()) {
      const message = this.#messages[i];
      const kept = message
        ? await this.#update(message, page, signal)
        : await this.#post(page, { number: i, thread }, signal);
      this.#messages = [...this.#messages.slice(0, i), kept, ...this.#messages.slice(i + 1)];
      this.#shown.set(kept.ts, JSON.stringify(page));
    }
    this.#surplus = [...this.#surplus, ...this.#messages.slice(pages.length)];
    this.#messages = this.#messages.slice(0, pages.length);
  }

  async #update(message: MessageRef, page: Page, signal: AbortSignal): Promise<MessageRef> {
    if (this.#shown.get(message.ts) === JSON.stringify(page)) return message;
    const change = () => this.#call("chat.update", { ...message, ...argumentsOf(page) }, signal);
    try {
      await change();
    } catch (error) {
      if (!(error instanceof SlackRefusal && error.code === "streaming_state_conflict")) throw error;
      await stopStream(message, this.#call, signal);
      await change();
    }
    return message;
  }

  async #post(
    page: Page,
    { number, thread }: { number: number; thread: string | undefined },
    signal: AbortSignal,
  ): Promise<MessageRef> {
    const { channel } = this.#destination;
    const standing = this.#maybePosted ? await this.#find(number, signal) : undefined;
    this.#maybePosted &&= standing !== undefined;
    if (standing) return this.#update(standing, page, signal);
    const metadata = markOf(this.#destination.id, number);
    const still = { unfurl_links: false, unfurl_media: false };
    const args = { channel, thread_ts: thread, ...argumentsOf(page), metadata, ...still };
    try {
      return messageOf(await this.#call("chat.postMessage", args, signal), channel);
    } catch (error) {
      if (!(error instanceof SlackSilence)) throw error;
      // It may stand there although Slack did not say so: look before posting a second one.
      const found = await this.#find(number, signal);
      return found ?? messageOf(await this.#call("chat.postMessage", args, signal), channel);
    }
  }

  #find(number: number, signal: AbortSignal): Promise<MessageRef | undefined> {
    return findPosted(number, this.#destination, this.#left, this.#call, signal);
  }
}

/** Without blocks Slack reads the text, in which it must not go looking for names and channels. */
function argumentsOf({ text, blocks }: Page): Arguments {
  return { text, blocks, ...(blocks.length === 0 && { parse: "none" }) };
}

/** The same page without its blocks. */
export function inWords({ text, blocks }: Page): Page {
  return { text: wordsOf(blocks) || text, blocks: [] };
}

/** Ends a stream that was left open, whatever Slack says to that. */
export async function stopStream(message: MessageRef, call: CallSlack, signal: AbortSignal): Promise<void> {
  try {
    await call("chat.stopStream", message, signal);
  } catch (error) {
    if (!(error instanceof SlackRefusal || error instanceof SlackSilence)) throw error;
  }
}

/** Slack names the channel it posted to: for a user's id, that is the direct message's. */
export function messageOf(answer: SlackResponse, channel: string): MessageRef {
  const posted = Posted.parse(answer);
  return { channel: posted.channel ?? channel, ts: posted.ts };
}
