// Opens and reads the form "Ask again with ...", filled in as the question was.

import { z } from "zod";
import { argumentsOf, type Argument } from "../../../src/core/arguments.ts";
import type { Command } from "../../../src/core/command.ts";
import { explain } from "../../../src/core/errors.ts";
import { languageOfLocale, type Language } from "../../../src/core/language.ts";
import { nameIn } from "../../../src/core/names.ts";
import { readArgs } from "../../../src/core/read-args.ts";
import type { FinishedJob } from "../../../src/core/queue.ts";
import type { Json } from "../../../src/core/runtime.ts";
import { clip } from "../../../src/core/text.ts";
import { localeOf, ModalData, type Interaction } from "../payloads.ts";
import { findPressed, modeUnder } from "./pressed.ts";
import { TOO_OLD } from "../../kit/phrases.ts";
import { ASK_AGAIN, UNKNOWN_BUTTON } from "../messages.ts";
import { readReference, writeReference } from "../render/reference.ts";
import { respondTo, submit, type ListenerContext } from "./submit.ts";
import { contextOf } from "../context.ts";

const LABEL = 18;
const TEXT = 4;
const SELECT = 3;
const SHORT = 1;
const PARAGRAPH = 2;
const MOST_FIELDS = 5;
const MOST_CHOICES = 25;
const LONGEST_LABEL = 45;
const LONGEST_DESCRIPTION = 100;
const LONGEST_CHOICE = 100;
const LONGEST_VALUE = 4000;

const Values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
type Values = z.infer<typeof Values>;

export async function modalFor(
  job: string,
  finished: FinishedJob,
  interaction: Interaction,
  listener: ListenerContext,
): Promise<Json> {
  const language = languageOfLocale(localeOf(interaction));
  const command = commandOf(finished, listener);
  const before = askedWith(finished, command);
  const components = await Promise.all(
    fieldsOf(before, command).map(async (argument) => {
      const choices = await choicesFor(argument, command, interaction, listener);
      return fieldFor(argument, valueOf(argument, before), choices, { language, command });
    }),
  );
  return { custom_id: writeReference("again", job), title: ASK_AGAIN[language], components };
}

/** A form that was sent back. */
export async function takeModal(interaction: Interaction, listener: ListenerContext): Promise<void> {
  const { custom_id, components } = ModalData.parse(interaction.data);
  const respond = respondTo(interaction, listener);
  const reference = readReference(custom_id);
  if (reference?.verb !== "again") return respond.tell(UNKNOWN_BUTTON);
  try {
    const finished = await findPressed(reference.job, interaction, listener);
    if (!finished) return await respond.tell(TOO_OLD);
    const { command, context, attachments } = finished.invocation;
    const filled = components
      .flatMap(({ component, components: row = [] }) => (component ? [component] : row))
      .map(({ custom_id: name, value, values }) => [name, (values?.[0] ?? value ?? "").trim()] as const)
      .filter(([, value]) => value);
    const known = commandOf(finished, listener);
    const options = { ...keptBeside(askedWith(finished, known), known), ...Object.fromEntries(filled) };
    const asked = { command, context, attachments, input: { options } };
    await submit(interaction, asked, modeUnder(interaction, finished), listener);
  } catch (error) {
    listener.runtime.log.error("discord: a form failed", { interaction: interaction.id, error });
    await respond.tell(explain(error));
  }
}

function commandOf({ invocation }: FinishedJob, { dispatcher }: ListenerContext): Command | undefined {
  return dispatcher.commands.find(({ name }) => name === invocation.command);
}

/** The question first; what is yes or no, or too long for a field, has none. */
function fieldsOf(before: Values, command: Command | undefined): readonly Argument[] {
  const fitting = (command ? argumentsOf(command) : []).filter(
    (argument) => argument.type !== "boolean" && valueOf(argument, before).length <= LONGEST_VALUE,
  );
  return [...fitting.filter(({ isProse }) => isProse), ...fitting.filter(({ isProse }) => !isProse)].slice(
    0,
    MOST_FIELDS,
  );
}

/** What was asked with before and has no field in the form stays as it was. */
function keptBeside(before: Values, command: Command | undefined): Values {
  const shown = new Set(fieldsOf(before, command).map(({ name }) => name));
  return Object.fromEntries(Object.entries(before).filter(([name]) => !shown.has(name)));
}

async function choicesFor(
  { name, choices, isProse }: Argument,
  command: Command | undefined,
  interaction: Interaction,
  { dispatcher, settings, runtime }: ListenerContext,
): Promise<readonly string[]> {
  if (choices.length > 0 || isProse || !command?.suggests?.[name]) return fittingChoices(choices);
  const { workspace } = contextOf(interaction, settings.adminRoles);
  try {
    const known = (await dispatcher.suggest?.({ command: command.name, argument: name, typed: "", workspace })) ?? [];
    return fittingChoices(known.map(({ value }) => value));
  } catch (error) {
    runtime.log.warn("discord: no suggestions", { error });
    return [];
  }
}

function fittingChoices(choices: readonly string[]): readonly string[] {
  return choices.filter(({ length }) => length > 0 && length <= LONGEST_CHOICE).slice(0, MOST_CHOICES);
}

function valueOf({ name }: Argument, before: Values): string {
  return String(before[name] ?? "");
}

/** By name what it was asked with, also where that was a typed line with options in it. */
function askedWith({ invocation: { input } }: FinishedJob, command: Command | undefined): Values {
  if ("options" in input) return input.options;
  if (!command) return {};
  return Values.safeParse(readArgs(command, input)).data ?? {};
}

function fieldFor(
  argument: Argument,
  value: string,
  choices: readonly string[],
  { language, command }: { language: Language; command: Command | undefined },
): Json {
  const { name, description, isRequired, isProse } = argument;
  const list = {
    type: SELECT,
    custom_id: name,
    required: isRequired,
    options: choices.map((choice) => ({
      label: choice,
      value: choice,
      default: choice === value,
    })),
  };
  const text = {
    type: TEXT,
    custom_id: name,
    style: isProse ? PARAGRAPH : SHORT,
    required: isRequired,
    max_length: LONGEST_VALUE,
    ...(value && { value }),
  };
  return {
    type: LABEL,
    label: clip(nameIn(language, name, command ?? {}), LONGEST_LABEL),
    description: clip(description[language], LONGEST_DESCRIPTION),
    component: choices.length > 0 ? list : text,
  };
}
