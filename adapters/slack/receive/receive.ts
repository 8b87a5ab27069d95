// What a person wrote in Slack, as a command, its words, its files: pure, from payload to the parts of an invocation.

import { createHash } from "node:crypto";
import { argumentsOf, holdsOption } from "../../../src/core/arguments.ts";
import type { Command } from "../../../src/core/command.ts";
import type { Attachment } from "../../../src/core/invocation.ts";
import type { Message, SlackFile } from "./payloads.ts";

/** A command and the words after it; whether only the asker shall see the answer. */
export interface Typed {
  command: string;
  text: string;
  isPrivate: boolean;
}

const DEFAULT_COMMAND = "ask";
/** The slash command that takes any other as its first word. */
export const UMBRELLA = "heed";
const PRIVATE = /^--private(?=\s|$)|(?<=^|\s)--private$/;
const MOST_FILES = 20;
const ENTITIES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

/** "/ask ..." names its command; "/heed ..." is read like a mention. */
export function readSlash(command: string, text: string, commands: readonly Command[]): Typed {
  const name = command.replace(/^\//, "").toLowerCase();
  if (name === UMBRELLA) return readWords(text, commands, "help");
  return { command: name, ...readPrivate(decode(text)) };
}

/** Words after a mention, or in a direct message: a command where they begin with one, else a question. */
export function readWords(text: string, commands: readonly Command[], whenEmpty = DEFAULT_COMMAND): Typed {
  const { text: words, isPrivate } = readPrivate(decode(text));
  if (!words) return { command: whenEmpty, text: "", isPrivate };
  const [, slash = "", name = "", rest = ""] = /^(\/?)([\p{L}][\p{L}\p{N}_-]*)(?:\s+([\s\S]*))?$/u.exec(words) ?? [];
  const command = commands.find((command) => command.name === name.toLowerCase());
  if (slash) return { command: name.toLowerCase(), text: rest, isPrivate };
  if (command && fits(command, rest)) return { command: command.name, text: rest, isPrivate };
  return { command: DEFAULT_COMMAND, text: words, isPrivate };
}

/** Whether words can be meant for a command: "help me with this" and "models differ how?" are questions. */
function fits(command: Command, rest: string): boolean {
  if (!rest || rest.startsWith("--") || holdsOption(command, rest)) return true;
  const known = argumentsOf(command);
  const [word = ""] = rest.split(/\s+/);
  const required = known.find(({ isRequired, isProse }) => isRequired && !isProse);
  if (required) return required.choices.length === 0 || required.choices.includes(word.toLowerCase());
  const prose = known.find(({ isProse }) => isProse);
  return prose?.isRequired ?? word === rest;
}

function readPrivate(text: string): { text: string; isPrivate: boolean } {
  const trimmed = text.trim();
  return { text: trimmed.replace(PRIVATE, "").trim(), isPrivate: PRIVATE.test(trimmed) };
}

/** Someone's mention, with what sets it off at the beginning; white space is looked at once, from where it begins. */
const MENTION = /^\s*<@([^<>|]{1,64})(?:\|[^<>]*)?>[\s:,，：、]*|(?:(?<!\s)\s+)?<@([^<>|]{1,64})(?:\|[^<>]*)?>/g;

/** Without the mention of Heed that calls it. */
export function withoutMention(text: string, botUser: string): string {
  return text
    .replace(MENTION, (whole, first?: string, later?: string) => ((first ?? later) === botUser ? " " : whole))
    .trim();
}

export function mentions(text: string, user: string): boolean {
  return text.includes(`<@${user}>`) || text.includes(`<@${user}|`);
}

/** Whether a message calls somebody else, so that it is none of Heed's business. */
export function isForOthers(text: string): boolean {
  return /<@[A-Z0-9]+|<!(?:channel|here|everyone|subteam)/.test(text);
}

/** Slack's notation as a person reads it: links, people, channels, and the three escaped characters. */
export function decode(text: string): string {
  return text
    .replace(/<(https?:[^|>]+|mailto:[^|>]+)(?:\|([^>]*))?>/g, (_, url: string, label?: string) =>
      label && !url.includes(label) ? `${label} (${url})` : url,
    )
    .replace(
      /<([@#!])([^|>]+)(?:\|([^>]*))?>/g,
      (_, mark: string, id: string, label?: string) =>
        `${mark === "!" ? "@" : mark}${label?.replace(/^[@#]/, "") || id}`,
    )
    .replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}

/** Every file of a message, also those that Slack no longer holds: each is accounted for. */
export function attachmentsOf(
  files: Message["files"],
  place: { team: string; enterprise?: string | undefined },
): Attachment[] {
  return (files ?? []).slice(0, MOST_FILES).map((file) => attachmentOf(file, place));
}

function attachmentOf(
  file: SlackFile,
  { team, enterprise }: { team: string; enterprise?: string | undefined },
): Attachment {
  const { id, name, title, mimetype, size, mode, file_access, url_private_download, url_private } = file;
  return {
    name: name || title || id,
    ...(mimetype && { mediaType: mimetype }),
    ...(size && { bytes: size }),
    data: {
      id,
      team,
      enterprise: enterprise ?? null,
      url: url_private_download || url_private || null,
      mode: mode ?? null,
      isPartial: file_access === "check_file_info",
    },
  };
}

/** A job's id for a request other than a message: the same when Slack sends it again, another for every other one. */
export function idOfRequest(team: string, request: object): string {
  return idOf(team, createHash("sha256").update(JSON.stringify(request)).digest("hex").slice(0, 32));
}

/** Slack's clock and this machine's may differ by so much. */
const CLOCKS_APART_MS = 60_000;

/** As Slack stamps a message that can be no newer than what comes after this moment, in milliseconds since 1970. */
export function stampBefore(at: number): string {
  return ((at - CLOCKS_APART_MS) / 1000).toFixed(6);
}

/** A job's id from what identifies a request at Slack. No ":" may be in it, and it must fit a menu's value. */
export function idOf(...parts: readonly string[]): string {
  return `slack-${parts.join("-").replace(/[^\w.-]+/g, "_")}`.slice(0, 120);
}
