// Handles a pressed button or a chosen entry of the list behind "More".

import { explain } from "../../../src/core/errors.ts";
import type { Action } from "../../../src/core/reply.ts";
import type { FinishedJob } from "../../../src/core/queue.ts";
import { Destination, readReceipt } from "../destination.ts";
import { ComponentData, type Interaction } from "../payloads.ts";
import { modalFor } from "./modal.ts";
import { NOT_YOURS, TOO_OLD } from "../../kit/phrases.ts";
import { verifyStopPermit } from "../../kit/stop-permit.ts";
import { findPressed, modeUnder } from "./pressed.ts";
import { NO_QUOTES, UNKNOWN_BUTTON } from "../messages.ts";
import { readReference, type Reference } from "../render/reference.ts";
import { renderQuotes } from "../render/render.ts";
import { respondTo, submit, type ListenerContext, type ReplyMode } from "./submit.ts";
import { contextOf } from "../context.ts";
import { openThread } from "./thread.ts";

/** Tells the presser when something goes wrong; never throws for that. */
export async function takePress(interaction: Interaction, listener: ListenerContext): Promise<void> {
  const { custom_id, values } = ComponentData.parse(interaction.data);
  const reference = readReference(values[0] ?? custom_id);
  const respond = respondTo(interaction, listener);
  try {
    if (!reference || reference.verb === "more") return await respond.tell(UNKNOWN_BUTTON);
    if (reference.verb === "stop") return await stop(interaction, reference, listener);
    const finished = await findPressed(reference.job, interaction, listener);
    if (!finished) return await respond.tell(TOO_OLD);
    await follow(interaction, reference, finished, listener);
  } catch (error) {
    listener.runtime.log.error("discord: a button failed", { interaction: interaction.id, error });
    await respond.tell(explain(error));
  }
}

async function follow(
  interaction: Interaction,
  { verb, rest, job }: Reference,
  finished: FinishedJob,
  listener: ListenerContext,
): Promise<void> {
  const respond = respondTo(interaction, listener);
  switch (verb) {
    case "quote": {
      const quotes = renderQuotes(finished.post.sources);
      return quotes.length > 0 ? respond.show(quotes) : respond.tell(NO_QUOTES);
    }
    case "again":
      return respond.openModal(await modalFor(job, finished, interaction, listener));
    case "thread":
      // A thread shows its question to everyone.
      if (Destination.safeParse(finished.invocation.address.data).data?.isPrivate) return respond.tell(UNKNOWN_BUTTON);
      return openThread(interaction, finished, listener);
    default: {
      const action = finished.post.actions[Number(rest)];
      return action ? act(interaction, action, finished, listener) : respond.tell(UNKNOWN_BUTTON);
    }
  }
}

async function stop(
  interaction: Interaction,
  { job, rest: permit }: Reference,
  listener: ListenerContext,
): Promise<void> {
  const { adminRoles, token } = listener.settings;
  const { user, workspace } = contextOf(interaction, adminRoles);
  const respond = respondTo(interaction, listener);
  const stoppable = { job, asker: user.id, workspace };
  if (!verifyStopPermit(permit, stoppable, user.isAdmin, token)) return respond.tell(NOT_YOURS);
  await listener.dispatcher.stop(job);
  // The answer itself says that it was stopped.
  await respond.deferUpdate();
}

/** The presser asks this; who asked the question before does not matter to what the presser may do. */
function act(
  interaction: Interaction,
  { command, options, shows }: Action,
  finished: FinishedJob,
  listener: ListenerContext,
): Promise<void> {
  const { context, attachments, command: before } = finished.invocation;
  // Asked again, in another way: about the same files.
  const asked = {
    command,
    input: { options: { ...options } },
    context,
    attachments: command === before ? attachments : [],
  };
  return submit(interaction, asked, modeOf(interaction, shows, finished), listener);
}

function modeOf(interaction: Interaction, shows: Action["shows"], finished: FinishedJob): ReplyMode {
  const under = modeUnder(interaction, finished);
  const isPrivate = under.isPrivate || shows === "to-presser";
  const pressed = interaction.message?.id;
  if (shows !== "in-place" || !pressed) return { ...under, isPrivate };
  const standing = readReceipt(finished.receipt)?.parts.map(({ message }) => message) ?? [];
  // Nobody but their own token can edit the other parts of a private answer.
  const isWhole = !isPrivate && standing.includes(pressed) && standing.every(Boolean);
  const messages = isWhole ? standing : [pressed];
  // A failure in place is told to the presser alone as it is.
  return { ...under, isPrivate, beside: "nothing", inPlace: { messages, pressed: messages.indexOf(pressed) } };
}
