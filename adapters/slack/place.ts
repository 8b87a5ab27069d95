// Where a Slack answer goes, and what was left there: the two values that cross the queue for this adapter.

import { z } from "zod";
import type { Address } from "../../src/core/invocation.ts";
import { Privacy } from "../../src/core/privacy.ts";
import type { Json } from "../../src/core/world.ts";

/** What stands in the chat. A later attempt, an edited question and an in-place button all start from it. */
export const Receipt = z.object({
  /** The messages of the answer, oldest first. */
  messages: z.array(z.object({ channel: z.string(), ts: z.string() })).default([]),
  /** How many messages only the asker can see were sent for the finished answer. */
  whispered: z.number().default(0),
  /** The pictures and files that were shared, by name and content. */
  enclosures: z.array(z.string()).default([]),
  /** Whether the last message is, or was left as, a stream. */
  isStreaming: z.boolean().default(false),
  /** What stands there still although the answer has gone another way, and is to be taken away. */
  left: z.array(z.object({ channel: z.string(), ts: z.string() })).default([]),
  /** The message that offers to stop it, while it is streamed. */
  offer: z.object({ channel: z.string(), ts: z.string() }).nullable().default(null),
});
export type Receipt = z.infer<typeof Receipt>;

export const Place = z.object({
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
  takesPlace: z.boolean().default(false),
  /** An earlier answer to write over. */
  replaces: Receipt.optional(),
});
export type Place = z.infer<typeof Place>;

/** What a message that was a question has come to. The newest job owns the answer; older ones fall silent. */
export const Asked = z.object({ owner: z.string(), receipt: Receipt.optional() });
export type Asked = z.infer<typeof Asked>;

/** What a call that makes a message answers. */
export const Posted = z.looseObject({ ts: z.string(), channel: z.string().optional() });

/** For a job whose post takes the place of what stands there; what only the asker saw is said to them again. */
export function inPlaceOf(address: Address, receipt: Json, id: string): Address {
  const { question: _question, responseUrl: _url, ...place } = Place.parse(address.data);
  const standing = Receipt.parse(receipt ?? {});
  const replaces: Receipt = { ...standing, whispered: 0, isStreaming: false, left: [], offer: null };
  return { ...address, data: toJson({ ...place, id, replaces }) };
}

/** Kinds of channel that nobody reads who was not let in, as events and as commands name them. */
const CLOSED = /^(?:im|mpim|group|directmessage|privategroup|mpdm-.*)$/;

/** Who can read what is asked in a channel. `kind`: what Slack says of it, where it does. */
export function privacyOf(channel: string, kind: string | null | undefined): Privacy {
  return CLOSED.test(kind ?? "") || /^[DG]/.test(channel) ? "closed" : "public";
}

/** For the queue and the records, which know no undefined. */
export function toJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

export const DAY_MS = 24 * 60 * 60_000;
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
