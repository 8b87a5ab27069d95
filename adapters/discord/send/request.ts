// Builds the requests that post, edit or delete one message of an answer.

import { createHash } from "node:crypto";
import type { Json } from "../../../src/core/runtime.ts";
import type { Destination, Part, Receipt } from "../destination.ts";
import type { DiscordFile } from "../render/files.ts";
import { EPHEMERAL } from "../payloads.ts";
import type { Rendered } from "../render/render.ts";
import type { Request } from "../rest.ts";

const SUPPRESS_EMBEDS = 4;
/** Discord's own limit for a nonce. */
const NONCE_LENGTH = 25;

/** Nobody is ever pinged, whatever a model or a document says. */
export const PING_NOBODY = { parse: [] };

export interface MessageDraft {
  rendered: Rendered;
  /** Its place among the parts. */
  index: number;
  isFinal: boolean;
  /** Whether it is tied to the message that asked. */
  isReply: boolean;
}

export function editRequest({ rendered, isFinal }: MessageDraft, part: Part, to: Destination): Request {
  const { files } = rendered;
  const body = {
    ...common(rendered),
    ...(isFinal && { attachments: describeFiles(files) }),
    // Discord keeps an ephemeral message's other flags to itself.
    ...(!to.isPrivate && { flags: SUPPRESS_EMBEDS }),
  };
  return { method: "PATCH", path: pathOf(part, to), body, files, isByToken: part.isByToken };
}

export function deleteRequest(part: Part, to: Destination): Request {
  return { method: "DELETE", path: pathOf(part, to), isByToken: part.isByToken };
}

/** Repeating a post as the bot returns the message that is there already: the nonce says that it is the same. */
export function postRequest({ rendered, index, isReply }: MessageDraft, receipt: Receipt, to: Destination): Request {
  const { files } = rendered;
  const { route, channel, generation } = receipt;
  const isByToken = route === "token";
  const flags = SUPPRESS_EMBEDS | (isByToken && to.isPrivate ? EPHEMERAL : 0);
  const answers = isReply && index === 0 && route === "channel" ? to.replyTo : undefined;
  const body = {
    ...common(rendered),
    flags,
    ...(files.length > 0 && { attachments: describeFiles(files) }),
    ...(!isByToken && { nonce: nonceOf(to.job, channel, index, generation), enforce_nonce: true }),
    ...(answers && { message_reference: { message_id: answers, channel_id: channel, fail_if_not_exists: false } }),
  };
  const query = { wait: "true" };
  if (isByToken) return { method: "POST", path: webhookOf(to), query, body, files, isByToken, isOnce: true };
  return { method: "POST", path: `/channels/${channel}/messages`, body, files };
}

/** A sentence that the presser of a button alone sees. */
export function asideRequest(content: string, to: Destination): Request {
  const body = { content, flags: EPHEMERAL, allowed_mentions: PING_NOBODY };
  return { method: "POST", path: webhookOf(to), query: { wait: "true" }, body, isByToken: true };
}

/** A sentence in place of what stands there, without anything to press. */
export function settleRequest(content: string, part: Part, to: Destination): Request {
  const body = { content, components: [], attachments: [], allowed_mentions: PING_NOBODY };
  return { method: "PATCH", path: pathOf(part, to), body, isByToken: part.isByToken };
}

/** Which message the deferred answer is. */
export function originalRequest(to: Destination): Request {
  return { method: "GET", path: `${webhookOf(to)}/messages/@original`, isByToken: true };
}

/** The same part of the same answer has the same nonce in every attempt, unless it was begun anew. */
export function nonceOf(job: string, channel: string, index: number, generation = 0): string {
  const anew = generation > 0 ? `/${generation}` : "";
  return createHash("sha256").update(`${job}/${channel}/${index}${anew}`).digest("base64url").slice(0, NONCE_LENGTH);
}

function common({ content, components }: Rendered): { [key: string]: Json } {
  return { content, allowed_mentions: PING_NOBODY, components };
}

function describeFiles(files: readonly DiscordFile[]): Json {
  return files.map(({ name, description }, id) => ({ id, filename: name, ...(description && { description }) }));
}

function pathOf({ isByToken, isOriginal, message, channel }: Part, to: Destination): Request["path"] {
  if (!isByToken) return `/channels/${channel}/messages/${message}`;
  return `${webhookOf(to)}/messages/${isOriginal ? "@original" : message}`;
}

function webhookOf({ application, interaction }: Destination): Request["path"] {
  return `/webhooks/${application}/${interaction?.token ?? ""}`;
}
