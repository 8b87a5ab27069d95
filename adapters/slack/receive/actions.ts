// Handles buttons: stop the answer, show a quote, or do the next thing that the answer offers.

import { isForAskerAlone } from "../../../src/core/audience.ts";
import { type Language, type Phrase, languageOfLocale } from "../../../src/core/language.ts";
import type { FinishedJob } from "../../../src/core/queue.ts";
import type { Action } from "../../../src/core/reply.ts";
import { recall } from "../../kit/recall.ts";
import { readPress, type Press } from "../render/blocks.ts";
import type { ListenerContext, WorkspaceClient } from "./context.ts";
import type { Pressed } from "./payloads.ts";
import { NOT_YOURS, TOO_OLD } from "../../kit/phrases.ts";
import { verifyStopPermit } from "../../kit/stop-permit.ts";
import { quoteOf } from "../messages.ts";
import { askerIn, Destination, Receipt } from "../destination.ts";
import { jobId, idOfRequest, stampBefore } from "./receive.ts";
import { renderQuote, type Page } from "../render/render.ts";
import { enqueueWithAck, type Acknowledge } from "./slash.ts";
import { sendEphemeral } from "../send/ephemeral.ts";

export async function receivePress(
  pressed: Pressed,
  client: WorkspaceClient,
  listener: ListenerContext,
  acknowledge: Acknowledge,
): Promise<void> {
  const [action] = pressed.actions;
  const press = readPress(action?.value ?? action?.selected_option?.value ?? "");
  if (!press) return acknowledge();
  if (press.kind === "stop") {
    await acknowledge();
    return stop(press, pressed, client, listener);
  }
  const finished = await recall(press.id, listener);
  const isHere = finished !== undefined && mayPress(finished, pressed, client);
  if (finished && isHere && press.kind === "quote") {
    await acknowledge();
    return showQuote(press, finished, pressed, client, listener);
  }
  const next = isHere ? finished?.post.actions[Number(press.argument)] : undefined;
  if (finished && next) return act(next, finished, pressed, client, listener, acknowledge);
  await acknowledge();
  await tell(TOO_OLD, pressed, client, listener);
}

/** What a button carries proves nothing: it opens an answer of this channel, and a private one to its asker alone. */
function mayPress({ invocation }: FinishedJob, pressed: Pressed, { team }: WorkspaceClient): boolean {
  const asked = Destination.safeParse(invocation.address.data).data;
  if (!asked || invocation.address.workspace !== team) return false;
  return asked.user === pressed.user.id || (!asked.isPrivate && asked.channel === channelOf(pressed));
}

async function stop(
  { id, argument }: Press,
  pressed: Pressed,
  client: WorkspaceClient,
  listener: ListenerContext,
): Promise<void> {
  const user = await listener.people.find(pressed.user.id, client.team, client.call);
  const stoppable = { job: id, asker: askerIn(client.team, user.id), workspace: client.team };
  if (!verifyStopPermit(argument, stoppable, user.isAdmin, await listener.key()))
    return tell(NOT_YOURS, pressed, client, listener);
  await listener.dispatcher.stop(id);
}

async function showQuote(
  { argument }: Press,
  { post }: FinishedJob,
  pressed: Pressed,
  client: WorkspaceClient,
  listener: ListenerContext,
): Promise<void> {
  const source = post.sources[Number(argument)];
  if (!source) return tell(TOO_OLD, pressed, client, listener);
  const page = renderQuote(quoteOf(source.number, source.title)[post.language], source);
  await show(page, pressed, client, listener);
}

async function tell(
  phrase: Phrase,
  pressed: Pressed,
  client: WorkspaceClient,
  listener: ListenerContext,
): Promise<void> {
  const user = await listener.people.find(pressed.user.id, client.team, client.call);
  const language: Language = languageOfLocale(user.locale);
  await show({ text: phrase[language], blocks: [] }, pressed, client, listener);
}

/** To the presser alone, where the button stands. */
async function show(
  page: Page,
  pressed: Pressed,
  client: WorkspaceClient,
  { runtime }: ListenerContext,
): Promise<void> {
  const destination = Destination.parse({
    id: jobId(client.team, "aside"),
    team: client.team,
    user: pressed.user.id,
    channel: channelOf(pressed),
    thread: pressed.message?.thread_ts ?? pressed.container?.thread_ts ?? undefined,
  });
  const target = { call: client.call, runtime, notice: "", isPublic: false };
  await sendEphemeral([page], 0, destination, target, AbortSignal.timeout(20_000));
}

async function act(
  action: Action,
  finished: FinishedJob,
  pressed: Pressed,
  client: WorkspaceClient,
  listener: ListenerContext,
  acknowledge: Acknowledge,
): Promise<void> {
  const receivedAt = listener.runtime.now();
  const { invocation } = finished;
  const { command, options } = action;
  const user = await listener.people.find(
    pressed.user.id,
    client.team,
    client.call,
    pressed.user.username ?? undefined,
  );
  // Asked again, with another model: of the same files, in the same thread.
  const { attachments, context } = invocation.command === command ? invocation : { attachments: [], context: [] };
  const old = Receipt.safeParse(finished.receipt).data;
  const standing = action.shows === "in-place" && old && old.messages.length > 0 ? old : undefined;
  const isPrivate = isForAskerAlone(
    { command, input: { options }, user, attachments, context },
    listener.dispatcher.commands,
    {
      isPrivate: isShownAlone(action, standing, finished),
      // A failure in place is told to the presser alone as it is.
      beside: standing ? "nothing" : "refusals",
    },
  );
  const converses = listener.dispatcher.commands.some(({ name, converses }) => name === command && converses);
  const aim = { standing: isPrivate ? undefined : standing, isPrivate, converses };
  const destination = { ...placeOf(action, finished, pressed, client, aim), since: stampBefore(receivedAt) };
  await enqueueWithAck(
    { typed: { command, options }, user, destination, receivedAt, attachments, context },
    listener,
    acknowledge,
  );
}

function isShownAlone({ shows }: Action, standing: Receipt | undefined, { invocation }: FinishedJob): boolean {
  return (
    shows === "to-presser" ||
    (shows === "in-place" && !standing) ||
    Destination.parse(invocation.address.data).isPrivate
  );
}

interface Aim {
  /** What the answer takes the place of. */
  standing: Receipt | undefined;
  isPrivate: boolean;
  /** Whether later questions may follow up what is answered. */
  converses: boolean;
}

function placeOf(
  { shows }: Action,
  { invocation }: FinishedJob,
  pressed: Pressed,
  client: WorkspaceClient,
  { standing, isPrivate, converses }: Aim,
): Destination {
  const asked = Destination.parse(invocation.address.data);
  const { user, message, container, response_url } = pressed;
  const channel = channelOf(pressed) || asked.channel;
  return {
    id: idOfRequest(client.team, pressed),
    team: client.team,
    enterprise: client.enterprise,
    user: user.id,
    channel,
    thread: standing
      ? asked.thread
      : (asked.thread ?? message?.thread_ts ?? message?.ts ?? container?.message_ts ?? undefined),
    memory: invocation.address.thread,
    beginsThread: asked.beginsThread,
    asked: standing ? asked.asked : undefined,
    isPrivate,
    // An answer that could not be shown where it was asked stands before its asker alone.
    privacy: channel !== asked.channel || (isPrivate && converses) ? "private" : invocation.address.privacy,
    isDirect: asked.isDirect,
    responseUrl: response_url ?? undefined,
    // Only what the presser alone sees may give way: the URL would replace an answer for its whole channel.
    replacesResponse: shows === "in-place" && !standing && container?.is_ephemeral === true,
    ...(standing && { replaces: { ...standing, ephemeralSent: 0, isStreaming: false } }),
  };
}

function channelOf({ channel, container }: Pressed): string {
  return channel?.id ?? container?.channel_id ?? "";
}
