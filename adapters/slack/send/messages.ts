// The pages of an answer as messages: posted once, then edited where they changed, however often that is asked for.

import { z } from "zod";
import type { Post } from "../../../src/core/post.ts";
import { SlackRefusal, SlackSilence, type Answer, type Arguments, type CallSlack } from "../api.ts";
import { Posted, type Place, type Receipt } from "../place.ts";
import { PAGE_PAYLOAD, render, type Frame, type Page } from "../render/render.ts";

const TOO_LONG = new Set([
  "msg_too_long",
  "msg_blocks_too_long",
  "invalid_blocks",
  "invalid_blocks_format",
  "invalid_attachments",
]);
const GONE = new Set(["message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"]);
const LEAST_PAYLOAD = 1200;
/** The first ones behind the question in a thread, the newest ones in a channel. Some apps get no more. */
const LOOKED_AT = 15;
const EVENT = "heed_answer";

const Standing = z.looseObject({
  messages: z
    .array(
      z.looseObject({
        ts: z.string(),
        metadata: z
          .looseObject({
            event_payload: z.looseObject({ id: z.string().nullish(), page: z.number().nullish() }).nullish(),
          })
          .nullish(),
      }),
    )
    .default([]),
});

type Message = Receipt["messages"][number];

export class Messages {
  readonly #call: CallSlack;
  readonly #place: Place;
  readonly #frame: Frame;
  /** What each message shows, by its ts; unknown after a restart. */
  readonly #shown = new Map<string, string>();
  #messages: readonly Message[];
  #payload = PAGE_PAYLOAD;
  /** Whether an earlier attempt may have posted what no receipt tells of. */
  #mayStand: boolean;

  constructor(call: CallSlack, place: Place, frame: Frame, messages: readonly Message[], mayStand = false) {
    this.#call = call;
    this.#place = place;
    this.#frame = frame;
    this.#messages = messages;
    this.#mayStand = mayStand;
  }

  get all(): readonly Message[] {
    return this.#messages;
  }

  /** Makes the messages show this post. Throws SlackRefusal where the chat does not let Heed in. */
  async show(post: Post, signal: AbortSignal): Promise<void> {
    try {
      await this.#showPages(render(post, this.#frame, this.#payload), signal);
    } catch (error) {
      const isTooLong = error instanceof SlackRefusal && TOO_LONG.has(error.code);
      if (!isTooLong || this.#payload <= LEAST_PAYLOAD) throw error;
      this.#payload = Math.max(LEAST_PAYLOAD, Math.floor(this.#payload / 2));
      await this.show(post, signal);
    }
  }

  async #showPages(pages: readonly Page[], signal: AbortSignal): Promise<void> {
    for (const [i, page] of pages.entries()) {
      const message = this.#messages[i];
      const kept = message ? await this.#update(message, page, signal) : await this.#post(page, i, signal);
      this.#messages = [...this.#messages.slice(0, i), kept, ...this.#messages.slice(i + 1)];
      this.#shown.set(kept.ts, JSON.stringify(page));
    }
    for (const left of this.#messages.slice(pages.length)) await this.#remove(left, signal);
    this.#messages = this.#messages.slice(0, pages.length);
  }

  async #update(message: Message, page: Page, signal: AbortSignal): Promise<Message> {
    if (this.#shown.get(message.ts) === JSON.stringify(page)) return message;
    try {
      await this.#call("chat.update", { ...message, ...argumentsOf(page) }, signal);
      return message;
    } catch (error) {
      // Somebody deleted it, or it can no longer be edited: the answer is posted anew.
      if (!(error instanceof SlackRefusal && GONE.has(error.code))) throw error;
      return this.#post(page, this.#messages.indexOf(message), signal);
    }
  }

  async #post(page: Page, number: number, signal: AbortSignal): Promise<Message> {
    const { channel, thread } = this.#place;
    const standing = this.#mayStand ? await this.#find(number, signal) : undefined;
    this.#mayStand &&= standing !== undefined;
    if (standing) return this.#update(standing, page, signal);
    const metadata = { event_type: EVENT, event_payload: { id: this.#place.id, page: number } };
    const args = {
      channel,
      thread_ts: thread,
      ...argumentsOf(page),
      metadata,
      unfurl_links: false,
      unfurl_media: false,
    };
    try {
      return messageOf(await this.#call("chat.postMessage", args, signal), channel);
    } catch (error) {
      if (!(error instanceof SlackSilence)) throw error;
      // It may stand there although Slack did not say so: look before posting a second one.
      const found = await this.#find(number, signal);
      return found ?? messageOf(await this.#call("chat.postMessage", args, signal), channel);
    }
  }

  /** This very page among what was posted since the question; undefined also where Slack does not let Heed look. */
  async #find(number: number, signal: AbortSignal): Promise<Message | undefined> {
    const { channel, thread, id, since } = this.#place;
    const method = thread ? "conversations.replies" : "conversations.history";
    const args = { channel, ts: thread, oldest: since, limit: LOOKED_AT, include_all_metadata: true };
    try {
      const { messages } = Standing.parse(await this.#call(method, args, signal));
      const found = messages.find(({ metadata }) => {
        const { id: of, page } = metadata?.event_payload ?? {};
        return of === id && page === number;
      });
      return found && { channel, ts: found.ts };
    } catch (error) {
      if (error instanceof SlackRefusal) return undefined;
      throw error;
    }
  }

  async #remove(message: Message, signal: AbortSignal): Promise<void> {
    try {
      await this.#call("chat.delete", message, signal);
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
    }
  }
}

function argumentsOf({ text, blocks }: Page): Arguments {
  return { text, blocks };
}

/** Slack names the channel it posted to: for a user's id, that is the direct message's. */
export function messageOf(answer: Answer, channel: string): Message {
  const posted = Posted.parse(answer);
  return { channel: posted.channel ?? channel, ts: posted.ts };
}
