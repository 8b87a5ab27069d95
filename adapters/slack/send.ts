// The outgoing half: one answer on its way into Slack, streamed where that is allowed, posted and edited elsewhere.

import type { Outbox } from "../../src/core/platform.ts";
import { isBare, type Post } from "../../src/core/post.ts";
import type { Records } from "../../src/core/records.ts";
import type { Json, World } from "../../src/core/world.ts";
import { SlackRefusal, SlackSilence, type CallSlack } from "./api.ts";
import { isRevoked, toBotError } from "./failures.ts";
import { Messages } from "./messages.ts";
import { sharePictures } from "./pictures.ts";
import { Asked, keys, Receipt, REMEMBERED_MS, toJson, type Place } from "./place.ts";
import { notInChannel } from "./phrases.ts";
import { render, type Frame } from "./render.ts";
import { Streaming } from "./streaming.ts";
import { whisper } from "./whisper.ts";

/** Slack allows about 50 edits a minute, and 100 appends; the first steps of an answer may come quicker than that. */
const EDIT_PACE_MS = 1200;
const STREAM_PACE_MS = 700;
const FIRST_PACES_MS = [100, 300];

export class SlackOutbox implements Outbox {
  readonly #call: CallSlack;
  readonly #place: Place;
  readonly #frame: Frame;
  readonly #records: Records;
  readonly #world: World;
  readonly #mayStand: boolean;
  #receipt: Receipt;
  #messages: Messages | undefined;
  #streaming: Streaming | undefined;
  /** Whether the place itself is closed to Heed, so that only a finished answer is worth a side door. */
  #isShutOut = false;
  #shows = 0;

  constructor(
    call: CallSlack,
    place: Place,
    kept: Json | undefined,
    { records, world, mayStand = false }: { records: Records; world: World; mayStand?: boolean | undefined },
  ) {
    const { id, user, asked } = place;
    this.#call = call;
    this.#place = place;
    this.#frame = { id, user, asked };
    this.#records = records;
    this.#world = world;
    this.#mayStand = mayStand;
    this.#receipt = Receipt.parse(kept ?? place.replaces ?? {});
    // An answer that stands there already is edited: a stream cannot be taken up again.
    const canStream =
      place.thread !== undefined && !place.isPrivate && !mayStand && this.#receipt.messages.length === 0;
    if (canStream) this.#streaming = new Streaming(call, place, this.#frame, world, records);
  }

  get pace(): number {
    return FIRST_PACES_MS[this.#shows - 1] ?? (this.#streaming ? STREAM_PACE_MS : EDIT_PACE_MS);
  }

  /** Where replies to an answer will be that is remembered by its asker alone. */
  get thread(): string | undefined {
    const { memory, thread, isPrivate } = this.#place;
    return memory === undefined && !isPrivate ? (thread ?? this.#receipt.messages[0]?.ts) : undefined;
  }

  async show(post: Post, signal: AbortSignal): Promise<Json> {
    this.#shows++;
    if (this.#place.replaces && isBare(post)) return this.#leave(post, signal);
    const asked = await this.#asked();
    if (asked && asked.owner !== this.#place.id) return toJson(this.#receipt);
    if (asked?.receipt && this.#receipt.messages.length === 0) this.#takeOver(asked.receipt);
    try {
      await this.#display(post, signal);
      if (post.state !== "working") await this.#sharePictures(post, signal);
    } catch (error) {
      throw toBotError(error);
    }
    await this.#remember();
    return toJson(this.#receipt);
  }

  /** What stands there is not wiped away for a mere status; a failure is for the one who pressed. */
  async #leave(post: Post, signal: AbortSignal): Promise<Json> {
    if (post.state === "failed") {
      const voice = { call: this.#call, world: this.#world, notice: "", isPublic: false };
      const aside = { ...this.#place, isPrivate: false };
      await whisper(render(post, { ...this.#frame, asked: undefined }), 0, aside, voice, signal).catch(
        (error: unknown) => {
          throw toBotError(error);
        },
      );
    }
    return toJson(this.#receipt);
  }

  async #display(post: Post, signal: AbortSignal): Promise<void> {
    if (this.#place.isPrivate || this.#isShutOut) return this.#whisper(post, signal);
    if (this.#streaming && (await this.#stream(this.#streaming, post, signal))) return;
    try {
      await this.#edit(post, signal);
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      this.#world.log.warn("slack refused an answer", { code: error.code, method: error.method, id: this.#place.id });
      if (isRevoked(error) && !this.#place.responseUrl) throw error;
      this.#isShutOut = true;
      await this.#whisper(post, signal);
    }
  }

  /** False where the answer must go on by posting and editing. */
  async #stream(streaming: Streaming, post: Post, signal: AbortSignal): Promise<boolean> {
    const holds = await streaming.show(post, signal);
    const isStreaming = holds && post.state === "working" && streaming.messages.length > 0;
    this.#receipt = { ...this.#receipt, messages: [...streaming.messages], isStreaming };
    if (!holds) this.#streaming = undefined;
    return holds;
  }

  async #edit(post: Post, signal: AbortSignal): Promise<void> {
    if (this.#receipt.isStreaming) await this.#closeStream(signal);
    this.#messages ??= new Messages(this.#call, this.#place, this.#frame, this.#receipt.messages, this.#mayStand);
    try {
      await this.#messages.show(post, signal);
    } finally {
      this.#receipt = { ...this.#receipt, messages: [...this.#messages.all], isStreaming: false };
    }
  }

  /** A stream that a worker left open when it died; Slack may have closed it meanwhile. */
  async #closeStream(signal: AbortSignal): Promise<void> {
    const last = this.#receipt.messages.at(-1);
    try {
      if (last) await this.#call("chat.stopStream", last, signal);
    } catch (error) {
      if (!(error instanceof SlackRefusal || error instanceof SlackSilence)) throw error;
    }
  }

  async #whisper(post: Post, signal: AbortSignal): Promise<void> {
    if (post.state === "working") return;
    const { isPrivate, channel } = this.#place;
    const notice = isPrivate ? "" : notInChannel(channel)[post.language];
    const voice = { call: this.#call, world: this.#world, notice, isPublic: !isPrivate };
    const pages = render(post, this.#frame);
    const whispered = await whisper(pages, this.#receipt.whispered, this.#place, voice, signal);
    this.#receipt = { ...this.#receipt, whispered };
  }

  async #sharePictures(post: Post, signal: AbortSignal): Promise<void> {
    const { isPrivate, isDirect, thread, channel } = this.#place;
    const first = this.#receipt.messages[0];
    if (post.pictures.length === 0 || (isPrivate && !isDirect) || this.#isShutOut) return;
    const wall = { channel: first?.channel ?? channel, thread: thread ?? first?.ts };
    const mark = (name: string) =>
      void (this.#receipt = { ...this.#receipt, pictures: [...this.#receipt.pictures, name] });
    const tools = { call: this.#call, world: this.#world, signal, mark };
    await sharePictures(post.pictures, this.#receipt.pictures, wall, tools);
  }

  #takeOver(receipt: Receipt): void {
    this.#receipt = { ...receipt, pictures: [] };
    this.#streaming = undefined;
  }

  async #asked(): Promise<Asked | undefined> {
    const { team, channel, question } = this.#place;
    if (!question) return undefined;
    const record = await this.#records.get(keys.asked(team, channel, question));
    return record === undefined ? undefined : Asked.parse(record);
  }

  /** For an edit of the question, and for follow-ups in the thread of an answer that began none. */
  async #remember(): Promise<void> {
    const { team, channel, question, thread, memory, id } = this.#place;
    const [first] = this.#receipt.messages;
    if (!first) return;
    if (question) {
      const value = toJson({ owner: id, receipt: this.#receipt });
      const keep = (old: Json | undefined) => (old && Asked.parse(old).owner !== id ? old : value);
      await this.#records.update(keys.asked(team, channel, question), keep, REMEMBERED_MS);
    }
    if (!thread)
      await this.#records.claim(
        keys.thread(team, first.channel, first.ts),
        { memory: memory ?? first.ts },
        REMEMBERED_MS,
      );
  }
}
