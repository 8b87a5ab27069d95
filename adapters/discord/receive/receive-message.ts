// From a written message to what was asked: the mention taken away, the command found, the quoted message kept as context.

import type { Command } from "../../../src/core/command.ts";
import { mentionsAny, withoutMentions } from "../../kit/mentions.ts";
import { readTyped, type Asked, type Typed } from "../../kit/read-typed.ts";
import type { Message } from "../payloads.ts";
import { contextOf, type Received } from "./receive-command.ts";
import { attachmentOf } from "../scene.ts";

/** Messages that a person wrote: a plain one, a reply. The rest are joins, pins, boosts. */
const WRITTEN_TYPES: ReadonlySet<number> = new Set([0, 19]);

const MENTION = /<@[!&]?(\d+)>/g;

export function isWrittenByPerson(message: Message, self: string): boolean {
  return WRITTEN_TYPES.has(message.type) && !message.author.bot && !message.webhook_id && message.author.id !== self;
}

/** `mine` are the ids that mean Heed: the bot's own, and its role's. Where Discord names none, the words tell. */
export function mentions({ mentions, mention_roles, content }: Message, mine: readonly string[]): boolean {
  if (!mentions && !mention_roles) return mentionsAny(content, MENTION, mine);
  return [...(mentions ?? []).map(({ id }) => id), ...(mention_roles ?? [])].some((id) => mine.includes(id));
}

/** What was written, or a stop or a switch. What is quoted or forwarded is context, and never read as a command. */
export function receiveMessage(
  message: Message,
  commands: readonly Command[],
  mine: readonly string[],
): (Received & { kind: Asked["kind"] }) | Exclude<Typed, Asked> {
  const { attachments, referenced_message: answered, forwarded } = message;
  const written = withoutMentions(message.content, MENTION, mine);
  const typed = readTyped(written, commands, { hasFiles: attachments.length > 0 });
  if (typed.kind === "stop" || typed.kind === "follow-ups") return typed;
  const pointedAt = [...contextOf({ content: "", forwarded }), ...contextOf(answered)];
  // A bare mention in answer to a message asks about that message, and a forward without a word about what it forwards.
  const isBare = typed.kind === "question" && !typed.text && (forwarded || attachments.length === 0);
  const [about] = isBare ? pointedAt : [];
  const { kind, command, isPrivate, text } = typed;
  const files = [...attachments, ...(answered?.attachments ?? [])];
  return {
    kind,
    command,
    input: about ? { options: { question: about.text } } : { text },
    attachments: files.map((file) =>
      attachmentOf(file, { channel: message.channel_id, id: holderOf(file.id, message) }),
    ),
    context: pointedAt.filter((one) => one !== about),
    isPrivate,
  };
}

function holderOf(file: string, { id, referenced_message: quoted }: Message): string {
  return quoted?.attachments.some((attachment) => attachment.id === file) ? quoted.id : id;
}
