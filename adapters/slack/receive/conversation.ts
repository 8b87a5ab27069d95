// Messages: mentions, direct messages, follow-ups in Heed's threads, and questions that are edited or deleted.

import { explain } from "../../../src/core/errors.ts";
import { languageOf, languageOfLocale, type Phrase } from "../../../src/core/language.ts";
import { SlackRefusal, SlackSilence } from "../api.ts";
import { take, type Desk, type Office } from "./desk.ts";
import { questionOf, type Heard } from "./heard.ts";
import { Message, type MessageEvent } from "./payloads.ts";
import { FOLLOWS, FOLLOWS_ALWAYS, FOLLOWS_NOT, NOTHING_TO_STOP } from "../../kit/phrases.ts";
import { readTyped } from "../../kit/read-typed.ts";
import type { Place } from "../place.ts";
import { decode, idOf, isForOthers, mentions, withoutMention } from "./receive.ts";
import type { Threads } from "../threads.ts";
import { Twins } from "./twins.ts";

const WRITTEN = new Set([undefined, null, "file_share", "thread_broadcast"]);
/** What Slack leaves of a deleted message that has replies; a deletion then comes as an edit. */
const TOMBSTONE = "tombstone";

export class Conversation {
  readonly #desk: Desk;
  readonly #threads: Threads;
  readonly #twins: Twins;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#threads = desk.threads;
    this.#twins = new Twins(desk.records, desk.world);
  }

  async receive(event: MessageEvent, office: Office): Promise<void> {
    if (event.message?.subtype === TOMBSTONE) return this.#deleted(event, event.message.ts, office);
    if (event.subtype === "message_changed") return this.#edited(event, office);
    if (event.subtype === "message_deleted") return this.#deleted(event, event.deleted_ts, office);
    if (!WRITTEN.has(event.subtype)) return;
    const message = Message.parse(event);
    const key = `${office.team}/${event.channel}/${message.ts}`;
    if (event.type === "message") await this.#twins.heard(office.team, key);
    else if (await this.#twins.comes(office.team, key)) return;
    await this.#orTell(message, event, office, async () => {
      const heard = await this.#hear(message, event, office);
      if (heard) await this.#answer(heard, office);
    });
  }

  /** Who called Heed hears at once that it cannot listen; what may not be meant for it, Slack sends again. */
  async #orTell(message: Message, event: MessageEvent, office: Office, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      const { user, text } = message;
      const isDirect = isDirectMessage(event);
      if (!user || !(isDirect || isCallTo(office, text, event))) throw error;
      this.#desk.world.log.error("slack could not take a message", { ts: message.ts, error });
      const { channel } = event;
      const thread = message.thread_ts ?? message.ts;
      await this.#tell(explain(error), { channel, user, thread, isDirect }, text, office);
    }
  }

  /** Slack's own stop button under a stream. */
  async stopStreams(channel: string, messages: readonly string[], { team }: Office): Promise<void> {
    for (const ts of messages) {
      const id = await this.#threads.streamOf({ team, channel }, ts);
      if (id) await this.#desk.door.stop(id);
    }
  }

  /** Undefined where a message is not for Heed. */
  async #hear(message: Message, event: MessageEvent, office: Office): Promise<Heard | undefined> {
    const { user, text, thread_ts } = message;
    if (!user || message.bot_id || user === office.botUser) return undefined;
    const receivedAt = this.#desk.world.now();
    const spot = { team: office.team, channel: event.channel };
    const isDirect = isDirectMessage(event);
    const isCalled = isCallTo(office, text, event);
    const thread = thread_ts ? await this.#threads.find(spot, thread_ts) : undefined;
    const heard = { message, user, spot, isDirect, kind: event.channel_type, isCalled, thread, receivedAt };
    if (isCalled || isDirect) return heard;
    const continues = thread && !isForOthers(text) && !(await this.#desk.followUps.areOff(spot.team, spot.channel));
    return continues ? heard : undefined;
  }

  async #answer(heard: Heard, office: Office): Promise<void> {
    const { message, spot, thread } = heard;
    const hasFiles = (message.files ?? []).length > 0;
    const words = decode(withoutMention(message.text, office.mine));
    const typed = readTyped(words, this.#desk.door.commands, { hasFiles });
    if (typed.kind === "stop") return this.#stop(heard, office);
    if (typed.kind === "follow-ups") return this.#switch(heard, typed.isOn, office);
    const question = await questionOf(typed, heard, office, this.#desk);
    const { id, thread: root = message.ts, isPrivate } = question.place;
    await this.#threads.own(spot, message.ts, id);
    // Nobody can follow up on what nobody else has seen.
    const joined = { memory: thread?.memory ?? root, asker: heard.user };
    if (thread || !isPrivate) await this.#threads.join(spot, root, joined);
    await take(question, this.#desk, {
      taken: async () => {},
      slow: async () => {},
      refused: (phrase) => this.#tell(phrase, question.place, message.text, office),
    });
  }

  /** As the button does it: for the asker, or an admin. */
  async #stop({ thread, user, message, spot, isDirect, isCalled }: Heard, office: Office): Promise<void> {
    const { team: workspace, channel } = spot;
    const memory = thread?.memory ?? message.thread_ts ?? undefined;
    const person = await this.#desk.people.find(user, office.team, office.call);
    const refusal = await this.#desk.door.stopLatest({ workspace, channel, thread: memory }, person);
    const place = { channel, user, thread: message.thread_ts ?? message.ts, isDirect };
    // Where nothing runs, and nobody called Heed, the word was meant for somebody else.
    if (refusal && (refusal !== NOTHING_TO_STOP || isCalled || isDirect))
      await this.#tell(refusal, place, message.text, office);
  }

  async #edited({ channel, channel_type, message, previous_message }: MessageEvent, office: Office): Promise<void> {
    if (!message || message.bot_id || message.text === previous_message?.text) return;
    const spot = { team: office.team, channel };
    const asked = await this.#threads.asked(spot, message.ts);
    const event: MessageEvent = { type: "message", channel, channel_type, ts: message.ts };
    const heard = await this.#hear(message, event, office);
    // An edit may call Heed into being; it never makes a question of what was none and calls nobody.
    if (!heard || (!asked && !heard.isCalled)) return;
    const version = `v${message.edited?.ts ?? this.#desk.world.now()}`;
    if (asked && asked.owner !== idOf(office.team, channel, message.ts, version))
      await this.#desk.door.stop(asked.owner);
    await this.#answer({ ...heard, ...(asked && { version }) }, office);
  }

  async #deleted({ channel }: MessageEvent, ts: string | null | undefined, { team }: Office): Promise<void> {
    const asked = ts ? await this.#threads.asked({ team, channel }, ts) : undefined;
    if (asked) await this.#desk.door.stop(asked.owner);
  }

  async #switch({ message, spot, user, isDirect }: Heard, isOn: boolean, office: Office): Promise<void> {
    if (!isDirect) await this.#desk.followUps.set(spot.team, spot.channel, isOn);
    const { locale } = await this.#desk.people.find(user, office.team, office.call);
    const text = (isDirect ? FOLLOWS_ALWAYS : isOn ? FOLLOWS : FOLLOWS_NOT)[languageOfLocale(locale)];
    await office.call("chat.postMessage", { channel: spot.channel, thread_ts: message.thread_ts ?? message.ts, text });
  }

  /** To the asker alone. Where even that fails, the event stays unacknowledged and Slack sends it again. */
  async #tell(
    phrase: Phrase,
    { channel, user, thread, isDirect }: Pick<Place, "channel" | "user" | "thread" | "isDirect">,
    asked: string,
    { call, team }: Office,
  ): Promise<void> {
    const language = languageOf(asked) ?? languageOfLocale((await this.#desk.people.find(user, team, call)).locale);
    const text = phrase[language];
    if (isDirect) return void (await call("chat.postMessage", { channel, thread_ts: thread, text }));
    try {
      await call("chat.postEphemeral", { channel, user, thread_ts: thread, text });
    } catch (error) {
      if (!(error instanceof SlackRefusal || error instanceof SlackSilence)) throw error;
      await call("chat.postMessage", { channel: user, text });
    }
  }
}

function isDirectMessage({ channel, channel_type }: MessageEvent): boolean {
  return channel_type === "im" || channel.startsWith("D");
}

function isCallTo({ mine }: Pick<Office, "mine">, text: string, { type }: MessageEvent): boolean {
  return type === "app_mention" || mentions(text, mine);
}
