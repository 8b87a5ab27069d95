// Opens a thread below an answer and remembers which threads are Heed's.

import { z } from "zod";
import { explain } from "../../../src/core/errors.ts";
import { languageOfLocale } from "../../../src/core/language.ts";
import type { FinishedJob } from "../../../src/core/queue.ts";
import type { Records } from "../../../src/core/records.ts";
import { truncate } from "../../../src/core/text.ts";
import { DAY_MS } from "../../../src/core/time.ts";
import { isRefused, Refusal } from "../failures.ts";
import { localeOf, type Interaction } from "../payloads.ts";
import { calm } from "../render/markdown.ts";
import { OPEN_THREAD, threadGreeting, threadOpened, UNKNOWN_BUTTON } from "../messages.ts";
import { PING_NOBODY } from "../send/request.ts";
import type { Request } from "../rest.ts";
import { respondTo, type ListenerContext } from "./submit.ts";
import { contextOf } from "../context.ts";

const LONGEST_NAME = 90;
const DAY_MINUTES = 1440;
const REMEMBERED_MS = 60 * DAY_MS;

const Created = z.object({ id: z.string() });

export async function openThread(
  interaction: Interaction,
  finished: FinishedJob,
  listener: ListenerContext,
): Promise<void> {
  const { runtime, settings } = listener;
  const respond = respondTo(interaction, listener);
  const { place, canOpenThread } = contextOf(interaction, settings.adminRoles);
  const message = interaction.message?.id;
  if (!message || !canOpenThread) return respond.tell(UNKNOWN_BUTTON);
  await respond.defer(true);
  try {
    const language = languageOfLocale(localeOf(interaction));
    const name = truncate(questionOf(finished), LONGEST_NAME) || OPEN_THREAD[language];
    await create(name, `/channels/${place}/messages/${message}/threads`, finished, listener);
    await respond.correct(threadOpened(message));
  } catch (error) {
    // A thread has the id of the message it hangs from.
    if (isRefused(error, Refusal.threadExists)) return respond.correct(threadOpened(message));
    runtime.log.warn("discord: no thread", { interaction: interaction.id, error });
    await respond.correct(explain(error));
  }
}

async function create(
  name: string,
  path: Request["path"],
  { post }: FinishedJob,
  { send, records, settings }: ListenerContext,
): Promise<void> {
  const { body } = await send({ method: "POST", path, body: { name, auto_archive_duration: DAY_MINUTES } });
  const { id } = Created.parse(body);
  await records.set(threadKey(id), true, REMEMBERED_MS);
  const content = threadGreeting(settings.readsAll)[post.language];
  await send({ method: "POST", path: `/channels/${id}/messages`, body: { content, allowed_mentions: PING_NOBODY } });
}

/** Whether Heed opened this thread. What it is about stands in Heed's memory. */
export async function isOwnThread(thread: string, records: Records): Promise<boolean> {
  return (await records.get(threadKey(thread))) !== undefined;
}

function threadKey(thread: string): string {
  return `discord/thread/${thread}`;
}

function questionOf({ invocation: { input, command } }: Pick<FinishedJob, "invocation">): string {
  if ("text" in input) return calm(input.text.replace(/\s+/g, " ").trim());
  const words = Object.values(input.options).filter((value) => typeof value === "string");
  return calm(
    words
      .toSorted((a, b) => b.length - a.length)[0]
      ?.replace(/\s+/g, " ")
      .trim() ?? `/${command}`,
  );
}
