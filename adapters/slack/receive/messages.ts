// Handles messages: mentions, direct messages, follow-ups, edited and deleted questions.

import { explain } from "../../../src/core/errors.ts";
import { languageOf, languageOfLocale, type Phrase } from "../../../src/core/language.ts";
import { truncate } from "../../../src/core/text.ts";
import { SlackRefusal, SlackSilence, type CallSlack } from "../api.ts";
import { enqueueAndAck, type ListenerContext, type WorkspaceClient, type PendingInvocation } from "./context.ts";
import { SlackMessage, type MessageEvent } from "./payloads.ts";
import { FOLLOWS, FOLLOWS_ALWAYS, FOLLOWS_NOT, NOTHING_TO_STOP } from "../../kit/phrases.ts";
import { readTyped, type Asked } from "../../kit/read-typed.ts";
import { type Destination, type Threads, privacyOf, type ChannelRef, type Thread } from "../destination.ts";
import { decode, jobId, isForOthers, mentions, withoutMention, attachmentsOf } from "./receive.ts";
import { MentionDeduplicator } from "./deduplicate.ts";
import { isForAskerAlone } from "../../../src/core/audience.ts";
import type { Invocation } from "../../../src/core/invocation.ts";
import { remarksOn } from "../../kit/remarks.ts";
import { z } from "zod";
import type { Runtime } from "../../../src/core/runtime.ts";

const WRITTEN = new Set([undefined, null, "file_share", "thread_broadcast"]);
/** What Slack leaves of a deleted message that has replies; a deletion then comes as an edit. */
const TOMBSTONE = "tombstone";

export class Conversation {
  readonly #listener: ListenerContext;
  readonly #threads: Threads;
  readonly #mentions: MentionDeduplicator;

  constructor(listener: ListenerContext) {
    this.#listener = listener;
    this.#threads = listener.threads;
    this.#mentions = new MentionDeduplicator(listener.records, listener.runtime);
  }

  async receive(event: MessageEvent, client: WorkspaceClient): Promise<void> {
    if (event.message?.subtype === TOMBSTONE) return this.#deleted(event, event.message.ts, client);
    if (event.subtype === "message_changed") return this.#edited(event, client);
    if (event.subtype === "message_deleted") return this.#deleted(event, event.deleted_ts, client);
    if (!WRITTEN.has(event.subtype)) return;
    const message = SlackMessage.parse(event);
    const key = `${client.team}/${event.channel}/${message.ts}`;
    if (event.type === "message") await this.#mentions.noteMessage(client.team, key);
    else if (await this.#mentions.comes(client.team, key)) return;
    await this.#orTell(message, event, client, async () => {
      const incoming = await this.#incomingOf(message, event, client);
      if (incoming) await this.#answer(incoming, client);
    });
  }

  /** Who called Heed hears at once that it cannot listen; what may not be meant for it, Slack sends again. */
  async #orTell(
    message: SlackMessage,
    event: MessageEvent,
    client: WorkspaceClient,
    run: () => Promise<void>,
  ): Promise<void> {
    try {
      await run();
    } catch (error) {
      const { user, text } = message;
      const isDirect = isDirectMessage(event);
      if (!user || !(isDirect || isCallTo(client, text, event))) throw error;
      this.#listener.runtime.log.error("slack could not take a message", { ts: message.ts, error });
      const { channel } = event;
      const thread = message.thread_ts ?? message.ts;
      await this.#tell(explain(error), { channel, user, thread, isDirect }, text, client);
    }
  }

  /** Slack's own stop button under a stream. */
  async stopStreams(channel: string, messages: readonly string[], { team }: WorkspaceClient): Promise<void> {
    for (const ts of messages) {
      const id = await this.#threads.streamOf({ team, channel }, ts);
      if (id) await this.#listener.dispatcher.stop(id);
    }
  }

  /** Undefined where a message is not for Heed. */
  async #incomingOf(
    message: SlackMessage,
    event: MessageEvent,
    client: WorkspaceClient,
  ): Promise<IncomingMessage | undefined> {
    const { user, text, thread_ts } = message;
    if (!user || message.bot_id || user === client.botUser) return undefined;
    const receivedAt = this.#listener.runtime.now();
    const channelRef = { team: client.team, channel: event.channel };
    const isDirect = isDirectMessage(event);
    const isCalled = isCallTo(client, text, event);
    const thread = thread_ts ? await this.#threads.find(channelRef, thread_ts) : undefined;
    const incoming = { message, user, channelRef, isDirect, kind: event.channel_type, isCalled, thread, receivedAt };
    if (isCalled || isDirect) return incoming;
    const continues =
      thread && !isForOthers(text) && !(await this.#listener.followUps.areOff(channelRef.team, channelRef.channel));
    return continues ? incoming : undefined;
  }

  async #answer(incoming: IncomingMessage, client: WorkspaceClient): Promise<void> {
    const { message, channelRef, thread } = incoming;
    const hasFiles = (message.files ?? []).length > 0;
    const words = decode(withoutMention(message.text, client.mine));
    const typed = readTyped(words, this.#listener.dispatcher.commands, { hasFiles });
    if (typed.kind === "stop") return this.#stop(incoming, client);
    if (typed.kind === "follow-ups") return this.#switch(incoming, typed.isOn, client);
    const question = await questionOf(typed, incoming, client, this.#listener);
    const { id, thread: root = message.ts, isPrivate } = question.destination;
    await this.#threads.own(channelRef, message.ts, id);
    // Nobody can follow up on what nobody else has seen.
    const joined = { memory: thread?.memory ?? root, asker: incoming.user };
    if (thread || !isPrivate) await this.#threads.join(channelRef, root, joined);
    await enqueueAndAck(question, this.#listener, {
      taken: async () => {},
      slow: async () => {},
      refused: (phrase) => this.#tell(phrase, question.destination, message.text, client),
    });
  }

  /** As the button does it: for the asker, or an admin. */
  async #stop(
    { thread, user, message, channelRef, isDirect, isCalled }: IncomingMessage,
    client: WorkspaceClient,
  ): Promise<void> {
    const { team: workspace, channel } = channelRef;
    const memory = thread?.memory ?? message.thread_ts ?? undefined;
    const person = await this.#listener.people.find(user, client.team, client.call);
    const refusal = await this.#listener.dispatcher.stopLatest({ workspace, channel, thread: memory }, person);
    const destination = { channel, user, thread: message.thread_ts ?? message.ts, isDirect };
    // Where nothing runs, and nobody called Heed, the word was meant for somebody else.
    if (refusal && (refusal !== NOTHING_TO_STOP || isCalled || isDirect))
      await this.#tell(refusal, destination, message.text, client);
  }

  async #edited(
    { channel, channel_type, message, previous_message }: MessageEvent,
    client: WorkspaceClient,
  ): Promise<void> {
    if (!message || message.bot_id || message.text === previous_message?.text) return;
    const channelRef = { team: client.team, channel };
    const asked = await this.#threads.asked(channelRef, message.ts);
    const event: MessageEvent = { type: "message", channel, channel_type, ts: message.ts };
    const incoming = await this.#incomingOf(message, event, client);
    // An edit may call Heed into being; it never makes a question of what was none and calls nobody.
    if (!incoming || (!asked && !incoming.isCalled)) return;
    const version = `v${message.edited?.ts ?? this.#listener.runtime.now()}`;
    if (asked && asked.owner !== jobId(client.team, channel, message.ts, version))
      await this.#listener.dispatcher.stop(asked.owner);
    await this.#answer({ ...incoming, ...(asked && { version }) }, client);
  }

  async #deleted({ channel }: MessageEvent, ts: string | null | undefined, { team }: WorkspaceClient): Promise<void> {
    const asked = ts ? await this.#threads.asked({ team, channel }, ts) : undefined;
    if (asked) await this.#listener.dispatcher.stop(asked.owner);
  }

  async #switch(
    { message, channelRef, user, isDirect }: IncomingMessage,
    isOn: boolean,
    client: WorkspaceClient,
  ): Promise<void> {
    if (!isDirect) await this.#listener.followUps.set(channelRef.team, channelRef.channel, isOn);
    const { locale } = await this.#listener.people.find(user, client.team, client.call);
    const text = (isDirect ? FOLLOWS_ALWAYS : isOn ? FOLLOWS : FOLLOWS_NOT)[languageOfLocale(locale)];
    await client.call("chat.postMessage", {
      channel: channelRef.channel,
      thread_ts: message.thread_ts ?? message.ts,
      text,
    });
  }

  /** To the asker alone. Where even that fails, the event stays unacknowledged and Slack sends it again. */
  async #tell(
    phrase: Phrase,
    { channel, user, thread, isDirect }: Pick<Destination, "channel" | "user" | "thread" | "isDirect">,
    asked: string,
    { call, team }: WorkspaceClient,
  ): Promise<void> {
    const language = languageOf(asked) ?? languageOfLocale((await this.#listener.people.find(user, team, call)).locale);
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

function isCallTo({ mine }: Pick<WorkspaceClient, "mine">, text: string, { type }: MessageEvent): boolean {
  return type === "app_mention" || mentions(text, mine);
}

/** A message that is for Heed, and how it came to be. */
export interface IncomingMessage {
  message: SlackMessage;
  user: string;
  channelRef: ChannelRef;
  isDirect: boolean;
  /** The kind of channel, where Slack says it. */
  kind: string | null | undefined;
  isCalled: boolean;
  thread: Thread | undefined;
  receivedAt: number;
  /** Sets one version of an edited message apart from the others. */
  version?: string;
}

/** The question that a heard message asks, with what stands around it. */
export async function questionOf(
  typed: Asked,
  incoming: IncomingMessage,
  client: WorkspaceClient,
  listener: ListenerContext,
): Promise<PendingInvocation> {
  const { message, channelRef, isDirect, thread, version = "" } = incoming;
  const { ts, thread_ts, files } = message;
  const root = thread_ts ?? ts;
  const [user, context] = await Promise.all([
    listener.people.find(incoming.user, client.team, client.call),
    contextOf(incoming, client, listener),
  ]);
  const attachments = attachmentsOf(files, client);
  const isAskedAlone = typed.isPrivate && !isDirect;
  const asked = { command: typed.command, input: { text: typed.text }, attachments, context, user };
  const wayIn = { isPrivate: isAskedAlone, beside: "nothing" } as const;
  const id = jobId(client.team, channelRef.channel, ts, ...(version ? [version] : []));
  // A direct message is one talk with one person, whatever threads their client makes of it.
  const memory = thread?.memory ?? (isDirect && !thread_ts ? undefined : root);
  const destination = {
    id,
    team: client.team,
    enterprise: client.enterprise,
    user: incoming.user,
    userTeam: message.user_team ?? message.team ?? undefined,
    channel: channelRef.channel,
    thread: root,
    since: ts,
    question: ts,
    memory,
    beginsThread: root === ts,
    // In their direct messages the asker is alone with Heed as it is.
    isPrivate: !isDirect && isForAskerAlone(asked, listener.dispatcher.commands, wayIn),
    privacy: isAskedAlone ? ("private" as const) : privacyOf(channelRef.channel, incoming.kind),
    isDirect,
    replacesResponse: false,
  };
  const remarks = remarksOn(typed, isDirect);
  return { typed, user, destination, attachments, context, remarks, receivedAt: incoming.receivedAt };
}

/** A mention in the middle of other people's thread is about what they said. */
async function contextOf(
  { message, channelRef, isDirect, thread }: IncomingMessage,
  client: WorkspaceClient,
  listener: ListenerContext,
): Promise<Invocation["context"]> {
  const { ts, thread_ts } = message;
  if (!thread_ts || thread_ts === ts || thread || isDirect) return [];
  return readThread({ channel: channelRef.channel, thread: thread_ts, before: ts }, client, listener);
}

/** Slack gives a thread's oldest messages first, in pages; apps outside its marketplace get one page of 15. */
const PAGE = 200;
const MOST_PAGES = 5;
const MOST_BEFORE = 40;
const LONGEST = 2000;
const MOST_NAMES = 10;
/** A question does not wait longer for what stands around it. */
const PATIENCE_MS = 1200;

const Replies = z.looseObject({
  messages: z.array(SlackMessage).default([]),
  response_metadata: z.looseObject({ next_cursor: z.string().nullish() }).nullish(),
});

interface Around {
  channel: string;
  thread: string;
  /** The message that asks: what stands before it is read. */
  before: string;
}

/** The newest of them, oldest first. Empty where Slack does not tell in time: the question is answered all the same. */
export async function readThread(
  around: Around,
  { call, team, botUser }: WorkspaceClient,
  { people, runtime }: Pick<ListenerContext, "people" | "runtime">,
): Promise<Invocation["context"]> {
  const said = (await fetchReplies(around, call, runtime))
    .filter(({ ts, text }) => Number(ts) < Number(around.before) && text.trim())
    .toSorted((a, b) => Number(a.ts) - Number(b.ts))
    .slice(-MOST_BEFORE);
  const users = [...new Set(said.map(({ user }) => user).filter((user) => user !== null && user !== undefined))];
  const known = await Promise.all(users.slice(0, MOST_NAMES).map((user) => people.find(user, team, call)));
  const names = new Map([...known.map(({ id, name }) => [id, name] as const), [botUser, "Heed"]]);
  return said.map(({ user, text }) => ({
    author: names.get(user ?? "") ?? user ?? "app",
    text: truncate(decode(text), LONGEST),
  }));
}

/** As many pages as come in time. */
async function fetchReplies(
  { channel, thread, before }: Around,
  call: CallSlack,
  { log }: Pick<Runtime, "log">,
): Promise<SlackMessage[]> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const all: SlackMessage[] = [];
  try {
    for (let page = 1, cursor: string | undefined; page <= MOST_PAGES; page++) {
      const args = { channel, ts: thread, latest: before, limit: PAGE, cursor };
      const { messages, response_metadata } = Replies.parse(await call("conversations.replies", args, patience));
      all.push(...messages);
      cursor = response_metadata?.next_cursor || undefined;
      if (!cursor) break;
    }
  } catch (error) {
    log.warn("slack does not show a whole thread", { messages: all.length, error });
  }
  return all;
}
