// Finds the answer that a pressed button belongs to, for those who were shown it.

import type { FinishedJob } from "../../../src/core/queue.ts";
import { recall } from "../../kit/recall.ts";
import { Destination, readReceipt } from "../destination.ts";
import { isUnderPrivate, type Interaction } from "../payloads.ts";
import { contextOf } from "../context.ts";
import type { ListenerContext, ReplyMode } from "./submit.ts";

/** Undefined where it is too old, still being written, or another's. */
export async function findPressed(
  job: string,
  interaction: Interaction,
  listener: ListenerContext,
): Promise<FinishedJob | undefined> {
  const finished = await recall(job, listener);
  return finished && (isShownUnder(interaction, finished) || isShownWith(interaction, finished, listener))
    ? finished
    : undefined;
}

/** What follows from an answer is for those who saw it, and its question was read by those who read that one. */
export function modeUnder(interaction: Interaction, { invocation: { address } }: FinishedJob): ReplyMode {
  const { isPrivate = true, channel } = Destination.safeParse(address.data).data ?? {};
  // An answer that could not be shown where it was asked stands before its asker alone.
  const isHere = channel === (interaction.channel?.id ?? interaction.channel_id);
  return {
    isPrivate: isPrivate || isUnderPrivate(interaction),
    beside: "refusals",
    privacy: isHere ? address.privacy : "private",
    workspace: address.workspace,
  };
}

function isShownUnder({ message }: Interaction, { receipt }: FinishedJob): boolean {
  return message ? (readReceipt(receipt)?.parts.some(({ message: part }) => part === message.id) ?? false) : false;
}

/** Discord does not always say which message it was; then it counts who speaks, and where. */
function isShownWith(
  interaction: Interaction,
  { invocation: { address } }: FinishedJob,
  { settings }: ListenerContext,
): boolean {
  const { user, workspace, place } = contextOf(interaction, settings.adminRoles);
  const to = Destination.safeParse(address.data).data;
  const isHere = address.workspace === workspace && to?.channel === place;
  return isHere && (!to.isPrivate || to.asker === user.id);
}
