// Slash commands and the message shortcut: ways in that Slack acknowledges by itself, and that bring a response URL.

import { isForAskerAlone } from "../../../src/core/audience.ts";
import type { User } from "../../../src/core/invocation.ts";
import { languageOfLocale, type Phrase } from "../../../src/core/language.ts";
import { FOLLOWS, FOLLOWS_ALWAYS, FOLLOWS_NOT, STOPPING } from "../../kit/phrases.ts";
import type { Asked, Typed } from "../../kit/read-typed.ts";
import { remarksOn } from "../../kit/remarks.ts";
import { SlackRefusal, SlackSilence } from "../api.ts";
import { languageFor, take, type Desk, type Office, type Question } from "./desk.ts";
import type { Shortcut, SlashCommand } from "./payloads.ts";
import type { ShortcutCommand } from "./manifest.ts";
import { ONLY_YOU, READS_NO_FILE, READS_NO_QUESTION, SLOW_QUEUE } from "../phrases.ts";
import { privacyOf } from "../place.ts";
import { readThread } from "./read-thread.ts";
import { attachmentsOf, decode, idOfRequest, readSlash, stampBefore, withoutMention } from "./receive.ts";
import type { Spot } from "../threads.ts";
import { respond } from "../send/whisper.ts";

/** Bolt's: Slack takes the acknowledgement's body as a message, for commands alone. */
export type Acknowledge = (reply?: { response_type: "ephemeral"; text: string }) => Promise<void>;

export async function receiveSlash(
  command: SlashCommand,
  office: Office,
  desk: Desk,
  acknowledge: Acknowledge,
): Promise<void> {
  const receivedAt = desk.world.now();
  const typed = readSlash(command.command, command.text, desk.door.commands);
  const { user_id, user_name, channel_id, channel_name, response_url } = command;
  const user = await desk.people.find(user_id, office.team, office.call, user_name ?? undefined);
  const isDirect = channel_id.startsWith("D");
  if (typed.kind === "stop" || typed.kind === "follow-ups") {
    const said = await obey(typed, { team: office.team, channel: channel_id, user, isDirect }, desk);
    return acknowledge({ response_type: "ephemeral", text: said[languageOfLocale(user.locale)] });
  }
  const isAskedAlone = typed.isPrivate && !isDirect;
  const id = idOfRequest(office.team, command);
  const asked = { command: typed.command, input: { text: typed.text }, attachments: [], context: [], user };
  const isPrivate = isForAskerAlone(asked, desk.door.commands, {
    isPrivate: isAskedAlone,
    beside: isDirect ? "nothing" : "all",
  });
  const place = {
    id,
    team: office.team,
    enterprise: office.enterprise,
    user: user_id,
    channel: channel_id,
    since: stampBefore(receivedAt),
    // Slack shows nobody what was typed, so the answer carries it.
    asked: { by: user.name, text: `/${typed.command} ${typed.text}`.trim() },
    isPrivate,
    privacy: isAskedAlone ? ("private" as const) : privacyOf(channel_id, channel_name),
    isDirect,
    responseUrl: response_url ?? undefined,
    takesPlace: isPrivate,
  };
  const question = { typed, user, place, remarks: remarksOn(typed, isDirect), receivedAt };
  const language = languageFor(question);
  await takeAloud(question, desk, acknowledge, isPrivate ? ONLY_YOU[language] : undefined);
}

/** A message's menu: a question about it, or its files for the knowledge base. */
export async function receiveShortcut(
  command: ShortcutCommand,
  shortcut: Shortcut,
  office: Office,
  desk: Desk,
  acknowledge: Acknowledge,
): Promise<void> {
  const receivedAt = desk.world.now();
  const { message, channel, response_url } = shortcut;
  const user = await desk.people.find(shortcut.user.id, office.team, office.call, shortcut.user.name ?? undefined);
  const attachments = attachmentsOf(message.files, office);
  const text = decode(withoutMention(message.text, office.mine));
  const typed = askedBy(command, text, attachments.length > 0);
  if (!typed) {
    await acknowledge();
    const phrase = command === "ask" ? READS_NO_QUESTION : READS_NO_FILE;
    if (response_url) await tellByUrl(response_url, phrase[languageOfLocale(user.locale)], desk);
    return;
  }
  const root = message.thread_ts ?? message.ts;
  const spot = { team: office.team, channel: channel.id };
  const thread = await desk.threads.find(spot, root);
  const around = { channel: channel.id, thread: root, before: message.ts };
  const context = command === "ask" && !thread && root !== message.ts ? await readThread(around, office, desk) : [];
  const id = idOfRequest(office.team, shortcut);
  const asked = {
    command: typed.command,
    input: typed.options ? { options: typed.options } : { text: typed.text ?? "" },
    attachments,
    context,
    user,
  };
  const isPrivate = isForAskerAlone(asked, desk.door.commands, { isPrivate: false, beside: "refusals" });
  const place = {
    ...spot,
    id,
    enterprise: office.enterprise,
    user: shortcut.user.id,
    thread: root,
    since: stampBefore(receivedAt),
    memory: thread?.memory ?? root,
    isPrivate,
    privacy: privacyOf(channel.id, channel.name),
    isDirect: channel.id.startsWith("D"),
    responseUrl: response_url ?? undefined,
    takesPlace: false,
  };
  if (!isPrivate) await desk.threads.join(spot, root, { memory: place.memory, asker: place.user });
  await takeAloud({ typed, user, place, attachments, context, receivedAt }, desk, acknowledge);
}

/** What a shortcut asks for; undefined where the message holds nothing for it. Another's words are read as no options. */
function askedBy(command: ShortcutCommand, text: string, hasFiles: boolean): Question["typed"] | undefined {
  if (command === "ask") return text ? { command, text, options: { question: text } } : undefined;
  if (hasFiles) return { command, options: { action: "add" } };
  const [address] = /https?:\/\/[^\s)]+/.exec(text) ?? [];
  return address ? { command, options: { action: "add", target: address } } : undefined;
}

interface Obeyed extends Spot {
  user: User;
  isDirect: boolean;
}

/** A stop or a switch, typed behind "/heed". */
async function obey(
  typed: Exclude<Typed, Asked>,
  { team, channel, user, isDirect }: Obeyed,
  desk: Desk,
): Promise<Phrase> {
  if (typed.kind === "stop") return (await desk.door.stopLatest({ workspace: team, channel }, user)) ?? STOPPING;
  if (isDirect) return FOLLOWS_ALWAYS;
  await desk.followUps.set(team, channel, typed.isOn);
  return typed.isOn ? FOLLOWS : FOLLOWS_NOT;
}

/** Acknowledges once the question is safe, or says in the acknowledgement why it is not. */
export async function takeAloud(
  question: Question,
  desk: Desk,
  acknowledge: Acknowledge,
  aside?: string,
): Promise<void> {
  const language = languageFor(question);
  const say = (text: string) => acknowledge({ response_type: "ephemeral", text });
  await take(question, desk, {
    taken: async (isSlow) => {
      if (!isSlow) await (aside ? say(aside) : acknowledge());
    },
    slow: () => say(SLOW_QUEUE[language]),
    refused: async (phrase, isSlow) => {
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
