// Defines where a Slack answer goes and its receipt: the two values that cross the queue.

import { withFormerNames } from "../../src/core/former-names.ts";
import { z } from "zod";
import type { Address } from "../../src/core/invocation.ts";
import { toJson } from "../../src/core/json.ts";
import { Privacy } from "../../src/core/privacy.ts";
import type { Json } from "../../src/core/runtime.ts";
import type { Records } from "../../src/core/records.ts";
import { DAY_MS } from "../../src/core/time.ts";

/** What stands in the chat. A later attempt, an edited question and an in-place button all start from it. */
export const Receipt = withFormerNames(
  z.object({
    /** The messages of the answer, oldest first. */
    messages: z.array(z.object({ channel: z.string(), ts: z.string() })).default([]),
    /** How many messages only the asker can see were sent for the finished answer. */
    ephemeralSent: z.number().default(0),
    /** The pictures and files that were shared, by name and content. */
    sharedFiles: z.array(z.string()).default([]),
    /** Whether the last message is, or was left as, a stream. */
    isStreaming: z.boolean().default(false),
    /** What stands there still although the answer has gone another way, and is to be taken away. */
    left: z.array(z.object({ channel: z.string(), ts: z.string() })).default([]),
    /** The message that offers to stop it, while it is streamed. */
    offer: z.object({ channel: z.string(), ts: z.string() }).nullable().default(null),
  }),
  { whispered: "ephemeralSent", enclosures: "sharedFiles" },
);
export type Receipt = z.infer<typeof Receipt>;

export const Destination = withFormerNames(
  z.object({
    /** The invocation's id, for the buttons. */
    id: z.string(),
    team: z.string(),
    enterprise: z.string().optional(),
    user: z.string(),
    /** The asker's own workspace, which streaming asks for; in a shared channel it is another than `team`. */
    userTeam: z.string().optional(),
    channel: z.string(),
    /** The thread to answer in. */
    thread: z.string().optional(),
    /** When it was asked, as Slack's messages say it: what Heed posts for it comes later. */
    since: z.string().optional(),
    /** The message that holds the question: editing it updates the answer. */
    question: z.string().optional(),
    /** The question, where the chat does not show it by itself. */
    asked: z.object({ by: z.string(), text: z.string() }).optional(),
    /** Whether the thread begins with the question. */
    beginsThread: z.boolean().optional(),
    /** What the conversation is remembered by; follow-ups in the answer's thread carry it on. */
    memory: z.string().optional(),
    /** Whether the asker alone sees the answer. */
    isPrivate: z.boolean().default(false),
    /** Who can read the question where it stands. */
    privacy: Privacy.default("private"),
    isDirect: z.boolean().default(false),
    /** Works for half an hour and five messages, also where Heed is no member. */
    responseUrl: z.string().optional(),
    /** Whether a private answer takes the place of what brought the URL: "Working on it", or an earlier private answer. */
    replacesResponse: z.boolean().default(false),
    /** An earlier answer to write over. */
    replaces: Receipt.optional(),
  }),
  { takesPlace: "replacesResponse" },
);
export type Destination = z.infer<typeof Destination>;

/** What a message that was a question has come to. The newest job owns the answer; older ones fall silent. */
export const AskedMessage = z.object({ owner: z.string(), receipt: Receipt.optional() });
export type AskedMessage = z.infer<typeof AskedMessage>;

/** What a call that makes a message answers. */
export const Posted = z.looseObject({ ts: z.string(), channel: z.string().optional() });

/** For a job whose post takes the place of what stands there; what only the asker saw is said to them again. */
export function inPlaceOf(address: Address, receipt: Json, id: string): Address {
  const { question: _question, responseUrl: _url, ...destination } = Destination.parse(address.data);
  const standing = Receipt.parse(receipt ?? {});
  const replaces: Receipt = { ...standing, ephemeralSent: 0, isStreaming: false, left: [], offer: null };
  return { ...address, data: toJson({ ...destination, id, replaces }) };
}

/** Kinds of channel that nobody reads who was not let in, as events and as commands name them. */
const CLOSED = /^(?:im|mpim|group|directmessage|privategroup|mpdm-.*)$/;

/** Who can read what is asked in a channel. `kind`: what Slack says of it, where it does. */
export function privacyOf(channel: string, kind: string | null | undefined): Privacy {
  return CLOSED.test(kind ?? "") || /^[DG]/.test(channel) ? "closed" : "public";
}

/** How long a question can be edited with effect, and a thread be continued. */
export const REMEMBERED_MS = 60 * DAY_MS;

/** One person: another workspace may know another by the same id. */
export function askerIn(team: string, user: string): string {
  return `${team}/${user}`;
}

export const keys = {
  asked: (team: string, channel: string, ts: string) => `slack/asked/${team}/${channel}/${ts}`,
  thread: (team: string, channel: string, ts: string) => `slack/thread/${team}/${channel}/${ts}`,
  stream: (team: string, channel: string, ts: string) => `slack/stream/${team}/${channel}/${ts}`,
  renewal: (team: string) => `slack/renewal/${team}`,
  installation: (team: string) => `slack/installation/${team}`,
};

/** A thread that Heed has answered in. */
const Thread = z.object({
  /** What the conversation is remembered by. */
  memory: z.string(),
  /** Who asked the newest question. */
  asker: z.string().optional(),
});
export type Thread = z.infer<typeof Thread>;

export interface ChannelRef {
  team: string;
  channel: string;
}

export class Threads {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  async find({ team, channel }: ChannelRef, ts: string): Promise<Thread | undefined> {
    const record = await this.#records.get(keys.thread(team, channel, ts));
    return record === undefined ? undefined : Thread.parse(record);
  }

  /** A question was asked in a thread, which from now on is a conversation with Heed. */
  async join({ team, channel }: ChannelRef, ts: string, thread: Thread): Promise<void> {
    await this.#records.set(keys.thread(team, channel, ts), toJson(thread), REMEMBERED_MS);
  }

  async asked({ team, channel }: ChannelRef, ts: string): Promise<AskedMessage | undefined> {
    const record = await this.#records.get(keys.asked(team, channel, ts));
    return record === undefined ? undefined : AskedMessage.parse(record);
  }

  /** From now on this job owns the answer to a message; what stands there is kept for it to edit. */
  async own({ team, channel }: ChannelRef, ts: string, owner: string): Promise<void> {
    const keep = (old: unknown) => {
      const { receipt } = old === undefined ? {} : AskedMessage.parse(old);
      return { owner, ...(receipt && { receipt }) };
    };
    await this.#records.update(keys.asked(team, channel, ts), keep, REMEMBERED_MS);
  }

  /** The job whose answer a streamed message is. */
  async streamOf({ team, channel }: ChannelRef, ts: string): Promise<string | undefined> {
    const id = await this.#records.get(keys.stream(team, channel, ts));
    return typeof id === "string" ? id : undefined;
  }
}
