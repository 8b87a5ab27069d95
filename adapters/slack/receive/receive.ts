// Reads what a person wrote in Slack as a command, its words and its files; pure.

import { createHash } from "node:crypto";
import type { Command } from "../../../src/core/command.ts";
import type { Attachment } from "../../../src/core/invocation.ts";
import { mentionsAny, withoutMentions } from "../../kit/mentions.ts";
import { readTyped, readWordsOf, UMBRELLA, type Typed } from "../../kit/read-typed.ts";
import type { SlackMessage, SlackFile } from "./payloads.ts";

const MOST_FILES = 20;
const ENTITIES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

/** "/ask ..." names its command; "/heed ..." is read like a mention. */
export function readSlash(command: string, text: string, commands: readonly Command[]): Typed {
  const name = command.replace(/^\//, "");
  const words = decode(text);
  return name.toLowerCase() === UMBRELLA
    ? readTyped(words.trim() ? words : "/", commands)
    : readWordsOf(name, words, commands);
}

const MENTION = /<@([^<>|]{1,64})(?:\|[^<>]{0,200})?>/g;

/** Without the mentions of Heed. `mine` are the ids that mean it: its user's, and its bot's, which some clients send. */
export function withoutMention(text: string, mine: readonly string[]): string {
  return withoutMentions(text, MENTION, mine);
}

export function mentions(text: string, mine: readonly string[]): boolean {
  return mentionsAny(text, MENTION, mine);
}

/** Whether a message calls somebody else, so that it is none of Heed's business. */
export function isForOthers(text: string): boolean {
  return /<@[A-Z0-9]+|<!(?:channel|here|everyone|subteam)/.test(text);
}

/** Slack's notation as a person reads it: links, people, channels, and the three escaped characters. */
export function decode(text: string): string {
  return text
    .replace(/<(https?:[^<|>]+|mailto:[^<|>]+)(?:\|([^<>]*))?>/g, (_, url: string, label?: string) =>
      label && !url.includes(label) ? `${label} (${url})` : url,
    )
    .replace(
      /<([@#!])([^<|>]+)(?:\|([^<>]*))?>/g,
      (_, mark: string, id: string, label?: string) =>
        `${mark === "!" ? "@" : mark}${label?.replace(/^[@#]/, "") || id}`,
    )
    .replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}

/** Every file of a message, also those that Slack no longer holds: each is accounted for. */
export function attachmentsOf(
  files: SlackMessage["files"],
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
  return jobId(team, createHash("sha256").update(JSON.stringify(request)).digest("hex").slice(0, 32));
}

/** Slack's clock and this machine's may differ by so much. */
const CLOCKS_APART_MS = 60_000;

/** As Slack stamps a message that can be no newer than what comes after this moment, in milliseconds since 1970. */
export function stampBefore(at: number): string {
  return ((at - CLOCKS_APART_MS) / 1000).toFixed(6);
}

/** A job's id from what identifies a request at Slack. No ":" may be in it, and it must fit a menu's value. */
export function jobId(...parts: readonly string[]): string {
  return `slack-${parts.join("-").replace(/[^\w.-]+/g, "_")}`.slice(0, 120);
}
