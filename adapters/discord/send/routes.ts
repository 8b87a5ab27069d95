// Lists the routes of an answer on Discord, best first, and switches between them.

import { z } from "zod";
import type { Runtime } from "../../../src/core/runtime.ts";
import { topRung, type Ladder, type Rung, type Stage } from "../../kit/ladder.ts";
import { TOKEN_LIFE_MS, type Destination, type Part as Message, type Receipt, type Route } from "../destination.ts";
import type { Send } from "../rest.ts";
import { PARTS, type Part } from "./refused.ts";

const Opened = z.object({ id: z.string() });

const EDIT_BY_TOKEN: Stage = { place: "channel", by: "token", verb: "edit" };
const POST_BY_TOKEN: Stage = { place: "channel", by: "token", verb: "post" };
const EDIT: Stage = { place: "channel", by: "bot", verb: "edit" };
const POST: Stage = { place: "channel", by: "bot", verb: "post" };
const DIRECT: Stage = { place: "direct", by: "bot", verb: "post" };

export class Routes {
  readonly #to: Destination;
  readonly #deps: { send: Send; runtime: Pick<Runtime, "now"> };

  constructor(to: Destination, deps: { send: Send; runtime: Pick<Runtime, "now"> }) {
    this.#to = to;
    this.#deps = deps;
  }

  get isTokenAlive(): boolean {
    const { interaction } = this.#to;
    return interaction !== undefined && this.#deps.runtime.now() <= interaction.at + TOKEN_LIFE_MS;
  }

  /**
   * What only the asker may see goes on in direct messages, never in the channel. A mere sentence may be said there, in
   * answer to the message that asked.
   */
  ladder(receipt: Receipt, isSentence = false): Ladder<Part> {
    const { isPrivate, replyTo } = this.#to;
    const stands = receipt.route === "direct" || receipt.parts.length > 0;
    const byToken = stands ? [EDIT_BY_TOKEN, POST_BY_TOKEN] : [POST_BY_TOKEN];
    const byBot = stands ? [EDIT, POST] : [POST];
    const inChannel = isPrivate && isSentence && replyTo ? [POST] : [];
    const stages = [...(this.isTokenAlive ? byToken : []), ...(isPrivate ? [] : byBot), DIRECT, ...inChannel];
    return { stages, parts: PARTS };
  }

  /** Where the receipt says that the answer is; else the best way that is open. */
  start({ stages }: Ladder<Part>, { route }: Receipt, named: readonly Part[]): Rung<Part> {
    const stage = stages.findIndex((stage) => routeOf(stage) === route);
    return stage < 0 ? topRung : { stage, without: named, named };
  }

  /** Whether the receipt needs nothing done to be of this stage. */
  isOf(stage: Stage, receipt: Receipt): boolean {
    return routeOf(stage) === receipt.route;
  }

  /** Makes the receipt one of this stage. What stands elsewhere is left, to be taken away. */
  async enter(stage: Stage, receipt: Receipt, signal: AbortSignal): Promise<void> {
    const route = routeOf(stage);
    if (route === "direct") await this.#goDirect(receipt, signal);
    else if (stage.verb === "post") this.#beginAnew(receipt, this.#to.channel);
    else this.#return(receipt);
    receipt.route = route;
    if (stage.by === "bot") this.#leaveToken(receipt);
  }

  /** What the bot can edit it does; a deferred answer whose id nobody has told can be reached by the token alone. */
  #leaveToken(receipt: Receipt): void {
    receipt.left = [...receipt.left, ...receipt.parts.filter(({ message }) => !message)];
    receipt.parts = receipt.parts
      .filter(({ message }) => message)
      .map((part) => ({ ...part, isByToken: false, isOriginal: false }));
  }

  async #goDirect(receipt: Receipt, signal: AbortSignal): Promise<void> {
    if (receipt.route === "direct") return;
    const body = { recipient_id: this.#to.asker };
    const { body: opened } = await this.#deps.send({ method: "POST", path: "/users/@me/channels", body, signal });
    this.#beginAnew(receipt, Opened.parse(opened).id);
  }

  #beginAnew(receipt: Receipt, channel: string): void {
    if (receipt.parts.length > 0) receipt.generation++;
    receipt.left = [...receipt.left, ...receipt.parts];
    receipt.parts = [];
    receipt.channel = channel;
  }

  /** To what stood in the channel before the answer was tried elsewhere. */
  #return(receipt: Receipt): void {
    const { channel } = this.#to;
    const isThere = (part: Message) => part.channel === channel;
    const all = [...receipt.left, ...receipt.parts];
    receipt.parts = all.filter(isThere);
    receipt.left = all.filter((part) => !isThere(part));
    receipt.channel = channel;
  }
}

export function firstReceipt({ interaction, inPlace, channel }: Destination): Receipt {
  const original: Message = { message: "", channel, isOriginal: true, isByToken: true };
  const other: Message = { message: "", channel, isOriginal: false, isByToken: false };
  const standing = inPlace?.messages.map((message, i) => ({ ...(i === inPlace.pressed ? original : other), message }));
  const parts = standing ?? (interaction ? [original] : []);
  return { route: interaction ? "token" : "channel", channel, parts, left: [], generation: 0, why: null };
}

export function routeOf({ place, by }: Stage): Route {
  return place === "direct" ? "direct" : by === "token" ? "token" : "channel";
}
