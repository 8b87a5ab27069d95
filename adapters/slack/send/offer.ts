// Posts the offer to stop a slow answer beside its stream, and deletes it at the end.

import type { Language } from "../../../src/core/language.ts";
import type { Runtime } from "../../../src/core/runtime.ts";
import { SlackRefusal, SlackSilence, type CallSlack } from "../api.ts";
import { STILL_WRITING } from "../messages.ts";
import type { Destination, Receipt } from "../destination.ts";
import { context } from "../render/blocks.ts";
import { renderStop, type Frame } from "../render/render.ts";
import { findPosted, markOf } from "./find-posted.ts";
import { messageOf } from "./messages.ts";

type Message = Receipt["messages"][number];

/** An answer that takes longer is offered to be stopped. */
const SLOW_MS = 4000;
/** Where a mark counts pages, that of the offer. */
const OFFER = -1;

export class Offer {
  readonly #call: CallSlack;
  readonly #destination: Destination;
  readonly #frame: Frame;
  readonly #runtime: Pick<Runtime, "sleep" | "log">;
  readonly #over = new AbortController();
  #running: Promise<void> | undefined;
  /** Whether Slack may have been told without our hearing what it said. */
  #isInDoubt = false;
  #message: Message | undefined;

  constructor(call: CallSlack, destination: Destination, frame: Frame, runtime: Pick<Runtime, "sleep" | "log">) {
    this.#call = call;
    this.#destination = destination;
    this.#frame = frame;
    this.#runtime = runtime;
  }

  /** Where it stands, if it does. */
  get message(): Message | undefined {
    return this.#message;
  }

  /** Returns at once; the offer comes when the answer is slow. Once, however often it is asked for. */
  begin(language: Language, signal: AbortSignal): void {
    this.#running ??= this.#offerWhenSlow(language, AbortSignal.any([signal, this.#over.signal]));
  }

  /** Makes sure that none comes any more; returns what is to be taken away. */
  async end(signal: AbortSignal): Promise<Message | undefined> {
    this.#over.abort();
    await this.#running;
    if (this.#isInDoubt) this.#message ??= await findOffer(this.#destination, this.#call, signal);
    const message = this.#message;
    this.#message = undefined;
    this.#isInDoubt = false;
    return message;
  }

  async #offerWhenSlow(language: Language, signal: AbortSignal): Promise<void> {
    const { channel, thread, id } = this.#destination;
    const text = STILL_WRITING[language];
    const blocks = [...context([text]), ...renderStop(language, this.#frame)];
    try {
      await this.#runtime.sleep(SLOW_MS, signal);
      this.#isInDoubt = true;
      const args = { channel, thread_ts: thread, text, blocks, metadata: markOf(id, OFFER) };
      this.#message = messageOf(await this.#call("chat.postMessage", args, signal), channel);
      this.#isInDoubt = false;
    } catch (error) {
      if (error instanceof SlackRefusal) this.#isInDoubt = false;
      if (!signal.aborted) this.#runtime.log.debug("no stop button", { error });
    }
  }
}

/** One that an earlier attempt left standing. */
export async function findOffer(
  destination: Destination,
  call: CallSlack,
  signal: AbortSignal,
): Promise<Message | undefined> {
  try {
    return await findPosted(OFFER, destination, [], call, signal);
  } catch (error) {
    if (error instanceof SlackSilence) return undefined;
    throw error;
  }
}
