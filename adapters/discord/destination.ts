// Defines where a Discord answer goes and the receipt of what was posted, as schemas for the queue.

import { withFormerNames } from "../../src/core/former-names.ts";
import { z } from "zod";
import type { Address } from "../../src/core/invocation.ts";
import type { Json } from "../../src/core/runtime.ts";

/** An interaction's token lives 15 minutes; the last half minute is not worth the risk. */
export const TOKEN_LIFE_MS = 14.5 * 60_000;

/** The platform's own part of an address. */
export const Destination = z.object({
  /** The invocation's id: buttons under its answer refer to it. */
  job: z.string(),
  /** Who asked: only they and admins may stop it. */
  asker: z.string(),
  application: z.string(),
  /** The channel, thread or direct message to post in with the bot's own token. */
  channel: z.string(),
  isPrivate: z.boolean(),
  /** The interaction to answer through, and when it came, in milliseconds since 1970. */
  interaction: z.object({ token: z.string(), at: z.number() }).optional(),
  /** The message that is answered, for one that was written and not a command. */
  replyTo: z.string().optional(),
  /** For an answer in place of another: the messages of that one, and which of them the pressed button is under. */
  inPlace: z.object({ messages: z.array(z.string()).max(20), pressed: z.number() }).optional(),
  canAskAgain: z.boolean(),
  canOpenThread: z.boolean(),
  /** The most bytes of files that one message takes here. */
  fileLimit: z.number(),
});
export type Destination = z.infer<typeof Destination>;

/** By the interaction's token, as the bot in the same channel, or to the asker's direct messages. */
export const Route = z.enum(["token", "channel", "direct"]);
export type Route = z.infer<typeof Route>;

/** One message of an answer. */
export const Part = z.object({
  /** Empty until Discord has said which message the deferred answer is. */
  message: z.string(),
  /** The channel it stands in. */
  channel: z.string(),
  /** Whether it is the interaction's own answer, known to its token as "@original". */
  isOriginal: z.boolean(),
  /** Whether the token of this interaction can edit it. */
  isByToken: z.boolean(),
});
export type Part = z.infer<typeof Part>;

/** What stands in the chat: kept with the job, so that a later attempt edits and does not post again. */
export const Receipt = withFormerNames(
  z.object({
    route: Route,
    channel: z.string(),
    parts: z.array(Part),
    /** What stands there still although the answer has gone another way, and is to be taken away. */
    left: z.array(Part).default([]),
    /** How often the answer was begun anew, so that Discord does not take a new message for an old one. */
    generation: z.number().default(0),
    /** Why it went to direct messages. */
    why: z.object({ en: z.string(), "zh-TW": z.string() }).nullable().default(null),
  }),
  { way: "route" },
);
export type Receipt = z.infer<typeof Receipt>;

/** The receipt of an answer, or undefined where it holds none that this adapter wrote. */
export function readReceipt(json: Json | undefined): Receipt | undefined {
  return Receipt.safeParse(json).data;
}

/** For a job whose post takes the place of what stands there. What only the asker sees is reached by their token alone. */
export function inPlaceOf(address: Address, receipt: Json, id: string): Address {
  const { interaction, ...to } = Destination.parse(address.data);
  const standing = readReceipt(receipt);
  const messages = standing?.parts.map(({ message }) => message).filter(Boolean) ?? [];
  const destination: Destination = to.isPrivate
    ? { ...to, job: id, ...(interaction && { interaction }) }
    : { ...to, job: id, channel: standing?.channel ?? to.channel, inPlace: { messages, pressed: -1 } };
  return { ...address, data: destination as Address["data"] };
}
