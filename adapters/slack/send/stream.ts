// A growing text through Slack's streaming methods; it goes on in a new message before a limit of time or length is met.

import type { World } from "../../../src/core/world.ts";
import { fenceAfter } from "../../kit/split.ts";
import { SlackRefusal, SlackSilence, type Arguments, type CallSlack } from "../api.ts";
import type { Block } from "../render/blocks.ts";
import { findLostStream } from "./lost-stream.ts";
import { messageOf } from "./messages.ts";
import { isStreamOver } from "./refused.ts";
import type { Place, Receipt } from "../place.ts";

/** Slack closes a stream by itself after about five minutes. */
const LONGEST_STREAM_MS = 210_000;
/** Past this, the next line break starts a new message; past the second, anything does. Slack takes 12,000 a call. */
const ENOUGH = 7000;
const MOST = 10_000;
const PAUSE = /[\s。！？，、；]/g;

type Message = Receipt["messages"][number];

export class Stream {
  readonly #call: CallSlack;
  readonly #place: Place;
  readonly #world: Pick<World, "now">;
  readonly #messages: Message[] = [];
  /** All text sent so far, and how much of it stands in the open message. */
  #sent = "";
  #length = 0;
  /** Whether the open message has come to a good end, and the next text begins another. */
  #isFull = false;
  #open: (Message & { startedAt: number }) | undefined;
  #refused: SlackRefusal | undefined;

  constructor(call: CallSlack, place: Place, world: Pick<World, "now">) {
    this.#call = call;
    this.#place = place;
    this.#world = world;
  }

  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** The refusal that ended it; undefined also where Slack closed it by itself. */
  get refused(): SlackRefusal | undefined {
    return this.#refused;
  }

  /** Shows more of the text. False where it cannot go on as a stream, and the messages must be edited instead. */
  grow(text: string, signal: AbortSignal): Promise<boolean> {
    return this.#holds(async () => {
      if (!text.startsWith(this.#sent)) return false;
      for (let part = this.#nextPart(text); part; part = this.#nextPart(text))
        await this.#send(part, text.length === this.#sent.length + part.length, signal);
      return true;
    });
  }

  /** Ends the stream with blocks below its text; false where Slack had ended it before. */
  finish(text: string, blocks: readonly Block[], signal: AbortSignal): Promise<boolean> {
    return this.#holds(async () => {
      if (!(await this.grow(text, signal)) || !this.#open) return false;
      await this.#stop(blocks.length > 0 ? { blocks: [...blocks] } : {}, signal);
      return true;
    });
  }

  /** Ends it as it stands, so that the message can be edited; once, however that goes. */
  async abandon(signal: AbortSignal): Promise<void> {
    if (this.#open) await this.#holds(() => this.#stop({}, signal).then(() => true));
    this.#open = undefined;
  }

  /** The text that the next call carries: up to a pause where the message is long enough. */
  #nextPart(text: string): string {
    if (this.#isFull) this.#length = 0;
    const rest = text.slice(this.#sent.length);
    const part = this.#cut(rest);
    if (part || !rest) return part;
    this.#isFull = true;
    return this.#nextPart(text);
  }

  /** What of a text fits into the open message; nothing, where it is full. */
  #cut(rest: string): string {
    const reach = rest.slice(0, MOST - this.#length);
    const lineEnd = reach.indexOf("\n", Math.max(0, ENOUGH - this.#length)) + 1;
    if (this.#length + rest.length <= ENOUGH || (rest.length === reach.length && lineEnd === 0)) return rest;
    const pause = [...reach.matchAll(PAUSE)].at(-1)?.index;
    const end = lineEnd || (pause === undefined ? reach.length : pause + 1);
    return reach
      .slice(0, end)
      .toWellFormed()
      .replace(/\uFFFD$/, "");
  }

  async #send(part: string, isLast: boolean, signal: AbortSignal): Promise<void> {
    const fence = fenceAfter(this.#sent, undefined);
    const isOld = this.#open !== undefined && this.#world.now() - this.#open.startedAt > LONGEST_STREAM_MS;
    if (this.#open && (isOld || this.#isFull))
      await this.#stop(fence ? { markdown_text: `\n${fence.mark}` } : {}, signal);
    this.#isFull = !isLast;
    if (this.#open) await this.#call("chat.appendStream", { ...this.#address(), markdown_text: part }, signal);
    else await this.#start(fence ? `${fence.mark}${fence.info}\n${part}` : part, signal);
    this.#sent += part;
    this.#length += part.length;
  }

  async #start(text: string, signal: AbortSignal): Promise<void> {
    const { channel, thread, user, userTeam, team } = this.#place;
    const recipient = { recipient_user_id: user, recipient_team_id: userTeam ?? team };
    const args = { channel, thread_ts: thread, ...recipient, markdown_text: text };
    let message: Message;
    try {
      message = messageOf(await this.#call("chat.startStream", args, signal), channel);
    } catch (error) {
      if (!(error instanceof SlackSilence)) throw error;
      // It may have begun although Slack did not say so: then it would stand there beside the answer.
      const found = await findLostStream(text, this.#place, this.#messages, this.#call, signal);
      if (!found) throw error;
      message = found;
    }
    this.#open = { ...message, startedAt: this.#world.now() };
    this.#length = 0;
    this.#messages.push(message);
  }

  async #stop(args: Arguments, signal: AbortSignal): Promise<void> {
    await this.#call("chat.stopStream", { ...this.#address(), ...args }, signal);
    this.#open = undefined;
  }

  #address(): Message {
    const { channel = this.#place.channel, ts = "" } = this.#open ?? {};
    return { channel, ts };
  }

  /** Slack's no, or its silence, ends the stream but not the answer. */
  async #holds(run: () => Promise<boolean>): Promise<boolean> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof SlackRefusal || error instanceof SlackSilence)) throw error;
      if (!(error instanceof SlackRefusal)) return false;
      // After anything else the stream may still be open, and must be ended before the message can be edited.
      if (isStreamOver(error)) this.#open = undefined;
      else this.#refused ??= error;
      return false;
    }
  }
}
