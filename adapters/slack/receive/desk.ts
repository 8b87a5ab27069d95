// What every way into Heed needs to take a question: who asks, the queue, and the words for when there is none.

import type { Attachment, Invocation, User } from "../../../src/core/invocation.ts";
import { languageOf, languageOfLocale, type Language, type Phrase } from "../../../src/core/language.ts";
import type { Records } from "../../../src/core/records.ts";
import type { World } from "../../../src/core/world.ts";
import { accept, type Voices } from "../../kit/accept.ts";
import type { FollowUps } from "../../kit/follow-ups.ts";
import type { Asked } from "../../kit/read-typed.ts";
import type { StoppingDoor } from "../../kit/stop.ts";
import type { CallSlack } from "../api.ts";
import type { People } from "./people.ts";
import { toJson, type Place } from "../place.ts";
import type { Threads } from "../threads.ts";

/** Slack waits three seconds for an acknowledgement; what takes longer is said to take longer. */
const PATIENCE_MS = 2200;
const LEAST_PATIENCE_MS = 100;

/** One request's workspace, seen with its own token. */
export interface Office {
  team: string;
  enterprise?: string | undefined;
  /** Heed's user id there. */
  botUser: string;
  /** The ids that mean Heed in a message: its user's, and its bot's. */
  mine: readonly string[];
  call: CallSlack;
}

export interface Desk {
  door: StoppingDoor;
  followUps: FollowUps;
  people: People;
  threads: Threads;
  records: Records;
  world: World;
  /** What buttons are signed with. */
  key: () => Promise<string>;
}

/** What a person asks, before it is an invocation. */
export interface Question {
  typed: Pick<Asked, "command"> & { text?: string; options?: Readonly<Record<string, string | number | boolean>> };
  user: User;
  place: Place;
  attachments?: readonly Attachment[];
  context?: Invocation["context"];
  remarks?: readonly Phrase[];
  /** When Slack's request came, in milliseconds since 1970. */
  receivedAt: number;
}

export function invocationOf({ typed, user, place, ...question }: Question): Invocation {
  const { attachments = [], context = [], remarks = [], receivedAt } = question;
  const { id, team, channel, memory, privacy, beginsThread } = place;
  const address = {
    platform: "slack",
    workspace: team,
    channel,
    ...(memory && { thread: memory, beginsThread }),
    privacy,
  };
  return {
    id,
    command: typed.command,
    input: typed.options ? { options: { ...typed.options } } : { text: typed.text ?? "" },
    user,
    address: { ...address, data: toJson(place) },
    attachments: [...attachments],
    context,
    remarks: [...remarks],
    receivedAt,
  };
}

export function languageFor(question: Question): Language {
  return languageOf(question.typed.text ?? "") ?? languageOfLocale(question.user.locale);
}

/** What is left of the time that Slack waits for an acknowledgement, since its request came. */
export async function take(
  question: Question,
  { door, world }: Pick<Desk, "door" | "world">,
  voices: Voices,
): Promise<void> {
  const patience = Math.max(LEAST_PATIENCE_MS, question.receivedAt + PATIENCE_MS - world.now());
  await accept(invocationOf(question), patience, { door, world }, voices);
}
