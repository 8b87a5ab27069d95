// Shows one answer in Slack: streamed where that is allowed, else posted and edited.

import { toJson } from "../../../src/core/json.ts";
import type { Phrase } from "../../../src/core/language.ts";
import type { Outbox } from "../../../src/core/platform.ts";
import { emptyPost, filesOf, fail, isBare, withNote, type Post } from "../../../src/core/post.ts";
import type { Records } from "../../../src/core/records.ts";
import type { Json, Runtime } from "../../../src/core/runtime.ts";
import { descend, nextRung, topRung, type Blame, type Ladder, type Rung } from "../../kit/ladder.ts";
import { signStopPermit } from "../../kit/stop-permit.ts";
import { SlackRefusal, type CallSlack } from "../api.ts";
import { slackError } from "../failures.ts";
import { askerIn, Receipt, type Destination, Threads } from "../destination.ts";
import {
  ANSWERED_ASIDE,
  ANSWERED_BELOW,
  cannotShow,
  formLeftOut,
  forYouAlone,
  HANGS_DIRECTLY,
  movedHere,
  reasonFor,
} from "../messages.ts";
import { render, type Frame } from "../render/render.ts";
import { FileShares, type ShareTarget } from "./files.ts";
import { clearLeft } from "./leftovers.ts";
import { inWords, Messages, stopStream } from "./messages.ts";
import { blameOf, PARTS, type Part } from "./refused.ts";
import { findOffer } from "./offer.ts";
import { rememberAnswer } from "./remember.ts";
import { isAside, stagesFor } from "./stages.ts";
import { Streaming } from "./stream.ts";
import { announce, openDirect, sendEphemeral } from "./ephemeral.ts";

/** Slack allows about 50 edits a minute, and 100 appends; the first steps of an answer may come quicker than that. */
const EDIT_PACE_MS = 1200;
const STREAM_PACE_MS = 700;
const FIRST_PACES_MS = [100, 300];

interface OutboxTools {
  records: Records;
  runtime: Runtime;
  /** What buttons are signed with. */
  key: () => Promise<string>;
  maybePosted?: boolean | undefined;
}

/** After so many shows of a growing answer were refused without a reason, only its end is tried. */
const MOST_REFUSED_SHOWS = 3;
const MOST_REASONS = 2;

/** What one attempt at a rung works on. */
interface Showing {
  post: Post;
  ladder: Ladder<Part>;
  signal: AbortSignal;
}

export class SlackOutbox implements Outbox {
  readonly #call: CallSlack;
  readonly #destination: Destination;
  readonly #frame: Frame;
  readonly #records: Records;
  readonly #threads: Threads;
  readonly #runtime: Runtime;
  readonly #key: OutboxTools["key"];
  readonly #maybePosted: boolean;
  #receipt: Receipt;
  #messages: Messages | undefined;
  #streaming: Streaming | undefined;
  readonly #sharedFiles: FileShares;
  /** Whether the place itself is closed to Heed, so that only a finished answer is sent to the asker. */
  #isShutOut = false;
  #shows = 0;
  #outcome: Outbox["outcome"];
  /** What stays left out in this channel. */
  #named: readonly Part[] = [];
  #stage = 0;
  #refused: SlackRefusal | undefined;
  /** Why the answer is not where or what it should be, the newest last. */
  #whys: readonly Phrase[] = [];
  #refusedShows = 0;
  /** Whether something of this answer may stand in the chat. */
  #hasShown: boolean;

  constructor(
    call: CallSlack,
    destination: Destination,
    kept: Json | undefined,
    { records, runtime, key, maybePosted = false }: OutboxTools,
  ) {
    const { id, asked } = destination;
    this.#call = call;
    this.#destination = destination;
    this.#frame = { id, asked };
    this.#records = records;
    this.#threads = new Threads(records);
    this.#runtime = runtime;
    this.#key = key;
    this.#maybePosted = maybePosted;
    this.#hasShown = kept !== undefined || maybePosted;
    this.#receipt = Receipt.parse(kept ?? destination.replaces ?? {});
    // An answer that stands there already is edited: a stream cannot be taken up again.
    const canStream =
      destination.thread !== undefined && !destination.isPrivate && !maybePosted && this.#receipt.messages.length === 0;
    this.#sharedFiles = new FileShares(call, runtime, this.#receipt.sharedFiles);
    if (canStream) this.#streaming = new Streaming(call, destination, this.#frame, { runtime, records });
  }

  /** Without the key there is no button; a typed "stop" still stops. */
  async #permit(): Promise<string | undefined> {
    const { id, team, user } = this.#destination;
    try {
      return signStopPermit({ job: id, asker: askerIn(team, user), workspace: team }, await this.#key());
    } catch (error) {
      this.#runtime.log.warn("slack: no stop button", { error });
      return undefined;
    }
  }

  get pace(): number {
    return FIRST_PACES_MS[this.#shows - 1] ?? (this.#streaming ? STREAM_PACE_MS : EDIT_PACE_MS);
  }

  /** Where replies to an answer will be that is remembered by its asker alone. */
  get thread(): string | undefined {
    const { memory, thread, isPrivate } = this.#destination;
    return memory === undefined && !isPrivate ? (thread ?? this.#receipt.messages[0]?.ts) : undefined;
  }

  get outcome(): Outbox["outcome"] {
    return this.#outcome;
  }

  async show(post: Post, signal: AbortSignal): Promise<Json> {
    this.#shows++;
    this.#frame.permit ??= await this.#permit();
    const { question } = this.#destination;
    const asked = question ? await this.#threads.asked(this.#destination, question) : undefined;
    if (asked && asked.owner !== this.#destination.id) return toJson(this.#receipt);
    if (asked?.receipt && this.#receipt.messages.length === 0) this.#takeOver(asked.receipt);
    try {
      if (this.#destination.replaces && isBare(post)) await this.#leave(post, signal);
      else if (post.state === "working") await this.#progress(post, signal);
      else await this.#saveFinished(post, signal);
    } catch (error) {
      throw slackError(error);
    }
    await rememberAnswer(this.#destination, this.#receipt, this.#records);
    return toJson(this.#receipt);
  }

  /** What stands there is not wiped away for a mere status; a failure is for the one who pressed. */
  async #leave(post: Post, signal: AbortSignal): Promise<void> {
    if (post.state !== "failed") return;
    const target = { call: this.#call, runtime: this.#runtime, notice: "", isPublic: false };
    // A failure has nothing to press, so it goes wherever words may.
    const pages = render(post, { ...this.#frame, asked: undefined }).map(inWords);
    await sendEphemeral(pages, 0, this.#destination, target, signal);
  }

  /** Whether the channel sees this. What became of a command that failed before it said a word is for whoever typed it. */
  #isSeen({ state, sections }: Post): boolean {
    const { isPrivate, asked } = this.#destination;
    const isForTypist = asked && state === "failed" && sections.length === 0 && this.#receipt.messages.length === 0;
    return !isPrivate && !isForTypist && !this.#isShutOut;
  }

  /** Goes another way only where a refusal names what is wrong: the next show brings what this one would have. */
  async #progress(post: Post, signal: AbortSignal): Promise<void> {
    if (!this.#isSeen(post) || this.#refusedShows >= MOST_REFUSED_SHOWS) return;
    if (this.#streaming && (await this.#stream(this.#streaming, post, signal))) return;
    const ladder = this.#begin(post);
    for (let rung: Rung<Part> | undefined = { ...topRung, without: this.#named, named: this.#named }; rung;) {
      if (isAside(ladder.stages[rung.stage])) return this.#shutOut(post, signal);
      try {
        return await this.#attempt(rung, { post, ladder, signal });
      } catch (error) {
        if (!(error instanceof SlackRefusal)) throw error;
        const blame = blameOf(error);
        const next: Rung<Part> | undefined = blame && nextRung(ladder, rung, blame, this.#heldBy(blame));
        this.#note(error, ladder, next);
        if (!next) this.#refusedShows++;
        rung = next;
      }
    }
  }

  /** Only a finished answer is sent to the asker alone. */
  async #shutOut(post: Post, signal: AbortSignal): Promise<void> {
    this.#isShutOut = true;
    await announce(this.#destination, post.language, this.#runtime, signal);
  }

  /** Throws where the answer cannot be shown in any form; the asker has then been told so, where that is possible. */
  async #saveFinished(post: Post, signal: AbortSignal): Promise<void> {
    const { log } = this.#runtime;
    try {
      const isLesser = await this.#deliver(post, signal);
      this.#outcome = isLesser ? "lesser" : "whole";
      const refused = this.#refused ?? this.#sharedFiles.refused;
      if (refused)
        log.error("slack: refused, so shown otherwise", { ...this.#factsOf(refused), outcome: this.#outcome });
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      const isTold = await this.#apologise(post, signal);
      log.error("slack: an answer cannot be shown", { ...this.#factsOf(error), outcome: "failed", isTold });
      throw error;
    }
  }

  /** Shows the post by the best way that holds, and its files: whether less than the whole stands in its place. */
  async #deliver(post: Post, signal: AbortSignal): Promise<boolean> {
    const isSeen = this.#isSeen(post);
    const isStreamed = isSeen && this.#streaming && (await this.#stream(this.#streaming, post, signal));
    const rung = isStreamed ? undefined : await this.#descend(post, signal);
    if (isStreamed) await this.#clear(this.#receipt, post.language, signal);
    if (rung?.isAside) return isSeen || this.#isShutOut;
    const refused = await this.#enclose(post, signal);
    if (refused) await this.#descend(withNote(post, refused), signal);
    return refused !== undefined || (rung?.isLesser ?? false);
  }

  /** One sentence in place of the answer: whether it stands anywhere. */
  async #apologise({ language }: Post, signal: AbortSignal): Promise<boolean> {
    const sorry = fail(emptyPost(language), cannotShow(this.#whys)[language]);
    // The answer of somebody else stays, unless this one has begun to take its place.
    const mayReplace = !this.#destination.replaces || this.#hasShown;
    this.#receipt = { ...this.#receipt, messages: [...this.#receipt.left, ...this.#receipt.messages], left: [] };
    this.#messages = undefined;
    try {
      if (mayReplace) await this.#descend(sorry, signal, true);
      else await this.#leave(sorry, signal);
      return true;
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      if (mayReplace) {
        const { left, messages } = this.#receipt;
        await this.#clear({ ...this.#receipt, left: [...left, ...messages], messages: [] }, language, signal);
      }
      return false;
    }
  }

  async #descend(post: Post, signal: AbortSignal, isSentence = false) {
    const ladder = this.#begin(post, isSentence);
    // A sentence needs no blocks, and goes wherever words may.
    const named: readonly Part[] = isSentence ? PARTS.slice(0, 1) : this.#named;
    const from: Rung<Part> = { stage: 0, without: named, named };
    const { stage, without } = await descend(ladder, from, {
      attempt: (rung) => this.#attempt(rung, { post, ladder, signal }),
      judge: (error) => {
        if (!(error instanceof SlackRefusal)) return undefined;
        const blame = blameOf(error);
        return { blame, held: this.#heldBy(blame) };
      },
      tell: (error, next) => {
        if (error instanceof SlackRefusal) this.#note(error, ladder, next);
      },
    });
    return { isAside: isAside(ladder.stages[stage]), isLesser: without.length > 0 };
  }

  /** The ladder from where the receipt stands. */
  #begin(post: Post, isSentence = false): Ladder<Part> {
    this.#stage = 0;
    const stands = this.#receipt.messages.length > 0;
    const isSeen = this.#isSeen(post) || (isSentence && stands);
    const stages = stagesFor(isSeen, stands, this.#destination.responseUrl !== undefined);
    return { stages, parts: PARTS };
  }

  async #attempt(rung: Rung<Part>, { post, ladder, signal }: Showing): Promise<void> {
    const goesAside = isAside(ladder.stages[rung.stage]);
    if (goesAside || rung.stage !== this.#stage) this.#switchTo(goesAside);
    this.#stage = rung.stage;
    const why = this.#whys.at(-1);
    const isBare = rung.without.includes("blocks") && why !== undefined && post.state !== "working";
    if (goesAside) await this.#sendAside(post, rung.without, signal);
    else await this.#edit(isBare ? withNote(post, formLeftOut(why)) : post, rung.without, signal);
    this.#hasShown = true;
    this.#named = rung.named;
    await this.#clear(this.#receipt, post.language, signal);
  }

  /** What stands there so far is left, to be taken away once the answer stands elsewhere; but not what another answer said. */
  #switchTo(goesAside: boolean): void {
    const { left, messages } = this.#receipt;
    const isOthers = goesAside && this.#destination.replaces !== undefined && !this.#hasShown;
    this.#receipt = { ...this.#receipt, left: isOthers ? left : [...left, ...messages], messages: [] };
    this.#messages = undefined;
  }

  /** False where the answer must go on by posting and editing. */
  async #stream(streaming: Streaming, post: Post, signal: AbortSignal): Promise<boolean> {
    const holds = await streaming.show(post, signal);
    const isStreaming = holds && post.state === "working" && streaming.messages.length > 0;
    const { messages, refused } = streaming;
    const isOver = !holds || post.state !== "working";
    const over = isOver ? await streaming.endOffer(signal) : undefined;
    const left = over ? [...this.#receipt.left, over] : this.#receipt.left;
    this.#receipt = { ...this.#receipt, messages, left, isStreaming, offer: streaming.offer };
    if (messages.length > 0) this.#hasShown = true;
    if (holds) return true;
    this.#streaming = undefined;
    if (refused) this.#note(refused);
    return false;
  }

  async #edit(post: Post, without: readonly Part[], signal: AbortSignal): Promise<void> {
    await this.#endOldStream(signal);
    const { messages, left } = this.#receipt;
    const standing = { messages, left, maybePosted: this.#maybePosted };
    const shown = (this.#messages ??= new Messages(this.#call, this.#destination, this.#frame, standing));
    try {
      await shown.show(post, without, signal);
    } finally {
      const all = [...shown.all];
      this.#receipt = { ...this.#receipt, messages: all, left: [...left, ...shown.takeSurplus()], isStreaming: false };
      this.#refused ??= shown.refused;
    }
  }

  /** One that a worker left open when it died, and the offer beside it. */
  async #endOldStream(signal: AbortSignal): Promise<void> {
    const { messages, left, isStreaming, offer: known } = this.#receipt;
    const last = messages.at(-1);
    if (isStreaming && last) await stopStream(last, this.#call, signal);
    const offer = known ?? (isStreaming ? await findOffer(this.#destination, this.#call, signal) : undefined);
    this.#receipt = { ...this.#receipt, left: offer ? [...left, offer] : left, offer: null, isStreaming: false };
  }

  async #clear({ left, messages }: Receipt, language: Post["language"], signal: AbortSignal): Promise<void> {
    const isElsewhere = messages.length === 0;
    const words = (isElsewhere ? ANSWERED_ASIDE : ANSWERED_BELOW)[language];
    const { ephemeralSent } = this.#receipt;
    const isTold = isElsewhere && ephemeralSent > 0 && !this.#destination.responseUrl;
    const { call, log } = { call: this.#call, log: this.#runtime.log };
    this.#receipt = { ...this.#receipt, left: [] };
    await clearLeft(left, { call, log, id: this.#destination.id, words, isTold }, signal);
  }

  async #sendAside(post: Post, without: readonly Part[], signal: AbortSignal): Promise<void> {
    const { channel } = this.#destination;
    const why = this.#whys.at(-1);
    const isPublic = why !== undefined && !this.#destination.isPrivate;
    const isAnswer = post.sections.length > 0;
    const above = isPublic ? isAnswer && movedHere(channel, why) : forYouAlone(channel);
    const notice = above ? above[post.language] : "";
    const tell = (refused: SlackRefusal) => this.#note(refused);
    const target = { call: this.#call, runtime: this.#runtime, notice, isPublic, tell };
    const refused = await this.#sharedFiles.share(filesOf(post), () => this.#directly(signal), signal);
    const about = refused ?? (filesOf(post).length > 0 ? HANGS_DIRECTLY : undefined);
    const whole = render(about ? withNote(post, about) : post, this.#frame);
    const pages = without.includes("blocks") ? whole.map(inWords) : whole;
    const ephemeralSent = await sendEphemeral(pages, this.#receipt.ephemeralSent, this.#destination, target, signal);
    this.#receipt = { ...this.#receipt, ephemeralSent, sharedFiles: [...this.#sharedFiles.shared] };
  }

  /** Where the asker alone sees a picture: no other place in a channel is for one person. */
  async #directly(signal: AbortSignal): Promise<ShareTarget> {
    const { isDirect, channel, thread, user } = this.#destination;
    return isDirect ? { channel, thread } : { channel: await openDirect(user, this.#call, signal) };
  }

  /** Shares the files beside the answer; what there is to say of those that were refused. */
  async #enclose(post: Post, signal: AbortSignal): Promise<Phrase | undefined> {
    const { thread, channel } = this.#destination;
    const first = this.#receipt.messages[0];
    const shareTarget = { channel: first?.channel ?? channel, thread: thread ?? first?.ts };
    const refused = await this.#sharedFiles.share(filesOf(post), async () => shareTarget, signal);
    this.#receipt = { ...this.#receipt, sharedFiles: [...this.#sharedFiles.shared] };
    return refused;
  }

  /** Remembers why, for the sentences and the log. */
  #note(refused: SlackRefusal, ladder?: Ladder<Part>, next?: Rung<Part>): void {
    this.#refused = refused;
    if (ladder) this.#whys = [...this.#whys, reasonFor(refused)].slice(-MOST_REASONS);
    this.#runtime.log.warn("slack: refused", { ...this.#factsOf(refused), next });
  }

  /** A thread is left only where it is what was refused. */
  #heldBy(blame: Blame<Part>): readonly Part[] {
    return blame === "thread" && this.#destination.thread ? ["blocks", "thread"] : ["blocks"];
  }

  #factsOf({ method, code, needed }: SlackRefusal) {
    return { id: this.#destination.id, method, code, ...(needed && { needed }) };
  }

  #takeOver(receipt: Receipt): void {
    this.#receipt = { ...receipt, sharedFiles: [] };
    this.#streaming = undefined;
  }
}
