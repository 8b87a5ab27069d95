// A message that is for Heed, and the question that it asks.

import { isForAskerAlone } from "../../../src/core/audience.ts";
import type { Invocation } from "../../../src/core/invocation.ts";
import { remarksOn } from "../../kit/remarks.ts";
import type { Asked } from "../../kit/read-typed.ts";
import type { Desk, Office, Question } from "./desk.ts";
import type { Message } from "./payloads.ts";
import { attachmentsOf, idOf } from "./receive.ts";
import { privacyOf } from "../place.ts";
import { readThread } from "./read-thread.ts";
import type { Spot, Thread } from "../threads.ts";

/** A message that is for Heed, and how it came to be. */
export interface Heard {
  message: Message;
  user: string;
  spot: Spot;
  isDirect: boolean;
  /** The kind of channel, where Slack says it. */
  kind: string | null | undefined;
  isCalled: boolean;
  thread: Thread | undefined;
  receivedAt: number;
  /** Sets one version of an edited message apart from the others. */
  version?: string;
}

/** The question that a heard message asks, with what stands around it. */
export async function questionOf(typed: Asked, heard: Heard, office: Office, desk: Desk): Promise<Question> {
  const { message, spot, isDirect, thread, version = "" } = heard;
  const { ts, thread_ts, files } = message;
  const root = thread_ts ?? ts;
  const [user, context] = await Promise.all([
    desk.people.find(heard.user, office.team, office.call),
    contextOf(heard, office, desk),
  ]);
  const attachments = attachmentsOf(files, office);
  const isAskedAlone = typed.isPrivate && !isDirect;
  const asked = { command: typed.command, input: { text: typed.text }, attachments, context, user };
  const way = { isPrivate: isAskedAlone, beside: "nothing" } as const;
  const id = idOf(office.team, spot.channel, ts, ...(version ? [version] : []));
  // A direct message is one talk with one person, whatever threads their client makes of it.
  const memory = thread?.memory ?? (isDirect && !thread_ts ? undefined : root);
  const place = {
    id,
    team: office.team,
    enterprise: office.enterprise,
    user: heard.user,
    userTeam: message.user_team ?? message.team ?? undefined,
    channel: spot.channel,
    thread: root,
    since: ts,
    question: ts,
    memory,
    beginsThread: root === ts,
    // In their direct messages the asker is alone with Heed as it is.
    isPrivate: !isDirect && isForAskerAlone(asked, desk.door.commands, way),
    privacy: isAskedAlone ? ("private" as const) : privacyOf(spot.channel, heard.kind),
    isDirect,
    takesPlace: false,
  };
  const remarks = remarksOn(typed, isDirect);
  return { typed, user, place, attachments, context, remarks, receivedAt: heard.receivedAt };
}

/** A mention in the middle of other people's thread is about what they said. */
async function contextOf(
  { message, spot, isDirect, thread }: Heard,
  office: Office,
  desk: Desk,
): Promise<Invocation["context"]> {
  const { ts, thread_ts } = message;
  if (!thread_ts || thread_ts === ts || thread || isDirect) return [];
  return readThread({ channel: spot.channel, thread: thread_ts, before: ts }, office, desk);
}
