// Sends each interaction to the function that answers it.

import { explain } from "../../../src/core/errors.ts";
import type { Suggestion } from "../../../src/core/suggestions.ts";
import type { Json } from "../../../src/core/runtime.ts";
import { clip } from "../../../src/core/text.ts";
import { Call, CommandData, Interaction, guildOf, InteractionType, localeOf } from "../payloads.ts";
import { takeModal } from "./modal.ts";
import { takePress } from "./actions.ts";
import { receiveCommand, receiveTyping } from "./command.ts";
import { respondTo, submit, type ListenerContext } from "./submit.ts";
import { contextOf } from "../context.ts";

const MOST_CHOICES = 25;
const LONGEST_CHOICE = 100;

/** `raw` is the payload as the gateway sent it. */
export async function takeInteraction(raw: unknown, listener: ListenerContext): Promise<void> {
  const { data: interaction, error } = Interaction.safeParse(raw);
  if (!interaction) {
    await respondTo(Call.parse(raw), listener).tell(explain(error));
    throw error;
  }
  switch (interaction.type) {
    case InteractionType.command:
      return takeCommand(interaction, listener);
    case InteractionType.component:
      return takePress(interaction, listener);
    case InteractionType.modal:
      return takeModal(interaction, listener);
    case InteractionType.autocomplete:
      return complete(interaction, listener);
    default:
      listener.runtime.log.warn("discord: an unknown kind of interaction", { type: interaction.type });
  }
}

async function takeCommand(interaction: Interaction, listener: ListenerContext): Promise<void> {
  try {
    const { isPrivate, ...asked } = receiveCommand(
      CommandData.parse(interaction.data),
      listener.dispatcher.commands,
      localeOf(interaction),
    );
    // In direct messages with Heed the asker is alone as it is.
    const beside = guildOf(interaction) ? "all" : "nothing";
    await submit(interaction, asked, { isPrivate, beside, ...(isPrivate && { privacy: "private" }) }, listener);
  } catch (error) {
    listener.runtime.log.info("discord: declined", { interaction: interaction.id, error });
    await respondTo(interaction, listener).tell(explain(error));
  }
}

/** Values for the option that is being typed. An empty list lets the person type on freely. */
async function complete(interaction: Interaction, listener: ListenerContext): Promise<void> {
  const values = await suggestions(interaction, listener).catch((error: unknown) => {
    listener.runtime.log.warn("discord: no suggestions", { error });
    return [];
  });
  const fitting = values.filter(({ value, label }) => value && label && value.length <= LONGEST_CHOICE);
  const choices = fitting.slice(0, MOST_CHOICES);
  await respondTo(interaction, listener).choose(
    choices.map(({ value, label }): Json => ({ name: clip(label, LONGEST_CHOICE), value })),
  );
}

async function suggestions(
  interaction: Interaction,
  { dispatcher, settings }: ListenerContext,
): Promise<readonly Suggestion[]> {
  const typing = receiveTyping(CommandData.parse(interaction.data), dispatcher.commands);
  if (!typing) return [];
  const { command, argument, typed } = typing;
  if (argument.choices.length > 0)
    return argument.choices
      .filter((choice) => choice.toLowerCase().includes(typed.toLowerCase()))
      .map((choice) => ({ value: choice, label: choice }));
  const { workspace } = contextOf(interaction, settings.adminRoles);
  return (await dispatcher.suggest?.({ command, argument: argument.name, typed, workspace })) ?? [];
}
