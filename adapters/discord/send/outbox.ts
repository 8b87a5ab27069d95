// Shows a post in a channel, by the interaction's token while it lives, then as the bot.

import type { Address } from "../../../src/core/invocation.ts";
import { isRetryable } from "../../../src/core/errors.ts";
import type { Phrase } from "../../../src/core/language.ts";
import type { Outbox } from "../../../src/core/platform.ts";
import { emptyPost, fail, isBare, type Post } from "../../../src/core/post.ts";
import type { Json } from "../../../src/core/runtime.ts";
import { descend, nextRung, topRung, type Ladder, type Rung } from "../../kit/ladder.ts";
import { signStopPermit } from "../../kit/stop-permit.ts";
import { Destination, readReceipt, type Receipt } from "../destination.ts";
import { ANSWERED_BELOW, ANSWERED_DIRECTLY, askedPrivately, cannotShow, LATE_PRIVATE, movedHere } from "../messages.ts";
import type { Frame } from "../render/buttons.ts";
import { calm } from "../render/markdown.ts";
import { render } from "../render/render.ts";
import { clearLeft } from "./leftovers.ts";
import { lessen, withoutButtons, type Lacking } from "./lesser.ts";
import { AnswerMessages, type SendDeps } from "./answer-messages.ts";
import { blameOf, heldBy, readRefused, reasonFor, type Part, type Refused } from "./refused.ts";
import { asideRequest } from "./request.ts";
import { firstReceipt, Routes } from "./routes.ts";

/** After Discord found the files too large: what surely passes. */
const SMALL_FILES = 256 * 1024;
/** After so many shows of a growing answer were refused without a reason, only its end is tried. */
const MOST_REFUSED_SHOWS = 3;

export function openOutbox(address: Address, receipt: Json | undefined, deps: SendDeps): Outbox {
  const to = Destination.parse(address.data);
  const permit = signStopPermit({ job: to.job, asker: to.asker, workspace: address.workspace }, deps.key);
  // In direct messages the thread is the channel itself.
  const isThread = to.channel !== address.channel;
  return new DiscordOutbox({ ...to, permit, isThread }, readReceipt(receipt), deps);
}

type Target = Destination & Pick<Frame, "permit"> & { isThread: boolean };

/** What one attempt at a rung works on. */
interface Showing {
  post: Post;
  ladder: Ladder<Part>;
  receipt: Receipt;
  signal: AbortSignal;
}

/** From one rung to the next. */
interface RefusedTry {
  ladder: Ladder<Part>;
  rung: Rung<Part>;
  next: Rung<Part> | undefined;
}

class DiscordOutbox implements Outbox {
  readonly #to: Target;
  readonly #deps: SendDeps;
  readonly #parts: AnswerMessages;
  readonly #routes: Routes;
  #receipt: Receipt | undefined;
  #outcome: Outbox["outcome"];
  /** What stays left out in this place. */
  #named: readonly Part[] = [];
  /** Which stage the receipt is of. */
  #stage = -1;
  /** Why each part is left out, and the newest refusal of all. */
  readonly #whys = new Map<Part, Refused>();
  #refused: Refused | undefined;
  #refusedShows = 0;
  /** Whether something of this answer may stand in the chat. */
  #hasShown: boolean;

  constructor(to: Target, receipt: Receipt | undefined, deps: SendDeps) {
    const isRepeated = receipt !== undefined || deps.maybePosted === true;
    this.#to = to;
    this.#deps = deps;
    this.#parts = new AnswerMessages(to, deps, isRepeated);
    this.#routes = new Routes(to, deps);
    this.#receipt = receipt;
    this.#hasShown = isRepeated;
  }

  get pace(): number {
    return this.#parts.pace;
  }

  get outcome(): Outbox["outcome"] {
    return this.#outcome;
  }

  /** A thread has the id of the message it hangs from: here the last, which carries the button that opens it. */
  get thread(): string | undefined {
    const isOpenable = this.#to.canOpenThread && this.#receipt?.route !== "direct";
    return (isOpenable && this.#receipt?.parts.at(-1)?.message) || undefined;
  }

  async show(post: Post, signal: AbortSignal): Promise<Json> {
    const receipt = (this.#receipt ??= (await this.#parts.recall()) ?? firstReceipt(this.#to));
    if (this.#to.inPlace && isBare(post)) await this.#leave(post, signal);
    else if (post.state === "working") await this.#progress(post, receipt, signal);
    else await this.#saveFinished(post, receipt, signal);
    return structuredClone(receipt);
  }

  /** What stands there is not wiped away for a mere status; a failure is for the one who pressed. */
  async #leave(post: Post, signal: AbortSignal): Promise<boolean> {
    const { job } = this.#to;
    if (post.state !== "failed") return false;
    const request = asideRequest(`⚠️ ${calm(post.status)}`, this.#to);
    if (this.#routes.isTokenAlive) await this.#deps.send({ ...request, signal });
    else this.#deps.runtime.log.warn("discord: nobody to tell", { job });
    return this.#routes.isTokenAlive;
  }

  /** Goes another way only where a refusal names what is wrong: the next show brings what this one would have. */
  async #progress(post: Post, receipt: Receipt, signal: AbortSignal): Promise<void> {
    if (this.#refusedShows >= MOST_REFUSED_SHOWS) return;
    const { log } = this.#deps.runtime;
    const ladder = this.#begin(receipt);
    let rung: Rung<Part> | undefined = this.#routes.start(ladder, receipt, this.#named);
    while (rung) {
      try {
        return await this.#attempt(rung, { post, ladder, receipt, signal });
      } catch (error) {
        signal.throwIfAborted();
        const refused = readRefused(error);
        if (!refused && !isRetryable(error)) throw error;
        const blame = refused && blameOf(refused);
        const next: Rung<Part> | undefined = blame && nextRung(ladder, rung, blame, heldBy(refused, blame));
        if (refused) this.#note(refused, { ladder, rung, next });
        if (refused && !next) this.#refusedShows++;
        log.warn("discord: a show failed", refused ? this.#factsOf(refused) : { job: this.#to.job, error });
        rung = next;
      }
    }
  }

  /** Throws where the answer cannot be shown in any form; the asker has then been told so, where that is possible. */
  async #saveFinished(post: Post, receipt: Receipt, signal: AbortSignal): Promise<void> {
    const { log } = this.#deps.runtime;
    try {
      const { without } = await this.#descend(post, receipt, signal);
      const isLesser = without.length > 0 || (receipt.route === "direct" && receipt.why !== null);
      this.#outcome = isLesser ? "lesser" : "whole";
      const how = { outcome: this.#outcome, route: receipt.route, without };
      if (this.#refused) log.error("discord: refused, so shown otherwise", { ...this.#factsOf(this.#refused), ...how });
    } catch (error) {
      const refused = readRefused(error);
      if (!refused) throw error;
      const isTold = await this.#apologise(post, receipt, signal);
      log.error("discord: an answer cannot be shown", { ...this.#factsOf(refused), outcome: "failed", isTold });
      throw error;
    }
  }

  /** One sentence in place of the answer: whether it stands anywhere. */
  async #apologise({ language }: Post, receipt: Receipt, signal: AbortSignal): Promise<boolean> {
    const last = this.#refused && this.#reason(this.#refused);
    const reasons = [receipt.why, last].filter((why) => why !== null && why !== undefined);
    const sorry = fail(emptyPost(language), cannotShow(reasons)[language]);
    // The answer of somebody else stays, unless this one has begun to take its place.
    const mayReplace = !this.#to.inPlace || this.#hasShown;
    try {
      if (!mayReplace) return await this.#leave(sorry, signal);
      await this.#descend(sorry, receipt, signal, true);
      return true;
    } catch (error) {
      if (!readRefused(error)) throw error;
      if (mayReplace) await this.#abandon(receipt, language, signal);
      return false;
    }
  }

  async #abandon(receipt: Receipt, language: Post["language"], signal: AbortSignal): Promise<void> {
    receipt.left = [...receipt.left, ...receipt.parts];
    receipt.parts = [];
    await this.#clear(receipt, language, signal);
  }

  /** A sentence in place of the answer begins at the top again. */
  async #descend(post: Post, receipt: Receipt, signal: AbortSignal, isSentence = false): Promise<Rung<Part>> {
    const ladder = this.#begin(receipt, isSentence);
    let rung = isSentence ? topRung : this.#routes.start(ladder, receipt, this.#named);
    if (isSentence) this.#stage = -1;
    return descend(ladder, rung, {
      attempt: (next) => this.#attempt((rung = next), { post, ladder, receipt, signal }),
      judge: (error) => {
        signal.throwIfAborted();
        const refused = readRefused(error);
        const blame = refused && blameOf(refused);
        return refused && { blame, held: heldBy(refused, blame) };
      },
      tell: (error, next) => {
        const refused = readRefused(error);
        if (!refused) return;
        this.#note(refused, { ladder, rung, next });
        this.#deps.runtime.log.warn("discord: refused", { ...this.#factsOf(refused), next });
      },
    });
  }

  /** The ladder from where the receipt stands. */
  #begin(receipt: Receipt, isSentence = false): Ladder<Part> {
    const ladder = this.#routes.ladder(receipt, isSentence);
    const { stage } = this.#routes.start(ladder, receipt, []);
    const isThere = ladder.stages[stage] !== undefined && this.#routes.isOf(ladder.stages[stage], receipt);
    this.#stage = isThere ? stage : -1;
    return ladder;
  }

  async #attempt(rung: Rung<Part>, { post, ladder, receipt, signal }: Showing): Promise<void> {
    const stage = ladder.stages[rung.stage];
    if (stage && rung.stage !== this.#stage) {
      await this.#routes.enter(stage, receipt, signal);
      this.#stage = rung.stage;
      this.#parts.forget();
    }
    const lacking = this.#lacking(rung);
    const fileLimit = lacking.has("files") ? 0 : lacking.has("large") ? SMALL_FILES : this.#to.fileLimit;
    const frame = { ...this.#to, fileLimit };
    const messages = render(lessen(post, lacking), frame, this.#heading(post, receipt));
    const [isFinal, isReply] = [post.state !== "working", !lacking.has("reference")];
    for (const [index, each] of messages.entries()) {
      const rendered = withoutButtons(each, lacking);
      await this.#parts.place({ rendered, index, isFinal, isReply }, receipt, signal);
      this.#hasShown = true;
    }
    this.#named = rung.named;
    if (isFinal) this.#shorten(messages.length, receipt);
    await this.#clear(receipt, post.language, signal);
  }

  /** An answer that became shorter leaves no old end standing. */
  #shorten(count: number, receipt: Receipt): void {
    receipt.left = [...receipt.left, ...receipt.parts.slice(count)];
    receipt.parts = receipt.parts.slice(0, count);
    this.#parts.forget(count);
  }

  async #clear(receipt: Receipt, language: Post["language"], signal: AbortSignal): Promise<void> {
    if (receipt.left.length === 0) return;
    const words = receipt.route === "direct" ? ANSWERED_DIRECTLY : ANSWERED_BELOW;
    await clearLeft(receipt, words[language], this.#to, this.#deps, signal);
  }

  #heading({ language }: Post, { route, why }: Receipt): string {
    const { isPrivate, interaction, channel } = this.#to;
    if (route !== "direct") return "";
    if (why) return movedHere(channel, why)[language];
    return isPrivate ? (interaction ? LATE_PRIVATE : askedPrivately(channel))[language] : "";
  }

  #lacking({ without }: Rung<Part>): Lacking {
    const reasons = new Map<Part, Phrase>();
    for (const part of without) {
      const why = this.#whys.get(part) ?? this.#refused;
      if (why) reasons.set(part, this.#reason(why));
    }
    return reasons;
  }

  /** Remembers why a part is left out, or why the answer goes to direct messages. */
  #note(refused: Refused, { ladder, rung, next }: RefusedTry): void {
    this.#refused = refused;
    if (!next) return;
    for (const part of next.without) if (!rung.without.includes(part)) this.#whys.set(part, refused);
    const isLeaving = ladder.stages[next.stage]?.place !== ladder.stages[rung.stage]?.place;
    if (this.#receipt && isLeaving) this.#receipt.why = this.#reason(refused);
  }

  #reason(refused: Refused): Phrase {
    return reasonFor(refused, this.#to.isThread);
  }

  #factsOf({ status, code, message, isByToken, isEdit }: Refused) {
    return { job: this.#to.job, status, code, said: message, verb: isEdit ? "edit" : "post", isByToken };
  }
}
