// The outgoing half: makes a channel show a post, by the interaction's token while it lives, as the bot afterwards.

import { z } from "zod";
import { explain, isRetryable } from "../../../src/core/errors.ts";
import type { Address } from "../../../src/core/invocation.ts";
import type { Outbox } from "../../../src/core/platform.ts";
import { isBare, type Post } from "../../../src/core/post.ts";
import type { Json } from "../../../src/core/world.ts";
import { Destination, readReceipt, TOKEN_LIFE_MS, type Part, type Receipt, type Way } from "../destination.ts";
import { isRefused, isShutOut, isTokenDead, Refusal } from "../failures.ts";
import { Parts, type Means } from "./parts.ts";
import { askedPrivately, cannotWriteThere, LATE_PRIVATE } from "../phrases.ts";
import type { Frame } from "../render/buttons.ts";
import { calm } from "../render/markdown.ts";
import { render } from "../render/render.ts";
import { sealStoppers } from "../stoppers.ts";
import { asideRequest, noticeRequest } from "./request.ts";

/** After Discord found the files too large: what surely passes. */
const SMALL_FILES = 256 * 1024;

const Opened = z.object({ id: z.string() });

export function openOutbox(address: Address, receipt: Json | undefined, means: Means): Outbox {
  const to = Destination.parse(address.data);
  const stoppers = sealStoppers(to, address.workspace, means.key);
  return new DiscordOutbox({ ...to, stoppers }, readReceipt(receipt), means);
}

class DiscordOutbox implements Outbox {
  readonly #to: Destination & Pick<Frame, "stoppers">;
  readonly #means: Means;
  readonly #parts: Parts;
  #receipt: Receipt | undefined;
  #fileLimit: number;
  /** Whether Discord refused the form, so that only words are sent. */
  #isPlain = false;

  constructor(to: Destination & Pick<Frame, "stoppers">, receipt: Receipt | undefined, means: Means) {
    this.#to = to;
    this.#means = means;
    this.#parts = new Parts(to, means, receipt !== undefined || means.mayStand === true);
    this.#receipt = receipt;
    this.#fileLimit = to.fileLimit;
  }

  get pace(): number {
    return this.#parts.pace;
  }

  /** A thread has the id of the message it hangs from: here the last, which carries the button that opens it. */
  get thread(): string | undefined {
    const isOpenable = this.#to.canOpenThread && this.#receipt?.way !== "direct";
    return (isOpenable && this.#receipt?.parts.at(-1)?.message) || undefined;
  }

  async show(post: Post, signal: AbortSignal): Promise<Json> {
    const receipt = (this.#receipt ??= (await this.#parts.recall()) ?? firstReceipt(this.#to));
    if (this.#to.inPlace && isBare(post)) {
      await this.#leave(post, signal);
      return structuredClone(receipt);
    }
    try {
      await this.#showAll(post, receipt, signal);
    } catch (error) {
      if (post.state !== "working") await this.#giveUp(error, post, receipt, signal);
      // The next show brings everything this one would have brought; only the last must stand.
      else if (!isRetryable(error)) throw error;
      this.#means.world.log.warn("discord: a show failed", { job: this.#to.job, error });
    }
    return structuredClone(receipt);
  }

  /** Who takes no direct messages is told so in answer to their own; throws where nothing can be said. */
  async #giveUp(error: unknown, { language }: Post, receipt: Receipt, signal: AbortSignal): Promise<void> {
    if (receipt.way !== "direct" || !isShutOut(error) || !this.#to.replyTo) throw error;
    await this.#means.send({ ...noticeRequest(explain(error)[language], this.#to), signal });
  }

  /** What stands there is not wiped away for a mere status; a failure is for the one who pressed. */
  async #leave(post: Post, signal: AbortSignal): Promise<void> {
    if (post.state !== "failed") return;
    const isHeard = this.#to.interaction && this.#means.world.now() < this.#to.interaction.at + TOKEN_LIFE_MS;
    if (isHeard) await this.#means.send({ ...asideRequest(`⚠️ ${calm(post.status)}`, this.#to), signal });
    else this.#means.world.log.warn("discord: nobody to tell", { job: this.#to.job, status: post.status });
  }

  async #showAll(post: Post, receipt: Receipt, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        return await this.#tryAll(post, receipt, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(await this.#adapt(error, receipt))) throw error;
        this.#means.world.log.warn("discord: another way", { job: this.#to.job, way: receipt.way, error });
      }
    }
  }

  async #tryAll(post: Post, receipt: Receipt, signal: AbortSignal): Promise<void> {
    if (this.#isOver(receipt.way)) await this.#turn(receipt, this.#afterToken);
    const messages = render(post, { ...this.#to, fileLimit: this.#fileLimit }, this.#heading(post, receipt.way));
    const [isFinal, isPlain] = [post.state !== "working", this.#isPlain];
    for (const [index, rendered] of messages.entries())
      await this.#parts.place({ rendered, index, isFinal, isPlain }, receipt, signal);
    if (isFinal) await this.#parts.removeFrom(messages.length, receipt, signal);
  }

  #isOver(way: Way): boolean {
    const { interaction, isPrivate } = this.#to;
    const isOld = !interaction || this.#means.world.now() > interaction.at + TOKEN_LIFE_MS;
    return (way === "token" && isOld) || (way === "channel" && isPrivate);
  }

  #heading({ language }: Post, way: Way): string {
    const { isPrivate, interaction, channel } = this.#to;
    if (way !== "direct") return "";
    return (!isPrivate ? cannotWriteThere(channel) : interaction ? LATE_PRIVATE : askedPrivately(channel))[language];
  }

  /** What only the asker may see goes on in direct messages, never in the channel. */
  get #afterToken(): Way {
    return this.#to.isPrivate ? "direct" : "channel";
  }

  /** Whether there is something left to try after this error. */
  async #adapt(error: unknown, receipt: Receipt): Promise<boolean> {
    if (receipt.way === "token" && isTokenDead(error)) return this.#turn(receipt, this.#afterToken);
    if (receipt.way === "channel" && isShutOut(error)) return this.#turn(receipt, "direct");
    const [isLarge, isWrong] = [isRefused(error, Refusal.tooLarge), isRefused(error, Refusal.invalidForm)];
    const canShrink = (isLarge && this.#fileLimit > SMALL_FILES) || (isWrong && !this.#isPlain);
    if (isLarge) this.#fileLimit = Math.min(this.#fileLimit, SMALL_FILES);
    if (isWrong) this.#isPlain = true;
    return canShrink;
  }

  async #turn(receipt: Receipt, way: Way): Promise<true> {
    if (way === "direct") {
      const body = { recipient_id: this.#to.asker };
      receipt.channel = Opened.parse(
        (await this.#means.send({ method: "POST", path: "/users/@me/channels", body })).body,
      ).id;
      receipt.parts = [];
    }
    receipt.way = way;
    receipt.parts = receipt.parts.map((part) => ({ ...part, isByToken: false, isOriginal: false }));
    this.#parts.forget();
    return true;
  }
}

function firstReceipt({ interaction, inPlace, channel }: Destination): Receipt {
  const original: Part = { message: "", channel, isOriginal: true, isByToken: true };
  const other: Part = { message: "", channel, isOriginal: false, isByToken: false };
  const standing = inPlace?.messages.map((message, i) => ({ ...(i === inPlace.pressed ? original : other), message }));
  return { way: interaction ? "token" : "channel", channel, parts: standing ?? (interaction ? [original] : []) };
}
