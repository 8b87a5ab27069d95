// Slash commands and the message shortcut: ways in that Slack acknowledges by itself, and that bring a response URL.

import { languageOfLocale } from "../../src/core/language.ts";
import { SlackRefusal, SlackSilence } from "./api.ts";
import { languageFor, take, type Desk, type Office, type Question } from "./desk.ts";
import type { Shortcut, SlashCommand } from "./payloads.ts";
import { ONLY_YOU, READS_NO_QUESTION, SLOW_QUEUE } from "./phrases.ts";
import { attachmentsOf, decode, idOf, readSlash, withoutMention } from "./receive.ts";
import { respond } from "./whisper.ts";

/** Bolt's: Slack takes the acknowledgement's body as a message, for commands alone. */
export type Acknowledge = (reply?: { response_type: "ephemeral"; text: string }) => Promise<void>;

export async function receiveSlash(
  command: SlashCommand,
  office: Office,
  desk: Desk,
  acknowledge: Acknowledge,
): Promise<void> {
  const typed = readSlash(command.command, command.text, desk.door.commands);
  const { user_id, user_name, channel_id, trigger_id, response_url } = command;
  const user = await desk.people.find(user_id, office.team, office.call, user_name ?? undefined);
  const id = idOf(office.team, trigger_id);
  const place = {
    id,
    team: office.team,
    enterprise: office.enterprise,
    user: user_id,
    channel: channel_id,
    // Slack shows nobody what was typed, so the answer carries it.
    asked: { by: user.name, text: `/${typed.command} ${typed.text}`.trim() },
    memory: id,
    isPrivate: typed.isPrivate,
    isDirect: channel_id.startsWith("D"),
    responseUrl: response_url ?? undefined,
  };
  const question = { typed, user, place };
  const language = languageFor(question);
  await takeAloud(question, desk, acknowledge, typed.isPrivate ? ONLY_YOU[language] : undefined);
}

export async function receiveShortcut(
  shortcut: Shortcut,
  office: Office,
  desk: Desk,
  acknowledge: Acknowledge,
): Promise<void> {
  const { message, channel, trigger_id, response_url } = shortcut;
  const user = await desk.people.find(shortcut.user.id, office.team, office.call, shortcut.user.name ?? undefined);
  const text = withoutMention(message.text, office.botUser);
  if (!text) {
    await acknowledge();
    const phrase = READS_NO_QUESTION[languageOfLocale(user.locale)];
    if (response_url) await respond(response_url, { response_type: "ephemeral", text: phrase }, desk.world);
    return;
  }
  const root = message.thread_ts ?? message.ts;
  const spot = { team: office.team, channel: channel.id };
  const memory = (await desk.threads.find(spot, root))?.memory ?? root;
  const id = idOf(office.team, trigger_id);
  const place = {
    ...spot,
    id,
    enterprise: office.enterprise,
    user: shortcut.user.id,
    thread: root,
    memory,
    isPrivate: false,
    isDirect: channel.id.startsWith("D"),
    responseUrl: response_url ?? undefined,
  };
  const attachments = attachmentsOf(message.files, office);
  await desk.threads.join(spot, root, { memory, last: id });
  await takeAloud({ typed: { command: "ask", text: decode(text) }, user, place, attachments }, desk, acknowledge);
}

/** Acknowledges once the question is safe, or says in the acknowledgement why it is not. */
export async function takeAloud(
  question: Question,
  desk: Desk,
  acknowledge: Acknowledge,
  aside?: string,
): Promise<void> {
  const language = languageFor(question);
  let isSlow = false;
  const say = (text: string) => acknowledge({ response_type: "ephemeral", text });
  await take(question, desk, {
    taken: async () => {
      if (!isSlow) await (aside ? say(aside) : acknowledge());
    },
    slow: async () => {
      isSlow = true;
      await say(SLOW_QUEUE[language]);
    },
    refused: async (phrase) => {
      const { responseUrl } = question.place;
      if (!isSlow) await say(phrase[language]);
      if (responseUrl && (isSlow || !question.place.asked)) await tellByUrl(responseUrl, phrase[language], desk);
    },
  });
}

async function tellByUrl(url: string, text: string, { world }: Desk): Promise<void> {
  try {
    await respond(url, { response_type: "ephemeral", replace_original: false, text }, world);
  } catch (error) {
    if (!(error instanceof SlackRefusal || error instanceof SlackSilence)) throw error;
    world.log.error("slack could not be told", { error });
  }
}
