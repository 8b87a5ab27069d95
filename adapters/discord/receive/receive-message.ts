// From a written message to what was asked: the mention taken away, the command found, the quoted message kept as context.

import { argumentsOf, holdsOption } from "../../../src/core/arguments.ts";
import type { Command } from "../../../src/core/command.ts";
import type { Message } from "../payloads.ts";
import { contextOf, type Received } from "./receive-command.ts";
import { attachmentOf } from "../scene.ts";

/** Messages that a person wrote: a plain one, a reply. The rest are joins, pins, boosts. */
const WRITTEN_TYPES: ReadonlySet<number> = new Set([0, 19]);

const MENTION = /<@[!&]?(\d+)>/g;
/** Typed first or last, it stands for the option of a slash command. */
const PRIVATE = /^--private(?=\s|$)|(?<=^|\s)--private$/;

export function isWrittenByPerson(message: Message, self: string): boolean {
  return WRITTEN_TYPES.has(message.type) && !message.author.bot && !message.webhook_id && message.author.id !== self;
}

/** `mine` are the ids that mean Heed: the bot's own, and its role's. Where Discord names none, the words tell. */
export function mentions({ mentions, mention_roles, content }: Message, mine: readonly string[]): boolean {
  const named =
    mentions || mention_roles ? [...(mentions ?? []).map(({ id }) => id), ...(mention_roles ?? [])] : undefined;
  const written = () => [...content.matchAll(MENTION)].map(([, id = ""]) => id);
  return (named ?? written()).some((id) => mine.includes(id));
}

export function receiveMessage(message: Message, commands: readonly Command[], mine: readonly string[]): Received {
  const typed = withoutMentions(message.content, mine);
  const written = typed.replace(PRIVATE, "").trim();
  const quoted = contextOf(message.referenced_message);
  // A bare mention in answer to a message asks about that message.
  const isBare = !written && message.attachments.length === 0 && quoted.length > 0;
  const asked = isBare ? { command: "ask", text: quoted[0]?.text ?? "" } : commandIn(written, commands);
  const files = [...message.attachments, ...(message.referenced_message?.attachments ?? [])];
  return {
    command: asked.command,
    input: { text: asked.text },
    attachments: files.map((file) =>
      attachmentOf(file, { channel: message.channel_id, id: holderOf(file.id, message) }),
    ),
    context: isBare ? [] : quoted,
    isPrivate: written !== typed,
  };
}

function holderOf(file: string, { id, referenced_message: quoted }: Message): string {
  return quoted?.attachments.some((attachment) => attachment.id === file) ? quoted.id : id;
}

function withoutMentions(content: string, mine: readonly string[]): string {
  return content.replace(MENTION, (mention, id: string) => (mine.includes(id) ? " " : mention)).trim();
}

/** "/name words" always, "name words" where the name alone would say too little: "kb list" is a command, "help me" a question. */
function commandIn(text: string, commands: readonly Command[]): { command: string; text: string } {
  const [, slash = "", word = "", rest = ""] = /^(\/?)([\w-]+)(?:\s+|$)([\s\S]*)$/.exec(text) ?? [];
  if (slash) return { command: word.toLowerCase(), text: rest.trim() };
  const named = commands.find(({ name }) => name === word.toLowerCase());
  const isCommand =
    named && (!rest || holdsOption(named, rest) || argumentsOf(named).some(({ isRequired }) => isRequired));
  return isCommand ? { command: named.name, text: rest.trim() } : { command: "ask", text };
}
