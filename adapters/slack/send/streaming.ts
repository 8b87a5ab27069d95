// An answer in a thread while it is written: a status, then streamed text, and a way to stop it that does not stay.

import type { Post } from "../../../src/core/post.ts";
import type { Records } from "../../../src/core/records.ts";
import type { World } from "../../../src/core/world.ts";
import { findTables } from "../../kit/markdown.ts";
import type { CallSlack, SlackRefusal } from "../api.ts";
import { clip, type Block } from "../render/blocks.ts";
import { DAY_MS, keys, type Place, type Receipt } from "../place.ts";
import { PAGE_PAYLOAD, renderTables, renderTail, type Frame } from "../render/render.ts";
import { settledLength, streamable, toStreamMarkdown } from "../render/stream-text.ts";
import { Offer } from "./offer.ts";
import { Stream } from "./stream.ts";

/** Slack drops a status after two minutes. */
const STATUS_LASTS_MS = 90_000;
const LONGEST_STATUS = 100;

export class Streaming {
  readonly #call: CallSlack;
  readonly #place: Place;
  readonly #frame: Frame;
  readonly #world: World;
  readonly #records: Records;
  readonly #stream: Stream;
  readonly #offer: Offer;
  #status = "";
  #statusAt = -Infinity;
  #marked = 0;

  constructor(call: CallSlack, place: Place, frame: Frame, { world, records }: { world: World; records: Records }) {
    this.#call = call;
    this.#place = place;
    this.#frame = frame;
    this.#offer = new Offer(call, place, frame, world);
    this.#world = world;
    this.#records = records;
    this.#stream = new Stream(call, place, world);
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
    const isFresh = this.#world.now() - this.#statusAt < STATUS_LASTS_MS;
    if (!status || (status === this.#status && isFresh)) return true;
    const { channel, thread } = this.#place;
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
    this.#statusAt = this.#world.now();
    return true;
  }

  /** So that Slack's own stop button, which names the message, finds the job. */
  async #mark(): Promise<void> {
    const { team, id } = this.#place;
    for (const { channel, ts } of this.#stream.messages.slice(this.#marked))
      await this.#records.set(keys.stream(team, channel, ts), id, DAY_MS);
    this.#marked = this.#stream.messages.length;
  }
}

function fits(blocks: readonly Block[]): boolean {
  return JSON.stringify(blocks).length <= PAGE_PAYLOAD && blocks.filter(({ type }) => type === "table").length <= 1;
}
