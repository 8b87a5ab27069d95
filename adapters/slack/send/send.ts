// The outgoing half: one answer on its way into Slack, streamed where that is allowed, posted and edited elsewhere.

import type { Outbox } from "../../../src/core/platform.ts";
import { enclosuresOf, isBare, type Post } from "../../../src/core/post.ts";
import type { Records } from "../../../src/core/records.ts";
import type { Json, World } from "../../../src/core/world.ts";
import { signStopPermit } from "../../kit/stop-permit.ts";
import { SlackRefusal, SlackSilence, type CallSlack } from "../api.ts";
import { isRevoked, toBotError } from "../failures.ts";
import { Messages } from "./messages.ts";
import { Enclosures, withNote, type Wall } from "./enclosures.ts";
import { Asked, askerIn, keys, Receipt, REMEMBERED_MS, toJson, type Place } from "../place.ts";
import { forYouAlone, HANGS_DIRECTLY, notInChannel } from "../phrases.ts";
import { render, type Frame } from "../render/render.ts";
import { Streaming } from "./streaming.ts";
import { Threads } from "../threads.ts";
import { announce, openDirect, whisper } from "./whisper.ts";

/** Slack allows about 50 edits a minute, and 100 appends; the first steps of an answer may come quicker than that. */
const EDIT_PACE_MS = 1200;
const STREAM_PACE_MS = 700;
const FIRST_PACES_MS = [100, 300];

interface OutboxTools {
  records: Records;
  world: World;
  /** What buttons are signed with. */
  key: () => Promise<string>;
  mayStand?: boolean | undefined;
}

export class SlackOutbox implements Outbox {
  readonly #call: CallSlack;
  readonly #place: Place;
  readonly #frame: Frame;
  readonly #records: Records;
  readonly #threads: Threads;
  readonly #world: World;
  readonly #key: OutboxTools["key"];
  readonly #mayStand: boolean;
  #receipt: Receipt;
  #messages: Messages | undefined;
  #streaming: Streaming | undefined;
  readonly #enclosures: Enclosures;
  /** Whether the place itself is closed to Heed, so that only a finished answer is worth a side door. */
  #isShutOut = false;
  #shows = 0;

  constructor(
    call: CallSlack,
    place: Place,
    kept: Json | undefined,
    { records, world, key, mayStand = false }: OutboxTools,
  ) {
    const { id, asked } = place;
    this.#call = call;
    this.#place = place;
    this.#frame = { id, asked };
    this.#records = records;
    this.#threads = new Threads(records);
    this.#world = world;
    this.#key = key;
    this.#mayStand = mayStand;
    this.#receipt = Receipt.parse(kept ?? place.replaces ?? {});
    // An answer that stands there already is edited: a stream cannot be taken up again.
    const canStream =
      place.thread !== undefined && !place.isPrivate && !mayStand && this.#receipt.messages.length === 0;
    this.#enclosures = new Enclosures(call, world, this.#receipt.enclosures);
    const hasOffered = this.#receipt.offersStop;
    if (canStream) this.#streaming = new Streaming(call, place, this.#frame, { world, records, hasOffered });
  }

  /** Without the key there is no button; a typed "stop" still stops. */
  async #permit(): Promise<string | undefined> {
    const { id, team, user } = this.#place;
    try {
      return signStopPermit({ job: id, asker: askerIn(team, user), workspace: team }, await this.#key());
    } catch (error) {
      this.#world.log.warn("slack: no stop button", { error });
      return undefined;
    }
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
    this.#frame.permit ??= await this.#permit();
    const { question } = this.#place;
    const asked = question ? await this.#threads.asked(this.#place, question) : undefined;
    if (asked && asked.owner !== this.#place.id) return toJson(this.#receipt);
    if (asked?.receipt && this.#receipt.messages.length === 0) this.#takeOver(asked.receipt);
    try {
      if (this.#place.replaces && isBare(post)) await this.#leave(post, signal);
      else await this.#display(post, signal);
    } catch (error) {
      throw toBotError(error);
    }
    await this.#remember();
    return toJson(this.#receipt);
  }

  /** What stands there is not wiped away for a mere status; a failure is for the one who pressed. */
  async #leave(post: Post, signal: AbortSignal): Promise<void> {
    if (post.state !== "failed") return;
    const voice = { call: this.#call, world: this.#world, notice: "", isPublic: false };
    await whisper(render(post, { ...this.#frame, asked: undefined }), 0, this.#place, voice, signal);
  }

  /** Whether the channel sees this. What became of a command that failed before it said a word is for whoever typed it. */
  #isSeen({ state, sections }: Post): boolean {
    const { isPrivate, asked } = this.#place;
    const isForTypist = asked && state === "failed" && sections.length === 0 && this.#receipt.messages.length === 0;
    return !isPrivate && !isForTypist && !this.#isShutOut;
  }

  async #display(post: Post, signal: AbortSignal): Promise<void> {
    if (this.#isSeen(post)) await this.#showAll(post, signal);
    if (!this.#isSeen(post)) await this.#whisper(post, signal);
    else if (post.state !== "working") await this.#enclose(post, signal);
  }

  async #showAll(post: Post, signal: AbortSignal): Promise<void> {
    if (this.#streaming && (await this.#stream(this.#streaming, post, signal))) return;
    try {
      await this.#edit(post, signal);
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      this.#world.log.warn("slack refused an answer", { code: error.code, method: error.method, id: this.#place.id });
      if (isRevoked(error) && !this.#place.responseUrl) throw error;
      this.#isShutOut = true;
      if (post.state === "working") await announce(this.#place, post.language, this.#world, signal);
    }
  }

  /** False where the answer must go on by posting and editing. */
  async #stream(streaming: Streaming, post: Post, signal: AbortSignal): Promise<boolean> {
    const holds = await streaming.show(post, signal);
    const isStreaming = holds && post.state === "working" && streaming.messages.length > 0;
    const { messages, hasOffered: offersStop } = streaming;
    this.#receipt = { ...this.#receipt, messages, isStreaming, offersStop };
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
    const { channel } = this.#place;
    const isPublic = this.#isShutOut && !this.#place.isPrivate;
    const notice = (isPublic ? notInChannel(channel) : forYouAlone(channel))[post.language];
    const voice = { call: this.#call, world: this.#world, notice, isPublic };
    const refused = await this.#enclosures.share(enclosuresOf(post), () => this.#directly(signal), signal);
    const about = refused ?? (enclosuresOf(post).length > 0 ? HANGS_DIRECTLY : undefined);
    const pages = render(about ? withNote(post, about) : post, this.#frame);
    const whispered = await whisper(pages, this.#receipt.whispered, this.#place, voice, signal);
    this.#receipt = { ...this.#receipt, whispered, enclosures: [...this.#enclosures.shared] };
  }

  /** Where the asker alone sees a picture: no other place in a channel is for one person. */
  async #directly(signal: AbortSignal): Promise<Wall> {
    const { isDirect, channel, thread, user } = this.#place;
    return isDirect ? { channel, thread } : { channel: await openDirect(user, this.#call, signal) };
  }

  async #enclose(post: Post, signal: AbortSignal): Promise<void> {
    const { thread, channel } = this.#place;
    const first = this.#receipt.messages[0];
    const wall = { channel: first?.channel ?? channel, thread: thread ?? first?.ts };
    const refused = await this.#enclosures.share(enclosuresOf(post), async () => wall, signal);
    this.#receipt = { ...this.#receipt, enclosures: [...this.#enclosures.shared] };
    if (refused) await this.#edit(withNote(post, refused), signal);
  }

  #takeOver(receipt: Receipt): void {
    this.#receipt = { ...receipt, enclosures: [] };
    this.#streaming = undefined;
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
