// The listening side over Bolt: which of Slack's requests goes where, and that each is acknowledged only when it is safe.

import type { App, AuthorizeResult, Receiver } from "@slack/bolt";
import type { Door } from "../../src/core/platform.ts";
import type { Records } from "../../src/core/records.ts";
import type { World } from "../../src/core/world.ts";
import { greet } from "./agent.ts";
import type { Slack } from "./api.ts";
import { Conversation } from "./conversation.ts";
import type { Desk, Office } from "./desk.ts";
import type { Installations } from "./installations.ts";
import { ASK_ABOUT } from "./manifest.ts";
import { MessageEvent, Opened, Pressed, SessionStopped, Shortcut, SlashCommand } from "./payloads.ts";
import { People } from "./people.ts";
import { receivePress } from "./presses.ts";
import { receiveShortcut, receiveSlash } from "./slash.ts";
import { createBoltLog } from "./bolt-log.ts";
import { Threads } from "./threads.ts";

export interface Listening {
  slack: Slack;
  installations: Installations;
  records: Records;
  world: World;
  admins: string | undefined;
}

/** Bolt's app over a receiver, with every listener in place. */
export async function createApp(receiver: Receiver, door: Door, listening: Listening): Promise<App> {
  const { App: BoltApp, LogLevel } = await import("@slack/bolt");
  const { world, records, installations, admins } = listening;
  const app = new BoltApp({
    receiver,
    authorize: async ({ teamId, enterpriseId }) => authorize(teamId, enterpriseId, installations),
    convoStore: false,
    logger: createBoltLog(world.log, LogLevel.INFO),
    // Heed calls Slack itself; Bolt's own clients must not wait and pile up behind one slow call.
    clientOptions: { retryConfig: { retries: 0 }, timeout: 5000 },
  });
  const desk: Desk = { door, records, world, people: new People(admins, world), threads: new Threads(records) };
  acknowledgeLast(app);
  listenToEvents(app, desk, listening);
  listenToPresses(app, desk, listening);
  app.error(async (error) => {
    world.log.error("slack request failed", { error });
    throw error;
  });
  return app;
}

/**
 * Bolt acknowledges an event before any listener has seen it. Here the acknowledgement waits for the listeners, so that
 * Slack sends again what was lost on the way into the queue.
 */
function acknowledgeLast(app: App): void {
  const processEvent = app.processEvent.bind(app);
  app.processEvent = async (event) => {
    let acknowledged: (() => Promise<void>) | undefined;
    const isEvent = "event" in event.body;
    const ack: typeof event.ack = async (reply) => {
      if (isEvent) acknowledged = () => event.ack(reply);
      else await event.ack(reply);
    };
    await processEvent({ ...event, ack });
    await acknowledged?.();
  };
}

function listenToEvents(app: App, desk: Desk, listening: Listening): void {
  const conversation = new Conversation(desk);
  const onMessage = async (event: unknown, context: Context) => {
    const parsed = MessageEvent.safeParse(event);
    if (parsed.success) await conversation.receive(parsed.data, officeOf(context, listening));
    else desk.world.log.debug("slack event of another shape", { error: parsed.error });
  };
  app.event("app_mention", ({ event, context }) => onMessage(event, context));
  app.event("message", ({ event, context }) => onMessage(event, context));
  app.event("app_home_opened", ({ event, context }) => greet(Opened.parse(event), officeOf(context, listening), desk));
  app.event("assistant_thread_started", ({ event, context }) =>
    greet(Opened.parse(event), officeOf(context, listening), desk),
  );
  app.event("agent_session_stopped", async ({ event, context }) => {
    const { channel, streaming_message_ts } = SessionStopped.parse(event);
    await conversation.stopStreams(channel, streaming_message_ts, officeOf(context, listening));
  });
  const forget = async (context: Context) => {
    for (const id of [context.teamId, context.isEnterpriseInstall ? context.enterpriseId : undefined])
      if (id) await listening.installations.remove(id);
    desk.world.log.warn("slack removed heed", { team: context.teamId });
  };
  app.event("app_uninstalled", ({ context }) => forget(context));
  app.event("tokens_revoked", async ({ event, context }) => {
    if ((event.tokens.bot ?? []).length > 0) await forget(context);
  });
}

function listenToPresses(app: App, desk: Desk, listening: Listening): void {
  app.command(/.*/, async ({ body, context, ack }) => {
    await receiveSlash(SlashCommand.parse(body), officeOf(context, listening), desk, (reply) => ack(reply));
  });
  app.action(/^heed-/, async ({ body, context, ack }) => {
    await receivePress(Pressed.parse(body), officeOf(context, listening), desk, () => ack());
  });
  app.shortcut(ASK_ABOUT, async ({ body, context, ack }) => {
    await receiveShortcut(Shortcut.parse(body), officeOf(context, listening), desk, () => ack());
  });
}

type Context = Pick<AuthorizeResult, "botToken" | "botUserId" | "teamId" | "enterpriseId"> & {
  isEnterpriseInstall?: boolean;
};

function officeOf({ teamId = "", enterpriseId, botUserId = "", botToken = "" }: Context, { slack }: Listening): Office {
  return { team: teamId, enterprise: enterpriseId, botUser: botUserId, call: slack.as(botToken) };
}

async function authorize(
  teamId: string | undefined,
  enterpriseId: string | undefined,
  installations: Installations,
): Promise<AuthorizeResult> {
  const { token, team, enterprise, bot, botUser } = await installations.access(teamId ?? "", enterpriseId);
  return {
    botToken: token,
    ...(team && { teamId: team }),
    ...(enterprise && { enterpriseId: enterprise }),
    ...(bot && { botId: bot }),
    ...(botUser && { botUserId: botUser }),
  };
}
