// The first word back on an interaction, due within three seconds: taken, refused, a form, a list.

import type { Phrase } from "../../../src/core/language.ts";
import { languageOfLocale } from "../../../src/core/language.ts";
import type { Json, World } from "../../../src/core/world.ts";
import { isRefused, Refusal } from "../failures.ts";
import { EPHEMERAL, localeOf, type Call } from "../payloads.ts";
import { PING_NOBODY } from "../send/request.ts";
import type { Send } from "../rest.ts";

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
export function respondTo(interaction: Call, { send, world }: { send: Send; world: World }): Responder {
  const { id, token, application_id: application } = interaction;
  const language = languageOfLocale(localeOf(interaction));
  const webhook = `/webhooks/${application}/${token}` as const;
  const quietly = (what: Promise<unknown>) =>
    what.then(
      () => {},
      (error: unknown) => logFailure(error, id, world),
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

function logFailure(error: unknown, interaction: string, { log }: World): void {
  // The gateway repeats events after a resume, and two listeners may hear the same one.
  if (isRefused(error, Refusal.alreadyAnswered)) return log.info("discord: heard twice", { interaction });
  if (isRefused(error, Refusal.unknownInteraction))
    return log.warn("discord: answered too late", { interaction, error });
  log.error("discord: no answer to an interaction", { interaction, error });
}
