// Buttons: stop the answer, show a quote to the one who asks for it, or do the next thing that the answer offers.

import { isForAskerAlone } from "../../../src/core/audience.ts";
import type { Language, Phrase } from "../../../src/core/language.ts";
import { languageOfLocale } from "../../../src/core/language.ts";
import type { Finished } from "../../../src/core/queue.ts";
import type { Action } from "../../../src/core/reply.ts";
import { recall } from "../../kit/recall.ts";
import { readPress, type Press } from "../render/blocks.ts";
import type { Desk, Office } from "./desk.ts";
import type { Pressed } from "./payloads.ts";
import { NOT_YOURS, TOO_OLD } from "../../kit/phrases.ts";
import { verifyStopPermit } from "../../kit/stop-permit.ts";
import { quoteOf } from "../phrases.ts";
import { askerIn, Place, Receipt } from "../place.ts";
import { idOf, idOfRequest, stampBefore } from "./receive.ts";
import { renderQuote, type Page } from "../render/render.ts";
import { takeAloud, type Acknowledge } from "./slash.ts";
import { whisper } from "../send/whisper.ts";

export async function receivePress(
  pressed: Pressed,
  office: Office,
  desk: Desk,
  acknowledge: Acknowledge,
): Promise<void> {
  const [action] = pressed.actions;
  const press = readPress(action?.value ?? action?.selected_option?.value ?? "");
  if (!press) return acknowledge();
  if (press.kind === "stop") {
    await acknowledge();
    return stop(press, pressed, office, desk);
  }
  const finished = await recall(press.id, desk);
  const isHere = finished !== undefined && mayPress(finished, pressed, office);
  if (finished && isHere && press.kind === "quote") {
    await acknowledge();
    return showQuote(press, finished, pressed, office, desk);
  }
  const next = isHere ? finished?.post.actions[Number(press.argument)] : undefined;
  if (finished && next) return act(next, finished, pressed, office, desk, acknowledge);
  await acknowledge();
  await tell(TOO_OLD, pressed, office, desk);
}

/** What a button carries proves nothing: it opens an answer of this channel, and a private one to its asker alone. */
function mayPress({ invocation }: Finished, pressed: Pressed, { team }: Office): boolean {
  const asked = Place.safeParse(invocation.address.data).data;
  if (!asked || invocation.address.workspace !== team) return false;
  return asked.user === pressed.user.id || (!asked.isPrivate && asked.channel === channelOf(pressed));
}

async function stop({ id, argument }: Press, pressed: Pressed, office: Office, desk: Desk): Promise<void> {
  const user = await desk.people.find(pressed.user.id, office.team, office.call);
  const stoppable = { job: id, asker: askerIn(office.team, user.id), workspace: office.team };
  if (!verifyStopPermit(argument, stoppable, user.isAdmin, await desk.key()))
    return tell(NOT_YOURS, pressed, office, desk);
  await desk.door.stop(id);
}

async function showQuote(
  { argument }: Press,
  { post }: Finished,
  pressed: Pressed,
  office: Office,
  desk: Desk,
): Promise<void> {
  const source = post.sources[Number(argument)];
  if (!source) return tell(TOO_OLD, pressed, office, desk);
  const page = renderQuote(quoteOf(source.number, source.title)[post.language], source);
  await show(page, pressed, office, desk);
}

async function tell(phrase: Phrase, pressed: Pressed, office: Office, desk: Desk): Promise<void> {
  const user = await desk.people.find(pressed.user.id, office.team, office.call);
  const language: Language = languageOfLocale(user.locale);
  await show({ text: phrase[language], blocks: [] }, pressed, office, desk);
}

/** To the presser alone, where the button stands. */
async function show(page: Page, pressed: Pressed, office: Office, { world }: Desk): Promise<void> {
  const place = Place.parse({
    id: idOf(office.team, "aside"),
    team: office.team,
    user: pressed.user.id,
    channel: channelOf(pressed),
    thread: pressed.message?.thread_ts ?? pressed.container?.thread_ts ?? undefined,
  });
  const voice = { call: office.call, world, notice: "", isPublic: false };
  await whisper([page], 0, place, voice, AbortSignal.timeout(20_000));
}

async function act(
  action: Action,
  finished: Finished,
  pressed: Pressed,
  office: Office,
  desk: Desk,
  acknowledge: Acknowledge,
): Promise<void> {
  const receivedAt = desk.world.now();
  const { invocation } = finished;
  const { command, options } = action;
  const user = await desk.people.find(pressed.user.id, office.team, office.call, pressed.user.username ?? undefined);
  // Asked again, with another model: of the same files, in the same thread.
  const { attachments, context } = invocation.command === command ? invocation : { attachments: [], context: [] };
  const old = Receipt.safeParse(finished.receipt).data;
  const standing = action.shows === "in-place" && old && old.messages.length > 0 ? old : undefined;
  const isPrivate = isForAskerAlone({ command, input: { options }, user, attachments, context }, desk.door.commands, {
    isPrivate: isShownAlone(action, standing, finished),
    // A failure in place is told to the presser alone as it is.
    beside: standing ? "nothing" : "refusals",
  });
  const converses = desk.door.commands.some(({ name, converses }) => name === command && converses);
  const aim = { standing: isPrivate ? undefined : standing, isPrivate, converses };
  const place = { ...placeOf(action, finished, pressed, office, aim), since: stampBefore(receivedAt) };
  await takeAloud({ typed: { command, options }, user, place, receivedAt, attachments, context }, desk, acknowledge);
}

function isShownAlone({ shows }: Action, standing: Receipt | undefined, { invocation }: Finished): boolean {
  return (
    shows === "to-presser" || (shows === "in-place" && !standing) || Place.parse(invocation.address.data).isPrivate
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
  { invocation }: Finished,
  pressed: Pressed,
  office: Office,
  { standing, isPrivate, converses }: Aim,
): Place {
  const asked = Place.parse(invocation.address.data);
  const { user, message, container, response_url } = pressed;
  const channel = channelOf(pressed) || asked.channel;
  return {
    id: idOfRequest(office.team, pressed),
    team: office.team,
    enterprise: office.enterprise,
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
    takesPlace: shows === "in-place" && !standing && container?.is_ephemeral === true,
    ...(standing && { replaces: { ...standing, whispered: 0, isStreaming: false } }),
  };
}

function channelOf({ channel, container }: Pressed): string {
  return channel?.id ?? container?.channel_id ?? "";
}
