// Puts what was asked into the queue, then tells Discord that it was taken.

import { isForAskerAlone, type WayIn } from "../../../src/core/audience.ts";
import type { Invocation } from "../../../src/core/invocation.ts";
import type { Privacy } from "../../../src/core/privacy.ts";
import type { Records } from "../../../src/core/records.ts";
import type { Runtime, Json } from "../../../src/core/runtime.ts";
import { accept } from "../../kit/accept.ts";
import type { FollowUps } from "../../kit/follow-ups.ts";
import type { StoppingDispatcher } from "../../kit/stop.ts";
import { type Interaction, EPHEMERAL, localeOf, type Call } from "../payloads.ts";
import type { Send } from "../rest.ts";
import { addressOf, jobIdOf, contextOf, type Asked, type DestinationOptions, type ChannelContext } from "../context.ts";
import type { DiscordSettings } from "../settings.ts";
import { type Phrase, languageOfLocale } from "../../../src/core/language.ts";
import { isRefused, Refusal } from "../failures.ts";
import { PING_NOBODY } from "../send/request.ts";

/** What the listening side works with. */
export interface ListenerContext {
  dispatcher: StoppingDispatcher;
  followUps: FollowUps;
  send: Send;
  runtime: Runtime;
  records: Records;
  settings: DiscordSettings;
  /** Whether a channel of a guild is for those who were let in. */
  isClosed: (guild: string, channel: string) => boolean;
}

/** Discord waits three seconds for the first word. */
export const QUEUE_MAY_TAKE_MS = 2000;

/** How it was asked, and where the answer may go. */
export interface ReplyMode extends Pick<DestinationOptions, "inPlace">, WayIn {
  /** Who could read what was asked; the channel context tells where it was asked there. */
  privacy?: Privacy | undefined;
  /** The workspace of the answer that this follows from: in direct messages it may be a guild's. */
  workspace?: string | undefined;
}

/** Queues it, then defers; tells the asker alone when the queue is down. A slow queue is waited for behind a defer. */
export async function submit(
  interaction: Interaction,
  asked: Asked,
  mode: ReplyMode,
  listener: ListenerContext,
): Promise<void> {
  const respond = respondTo(interaction, listener);
  const channelContext = contextIn(mode.workspace, contextOf(interaction, listener.settings.adminRoles));
  const isPrivate = isForAskerAlone({ ...asked, user: channelContext.user }, listener.dispatcher.commands, mode);
  // What others see is no place for what one person alone may.
  const inPlace = isPrivate && !mode.isPrivate ? undefined : mode.inPlace;
  const destinationOptions = {
    isPrivate,
    ...(inPlace && { inPlace }),
    privacy: mode.privacy ?? privacyIn(channelContext, listener),
  };
  const invocation = invocationOf(interaction, asked, channelContext, destinationOptions, listener);
  const defer = () => (inPlace ? respond.deferUpdate() : respond.defer(isPrivate));
  await accept(invocation, QUEUE_MAY_TAKE_MS, listener, {
    taken: async (isSlow) => {
      if (!isSlow) await defer();
    },
    slow: defer,
    refused: (phrase, isSlow) => (isSlow ? respond.correct(phrase) : respond.tell(phrase)),
  });
}

/** An answer of a guild that went on in direct messages still belongs to that guild, where nobody is its admin by being alone. */
function contextIn(workspace: string | undefined, channelContext: ChannelContext): ChannelContext {
  if (workspace === undefined || workspace === channelContext.workspace) return channelContext;
  return { ...channelContext, workspace, user: { ...channelContext.user, isAdmin: false } };
}

function privacyIn({ privacy, workspace, channel }: ChannelContext, { isClosed }: ListenerContext): Privacy {
  return privacy === "public" && isClosed(workspace, channel) ? "closed" : privacy;
}

function invocationOf(
  interaction: Interaction,
  asked: Asked,
  channelContext: ChannelContext,
  shown: Pick<DestinationOptions, "isPrivate" | "inPlace" | "privacy">,
  { dispatcher, runtime }: ListenerContext,
): Invocation {
  const id = jobIdOf(interaction.id);
  const now = runtime.now();
  const destinationOptions: DestinationOptions = {
    ...shown,
    job: id,
    application: interaction.application_id,
    interaction: { token: interaction.token, at: now },
    fileLimit: interaction.attachment_size_limit,
  };
  const address = addressOf(channelContext, destinationOptions, asked, dispatcher.commands);
  return { ...asked, id, user: channelContext.user, address, receivedAt: now };
}

/** Kinds of first word; https://discord.com/developers/docs/interactions/receiving-and-responding */
const Callback = { message: 4, deferMessage: 5, deferUpdate: 6, choices: 8, modal: 9 } as const;

export interface Responder {
  /** An answer will come as a new message. */
  defer(isPrivate: boolean): Promise<void>;
  /** An answer will come in place of the message with the button; or nothing needs to be said. */
  deferUpdate(): Promise<void>;
  /** A sentence for this person alone. */
  tell(phrase: Phrase): Promise<void>;
  /** Texts for this person alone, in as many messages. */
  show(texts: readonly string[]): Promise<void>;
  /** In place of a deferred answer that will not come. */
  correct(phrase: Phrase): Promise<void>;
  choose(choices: readonly Json[]): Promise<void>;
  openModal(modal: Json): Promise<void>;
}

/** Nothing here throws: what cannot be said any more is logged, and the job goes on. */
export function respondTo(interaction: Call, { send, runtime }: { send: Send; runtime: Runtime }): Responder {
  const { id, token, application_id: application } = interaction;
  const language = languageOfLocale(localeOf(interaction));
  const webhook = `/webhooks/${application}/${token}` as const;
  const quietly = (what: Promise<unknown>) =>
    what.then(
      () => {},
      (error: unknown) => logFailure(error, id, runtime),
    );
  const call = (type: number, data?: Json) =>
    quietly(
      send({
        method: "POST",
        path: `/interactions/${id}/${token}/callback`,
        body: { type, ...(data !== undefined && { data }) },
        isByToken: true,
      }),
    );
  return {
    defer: (isPrivate) => call(Callback.deferMessage, isPrivate ? { flags: EPHEMERAL } : {}),
    deferUpdate: () => call(Callback.deferUpdate),
    tell: (phrase) => call(Callback.message, privately(phrase[language])),
    async show([first = "", ...rest]) {
      await call(Callback.message, privately(first));
      for (const text of rest)
        await quietly(send({ method: "POST", path: webhook, body: privately(text), isByToken: true }));
    },
    correct(phrase) {
      const body = { content: phrase[language], allowed_mentions: PING_NOBODY };
      return quietly(send({ method: "PATCH", path: `${webhook}/messages/@original`, body, isByToken: true }));
    },
    choose: (choices) => call(Callback.choices, { choices: [...choices] }),
    openModal: (modal) => call(Callback.modal, modal),
  };
}

function privately(content: string) {
  return { content, flags: EPHEMERAL, allowed_mentions: PING_NOBODY };
}

function logFailure(error: unknown, interaction: string, { log }: Runtime): void {
  // The gateway repeats events after a resume, and two listeners may hear the same one.
  if (isRefused(error, Refusal.alreadyAnswered)) return log.info("discord: heard twice", { interaction });
  if (isRefused(error, Refusal.unknownInteraction))
    return log.warn("discord: answered too late", { interaction, error });
  log.error("discord: no answer to an interaction", { interaction, error });
}
