// Keeps the messages of one answer: posts each once, edits what changed, leaves the rest alone.

import { z } from "zod";
import { retry } from "../../../src/core/async.ts";
import { BotError, isRetryable } from "../../../src/core/errors.ts";
import type { Records } from "../../../src/core/records.ts";
import type { Runtime } from "../../../src/core/runtime.ts";
import { DAY_MS } from "../../../src/core/time.ts";
import { readReceipt, type Destination, type Part, type Receipt } from "../destination.ts";
import { isRefused, isTokenDead, Refusal } from "../failures.ts";
import { editRequest, postRequest, type MessageDraft } from "./request.ts";
import type { DiscordResponse, Request, Send } from "../rest.ts";
import { snowflakeOf } from "../context.ts";

export interface SendDeps {
  send: Send;
  runtime: Runtime;
  records: Records;
  /** Known to Heed alone. */
  key: string;
  /** Whether an earlier attempt may have posted and died before its receipt was kept. */
  maybePosted?: boolean | undefined;
}

const FASTEST_MS = 400;
/** Where Discord says nothing of its limits. */
const USUAL_MS = 1000;
/** With more requests left than this, there is no need to space them. */
const PLENTY = 2;
const SLOWEST_MS = 10_000;
/** A worker may be quicker than the listener's word to Discord that an answer will come. */
const DEFER_MAY_TAKE_MS = 6000;
const FIRST_DEFER_CHECK_MS = 20;
const LONGEST_DEFER_CHECK_MS = 320;
/** Pauses between tries to show the end of an answer. */
const PATIENCE_MS = [1000, 2000, 4000];
/** A longer wait is the queue's, so that others are answered meanwhile. */
const LONGEST_PATIENCE_MS = 60_000;

const Posted = z.object({ id: z.string(), channel_id: z.string().optional() });

export class AnswerMessages {
  readonly #to: Destination;
  readonly #deps: SendDeps;
  /** What each part was last made to look like. */
  readonly #shown = new Map<number, string>();
  /** Whether a message may stand that no receipt knows. */
  #isInDoubt: boolean;
  /** The least time until the next round of edits, in milliseconds. */
  pace = FASTEST_MS;

  /** `isRepeated`: an earlier attempt was at it. */
  constructor(to: Destination, deps: SendDeps, isRepeated: boolean) {
    this.#to = to;
    this.#deps = deps;
    this.#isInDoubt = isRepeated;
  }

  /** What an earlier attempt posted, even where it died before it could hand in its receipt. */
  async recall(): Promise<Receipt | undefined> {
    return this.#deps.maybePosted ? readReceipt(await this.#deps.records.get(this.#key)) : undefined;
  }

  /** From this part on nothing counts as shown: all of it, where the answer goes another way. */
  forget(from = 0): void {
    for (const index of this.#shown.keys()) if (index >= from) this.#shown.delete(index);
  }

  async place(draft: MessageDraft, receipt: Receipt, signal: AbortSignal): Promise<void> {
    const { index, rendered, isFinal } = draft;
    const files = isFinal && rendered.files.map(({ name }) => name);
    const look = JSON.stringify([rendered.content, rendered.components, files]);
    if (this.#shown.get(index) === look) return;
    await this.#patiently(isFinal, signal, async () => {
      const part = receipt.parts[index] ?? (await this.#find(draft, receipt, signal));
      if (!part || !(await this.#edit(draft, part, signal))) await this.#post(draft, receipt, signal);
    });
    this.#shown.set(index, look);
  }

  /** False where there is nothing left to edit, so that it must be posted anew. */
  async #edit(draft: MessageDraft, part: Part, signal: AbortSignal): Promise<boolean> {
    if (!part.isByToken && !part.message) return false;
    try {
      const edited = await this.#ask({ ...editRequest(draft, part, this.#to), signal });
      part.message = Posted.safeParse(edited.body).data?.id ?? part.message;
      return true;
    } catch (error) {
      // Someone took the message away: that is respected.
      if (this.#shown.has(draft.index) && isRefused(error, Refusal.unknownMessage)) return true;
      throw error;
    }
  }

  async #post(draft: MessageDraft, receipt: Receipt, signal: AbortSignal): Promise<void> {
    const request = postRequest(draft, receipt, this.#to);
    try {
      const { id, channel_id } = Posted.parse((await this.#ask({ ...request, signal })).body);
      const channel = channel_id ?? receipt.channel;
      receipt.parts[draft.index] = { message: id, channel, isOriginal: false, isByToken: receipt.route === "token" };
    } catch (error) {
      this.#isInDoubt = true;
      throw error;
    }
    await this.#deps.records.set(this.#key, receipt, DAY_MS);
  }

  /** What an attempt posted that did not come to know of it. */
  async #find({ index, rendered }: MessageDraft, receipt: Receipt, signal: AbortSignal): Promise<Part | undefined> {
    if (!this.#isInDoubt) return undefined;
    const part = await findLostPart(rendered.content, receipt, this.#to, this.#deps, signal);
    if (part) receipt.parts[index] = part;
    return part;
  }

  async #ask(request: Request): Promise<DiscordResponse> {
    try {
      const answer = await this.#deps.send(request);
      this.pace = paceFor(answer.limit);
      return answer;
    } catch (error) {
      this.pace = Math.max(this.pace, waitOf(error));
      throw error;
    }
  }

  async #patiently(isFinal: boolean, signal: AbortSignal, show: () => Promise<void>): Promise<void> {
    const patience = [...PATIENCE_MS];
    const waitAfter = (error: unknown, attempt: number) => {
      const check = Math.min(FIRST_DEFER_CHECK_MS * 2 ** (attempt - 1), LONGEST_DEFER_CHECK_MS);
      const isWorthWaiting = isFinal && isRetryable(error) && waitOf(error) <= LONGEST_PATIENCE_MS;
      const pause = this.#isEarly(error) ? check : isWorthWaiting ? patience.shift() : undefined;
      return pause === undefined ? undefined : Math.max(pause, waitOf(error));
    };
    await retry(show, waitAfter, this.#deps.runtime, signal);
  }

  #isEarly(error: unknown): boolean {
    const { interaction } = this.#to;
    if (!interaction || this.#shown.size > 0 || !isTokenDead(error)) return false;
    return this.#deps.runtime.now() < interaction.at + DEFER_MAY_TAKE_MS;
  }

  get #key(): string {
    return `discord/sent/${this.#to.job}`;
  }
}

/** How long Discord asks to wait, in milliseconds. */
function waitOf(error: unknown): number {
  return error instanceof BotError ? (error.retryAfterMs ?? 0) : 0;
}

/** Quick while the route has requests to spare, then as fast as it can go on for ever, within reason. */
function paceFor(limit: DiscordResponse["limit"]): number {
  if (!limit) return USUAL_MS;
  if (limit.remaining > PLENTY) return FASTEST_MS;
  const pace = limit.resetAfterMs / Math.max(limit.remaining, 1);
  return Math.min(Math.max(pace, FASTEST_MS), SLOWEST_MS);
}

const MOST_MESSAGES = 100;

const Message = z.object({
  id: z.string(),
  content: z.string().default(""),
  application_id: z.string().nullish(),
  /** Which interaction the message answers. */
  interaction_metadata: z.object({ id: z.string() }).nullish(),
});

/**
 * The first message of this answer that the receipt does not know. Messages by an interaction's token carry no nonce,
 * so this is how a retried job posts none twice. Undefined where none stands or Heed may not look; private ones are never listed.
 */
export async function findLostPart(
  content: string,
  receipt: Receipt,
  to: Destination,
  { send, runtime }: { send: Send; runtime: Runtime },
  signal: AbortSignal,
): Promise<Part | undefined> {
  const last = receipt.parts.at(-1)?.message;
  if (to.isPrivate || receipt.route !== "token" || !last) return undefined;
  const { channel } = receipt;
  const query = { after: last, limit: String(MOST_MESSAGES) };
  try {
    const { body } = await send({ method: "GET", path: `/channels/${channel}/messages`, query, signal });
    const found = z
      .array(Message)
      .parse(body)
      .filter((message) => isOwn(message, content, to))
      .toSorted((a, b) => Number(BigInt(a.id) - BigInt(b.id)))[0];
    return found && { message: found.id, channel, isOriginal: false, isByToken: true };
  } catch (error) {
    signal.throwIfAborted();
    runtime.log.info("discord: cannot look for a lost part", { job: to.job, error });
    return undefined;
  }
}

function isOwn(message: z.infer<typeof Message>, content: string, to: Destination): boolean {
  if (message.interaction_metadata) return message.interaction_metadata.id === snowflakeOf(to.job);
  return message.application_id === to.application && message.content.trim() === content.trim();
}
