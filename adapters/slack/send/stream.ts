// Streams an answer into a thread: a status, then text, with a way to stop it.

import { closingOf, fenceAfter, findTables, openingOf } from "../../../src/core/markdown.ts";
import type { Post } from "../../../src/core/post.ts";
import type { Records } from "../../../src/core/records.ts";
import type { Runtime } from "../../../src/core/runtime.ts";
import { clip, truncate } from "../../../src/core/text.ts";
import { DAY_MS } from "../../../src/core/time.ts";
import { type CallSlack, SlackRefusal, SlackSilence, type Arguments } from "../api.ts";
import type { Block } from "../render/blocks.ts";
import { keys, type Destination, type Receipt } from "../destination.ts";
import { PAGE_PAYLOAD, renderTables, renderTail, type Frame } from "../render/render.ts";
import { settledLength, streamable, toStreamMarkdown } from "../render/stream-text.ts";
import { Offer } from "./offer.ts";
import { messageOf } from "./messages.ts";
import { isStreamOver } from "./refused.ts";
import { z } from "zod";

/** Slack drops a status after two minutes. */
const STATUS_LASTS_MS = 90_000;
const LONGEST_STATUS = 100;

export class Streaming {
  readonly #call: CallSlack;
  readonly #destination: Destination;
  readonly #frame: Frame;
  readonly #runtime: Runtime;
  readonly #records: Records;
  readonly #stream: Stream;
  readonly #offer: Offer;
  #status = "";
  #statusAt = -Infinity;
  #marked = 0;

  constructor(
    call: CallSlack,
    destination: Destination,
    frame: Frame,
    { runtime, records }: { runtime: Runtime; records: Records },
  ) {
    this.#call = call;
    this.#destination = destination;
    this.#frame = frame;
    this.#offer = new Offer(call, destination, frame, runtime);
    this.#runtime = runtime;
    this.#records = records;
    this.#stream = new Stream(call, destination, runtime);
  }

  /** The offer to stop this answer, while it stands. */
  get offer(): Receipt["offer"] {
    return this.#offer.message ?? null;
  }

  /** Ends the offer; returns the message that is to be taken away. */
  endOffer(signal: AbortSignal): Promise<Receipt["messages"][number] | undefined> {
    return this.#offer.end(signal);
  }

  /** The refusal that ended the stream, if one did. */
  get refused(): SlackRefusal | undefined {
    return this.#stream.refused;
  }

  get messages(): Receipt["messages"] {
    return [...this.#stream.messages];
  }

  /** False where the post must be shown by editing; the stream is closed by then. */
  async show(post: Post, signal: AbortSignal): Promise<boolean> {
    if (post.state === "working") this.#offer.begin(post.language, signal);
    const holds = await this.#advance(post, signal);
    await this.#mark();
    if (!holds) await this.#stream.abandon(signal);
    return holds;
  }

  async #advance(post: Post, signal: AbortSignal): Promise<boolean> {
    const text = streamable(post);
    if (text === undefined) return false;
    if (post.state === "working") {
      const settled = toStreamMarkdown(text.slice(0, settledLength(text)));
      if (!settled.trim()) return this.#showStatus(post.status, signal);
      return this.#stream.grow(settled, signal);
    }
    const blocks = [...renderTables(post), ...renderTail(post, this.#frame)];
    // Tables inside the text, and a tail that is long by itself, are better edited in as blocks.
    const hasTable = findTables(text).some(({ type }) => type === "table");
    if (!text.trim() || hasTable || !fits(blocks)) return false;
    return this.#stream.finish(toStreamMarkdown(text.trimEnd()), blocks, signal);
  }

  /** False where Slack shows no status here, so that it must stand in a message. */
  async #showStatus(status: string, signal: AbortSignal): Promise<boolean> {
    const isFresh = this.#runtime.now() - this.#statusAt < STATUS_LASTS_MS;
    if (!status || (status === this.#status && isFresh)) return true;
    const { channel, thread } = this.#destination;
    try {
      await this.#call(
        "assistant.threads.setStatus",
        { channel_id: channel, thread_ts: thread, status: clip(`${status} …`, LONGEST_STATUS) },
        signal,
      );
    } catch {
      signal.throwIfAborted();
      return false;
    }
    this.#status = status;
    this.#statusAt = this.#runtime.now();
    return true;
  }

  /** So that Slack's own stop button, which names the message, finds the job. */
  async #mark(): Promise<void> {
    const { team, id } = this.#destination;
    for (const { channel, ts } of this.#stream.messages.slice(this.#marked))
      await this.#records.set(keys.stream(team, channel, ts), id, DAY_MS);
    this.#marked = this.#stream.messages.length;
  }
}

function fits(blocks: readonly Block[]): boolean {
  return JSON.stringify(blocks).length <= PAGE_PAYLOAD && blocks.filter(({ type }) => type === "table").length <= 1;
}

/** Slack closes a stream by itself after about five minutes. */
const LONGEST_STREAM_MS = 210_000;
/** Past this, the next line break starts a new message; past the second, anything does. Slack takes 12,000 a call. */
const ENOUGH = 7000;
const MOST = 10_000;
const PAUSE = /[\s。！？，、；]/g;

type MessageRef = Receipt["messages"][number];

export class Stream {
  readonly #call: CallSlack;
  readonly #destination: Destination;
  readonly #runtime: Pick<Runtime, "now">;
  readonly #messages: MessageRef[] = [];
  /** All text sent so far, and how much of it stands in the open message. */
  #sent = "";
  #length = 0;
  /** Whether the open message has come to a good end, and the next text begins another. */
  #isFull = false;
  #open: (MessageRef & { startedAt: number }) | undefined;
  #refused: SlackRefusal | undefined;

  constructor(call: CallSlack, destination: Destination, runtime: Pick<Runtime, "now">) {
    this.#call = call;
    this.#destination = destination;
    this.#runtime = runtime;
  }

  get messages(): readonly MessageRef[] {
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
    return truncate(rest, end);
  }

  async #send(part: string, isLast: boolean, signal: AbortSignal): Promise<void> {
    const fence = fenceAfter(this.#sent, undefined);
    const isOld = this.#open !== undefined && this.#runtime.now() - this.#open.startedAt > LONGEST_STREAM_MS;
    if (this.#open && (isOld || this.#isFull))
      await this.#stop(fence ? { markdown_text: `\n${closingOf(fence)}` } : {}, signal);
    this.#isFull = !isLast;
    if (this.#open) await this.#call("chat.appendStream", { ...this.#address(), markdown_text: part }, signal);
    else await this.#start(fence ? `${openingOf(fence)}\n${part}` : part, signal);
    this.#sent += part;
    this.#length += part.length;
  }

  async #start(text: string, signal: AbortSignal): Promise<void> {
    const { channel, thread, user, userTeam, team } = this.#destination;
    const recipient = { recipient_user_id: user, recipient_team_id: userTeam ?? team };
    const args = { channel, thread_ts: thread, ...recipient, markdown_text: text };
    let message: MessageRef;
    try {
      message = messageOf(await this.#call("chat.startStream", args, signal), channel);
    } catch (error) {
      if (!(error instanceof SlackSilence)) throw error;
      // It may have begun although Slack did not say so: then it would stand there beside the answer.
      const found = await findLostStream(text, this.#destination, this.#messages, this.#call, signal);
      if (!found) throw error;
      message = found;
    }
    this.#open = { ...message, startedAt: this.#runtime.now() };
    this.#length = 0;
    this.#messages.push(message);
  }

  async #stop(args: Arguments, signal: AbortSignal): Promise<void> {
    await this.#call("chat.stopStream", { ...this.#address(), ...args }, signal);
    this.#open = undefined;
  }

  #address(): MessageRef {
    const { channel = this.#destination.channel, ts = "" } = this.#open ?? {};
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

type Message = Receipt["messages"][number];

/** The newest messages of a thread that are looked at. */
const LOOKED_AT = 15;

const Listed = z.looseObject({
  messages: z
    .array(z.looseObject({ ts: z.string(), text: z.string().default(""), bot_id: z.string().nullish() }))
    .default([]),
});

/**
 * The one message by an app since the question that says just this and that nobody knows of. Slack keeps no metadata
 * of a stream, so its words are the mark. Undefined where there is none, or where Slack does not let Heed look.
 */
export async function findLostStream(
  text: string,
  { channel, thread, since }: Destination,
  known: readonly Message[],
  call: CallSlack,
  signal: AbortSignal,
): Promise<Message | undefined> {
  const words = wordsOf(text);
  const args = { channel, ts: thread, oldest: since, limit: LOOKED_AT };
  try {
    const { messages } = Listed.parse(await call("conversations.replies", args, signal));
    const isIt = ({ ts, text, bot_id }: (typeof messages)[number]) =>
      bot_id && wordsOf(text) === words && !known.some((message) => message.ts === ts);
    const found = words === "" ? undefined : messages.findLast(isIt);
    return found && { channel, ts: found.ts };
  } catch (error) {
    if (error instanceof SlackRefusal || error instanceof SlackSilence) return undefined;
    throw error;
  }
}

/** Slack gives Markdown back in its own dialect: letters and digits are what stays. */
function wordsOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, "");
}
