// Greets whoever opens the agent view with questions that they could ask.

import { argumentsOf } from "../../../src/core/arguments.ts";
import type { Command } from "../../../src/core/command.ts";
import { languageOf, languageOfLocale, type Language } from "../../../src/core/language.ts";
import { clip } from "../../../src/core/text.ts";
import type { ListenerContext, WorkspaceClient } from "./context.ts";
import type { Opened } from "./payloads.ts";
import { SUGGESTIONS } from "../messages.ts";
import type { z } from "zod";

const MOST_PROMPTS = 4;
const LONGEST_TITLE = 60;

/** One example of each command that a newcomer may try, in the person's language where there is one. */
export function promptsOf(commands: readonly Command[], language: Language): { title: string; message: string }[] {
  const inviting = commands.filter(
    (command) => command.isSpoken || argumentsOf(command).every(({ isRequired }) => !isRequired),
  );
  const examples = inviting.flatMap(({ examples }) => {
    const example = examples.find((example) => (languageOf(example) ?? "en") === language) ?? examples[0];
    return example ? [example.replace(/^\//, "")] : [];
  });
  return examples
    .slice(0, MOST_PROMPTS)
    .map((message) => ({ title: clip(message.replace(/^ask\s+/, ""), LONGEST_TITLE), message }));
}

export async function greet(
  opened: z.infer<typeof Opened>,
  client: WorkspaceClient,
  { dispatcher, people, runtime }: ListenerContext,
): Promise<void> {
  const { type, tab, channel, user, assistant_thread: thread } = opened;
  if (type === "app_home_opened" && tab !== "messages") return;
  const channelId = thread?.channel_id ?? channel;
  const person = thread?.user_id ?? user;
  if (!channelId || !person) return;
  const language = languageOfLocale((await people.find(person, client.team, client.call)).locale);
  const args = {
    channel_id: channelId,
    title: SUGGESTIONS[language],
    prompts: promptsOf(dispatcher.commands, language),
  };
  try {
    // The older experience names its thread; today's takes none.
    await client.call("assistant.threads.setSuggestedPrompts", { ...args, thread_ts: thread?.thread_ts });
  } catch (error) {
    runtime.log.debug("no suggested prompts", { error });
  }
}
