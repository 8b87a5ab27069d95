// The listening side over Bolt: which of Slack's requests goes where, and that each is acknowledged only when it is safe.

import type { AckFn, App, AuthorizeResult, Receiver } from "@slack/bolt";
import { BotError } from "../../../src/core/errors.ts";
import type { Door } from "../../../src/core/platform.ts";
import type { Records } from "../../../src/core/records.ts";
import type { World } from "../../../src/core/world.ts";
import { followUpsOf } from "../../kit/follow-ups.ts";
import { rememberAsked } from "../../kit/stop.ts";
import { greet } from "./agent.ts";
import type { Slack } from "../api.ts";
import { Conversation } from "./conversation.ts";
import type { Desk, Office } from "./desk.ts";
import { isNotInstalled } from "../failures.ts";
import type { Installations } from "../installations.ts";
import { SHORTCUTS } from "./manifest.ts";
import { MessageEvent, Opened, Pressed, SessionStopped, Shortcut, SlashCommand } from "./payloads.ts";
import { People } from "./people.ts";
import { receivePress } from "./presses.ts";
import { Repeats } from "./repeats.ts";
import { receiveShortcut, receiveSlash } from "./slash.ts";
import { createBoltLog } from "./bolt-log.ts";
import { Threads } from "../threads.ts";

export interface Listening {
  slack: Slack;
  installations: Installations;
  records: Records;
  world: World;
  admins: string | undefined;
  /** What buttons are signed with. */
  key: () => Promise<string>;
}

/** Bolt's app over a receiver, with every listener in place. */
export async function createApp(receiver: Receiver, door: Door, listening: Listening): Promise<App> {
  const { App: BoltApp, LogLevel } = await import("@slack/bolt");
  const { world, records, installations, admins, key } = listening;
  const app = new BoltApp({
    receiver,
    authorize: async ({ teamId, enterpriseId }) => authorize(teamId, enterpriseId, installations),
    convoStore: false,
    logger: createBoltLog(world.log, LogLevel.INFO),
    // Heed calls Slack itself; Bolt's own clients must not wait and pile up behind one slow call.
    clientOptions: { retryConfig: { retries: 0 }, timeout: 5000 },
  });
  const desk: Desk = {
    door: rememberAsked(door, "slack", { records, world }),
    followUps: followUpsOf("slack", records),
    records,
    world,
    key,
    people: new People(admins, world),
    threads: new Threads(records),
  };
  acknowledgeLast(app, new Repeats());
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
 * Slack sends again what was lost on the way into the queue; and what it sends twice is handled once.
 */
function acknowledgeLast(app: App, repeats: Repeats): void {
  const processEvent = app.processEvent.bind(app);
  app.processEvent = async (event) => {
    let isAcknowledged = false;
    const isEvent = "event" in event.body;
    const ack: typeof event.ack = async (reply) => {
      if (isEvent) return;
      isAcknowledged = true;
      await event.ack(reply);
    };
    await repeats.handle(event.body, () => processEvent({ ...event, ack }));
    if (!isAcknowledged) await event.ack();
  };
}

function listenToEvents(app: App, desk: Desk, listening: Listening): void {
  const conversation = new Conversation(desk);
  const on = (type: string, run: (event: unknown, office: Office) => Promise<void>) =>
    app.event(type, async ({ event, context }) => {
      if (isNotInstalled(context.failure))
        desk.world.log.warn("slack event from where heed is not installed", { type });
      else await run(event, officeOf(context, listening));
    });
  const onMessage = async (event: unknown, office: Office) => {
    const parsed = MessageEvent.safeParse(event);
    if (parsed.success) await conversation.receive(parsed.data, office);
    else desk.world.log.debug("slack event of another shape", { error: parsed.error });
  };
  on("app_mention", onMessage);
  on("message", onMessage);
  for (const type of ["app_home_opened", "assistant_thread_started"])
    on(type, (event, office) => greet(Opened.parse(event), office, desk));
  on("agent_session_stopped", async (event, office) => {
    const { channel, streaming_message_ts } = SessionStopped.parse(event);
    await conversation.stopStreams(channel, streaming_message_ts, office);
  });
  listenToLeaving(app, desk, listening);
}

/** Bolt looks up no token for these: there may be none any more. */
function listenToLeaving(app: App, { world }: Desk, { installations }: Listening): void {
  const forget = async (context: Context) => {
    for (const id of [context.teamId, context.isEnterpriseInstall ? context.enterpriseId : undefined])
      if (id) await installations.remove(id);
    world.log.warn("slack removed heed", { team: context.teamId });
  };
  app.event("app_uninstalled", ({ context }) => forget(context));
  app.event("tokens_revoked", async ({ event, context }) => {
    if ((event.tokens.bot ?? []).length > 0) await forget(context);
  });
}

function listenToPresses(app: App, desk: Desk, listening: Listening): void {
  app.command(/.*/, async ({ body, context, ack }) => {
    await aloud(ack, () =>
      receiveSlash(SlashCommand.parse(body), officeOf(context, listening), desk, (reply) => ack(reply)),
    );
  });
  app.action(/^heed-/, async ({ body, context, ack }) => {
    await receivePress(Pressed.parse(body), officeOf(context, listening), desk, () => ack());
  });
  for (const [callback, command] of Object.entries(SHORTCUTS))
    app.shortcut(callback, async ({ body, context, ack }) => {
      await receiveShortcut(command, Shortcut.parse(body), officeOf(context, listening), desk, () => ack());
    });
}

/** A command is answered in its acknowledgement even where Heed has no token to answer with. */
async function aloud(
  ack: AckFn<{ response_type: "ephemeral"; text: string }>,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof BotError)) throw error;
    const { en, "zh-TW": zh } = error.phrase;
    await ack({ response_type: "ephemeral", text: `${en}\n${zh}` });
  }
}

type Context = Pick<AuthorizeResult, "botToken" | "botId" | "botUserId" | "teamId" | "enterpriseId"> & {
  isEnterpriseInstall?: boolean;
  failure?: unknown;
};

/** Throws what kept Heed from knowing the workspace: Bolt itself would have called that acknowledged. */
function officeOf(context: Context, { slack }: Listening): Office {
  const { teamId = "", enterpriseId, botId, botUserId = "", botToken = "", failure } = context;
  if (failure) throw failure;
  const mine = [botUserId, ...(botId ? [botId] : [])];
  return { team: teamId, enterprise: enterpriseId, botUser: botUserId, mine, call: slack.as(botToken) };
}

async function authorize(
  teamId: string | undefined,
  enterpriseId: string | undefined,
  installations: Installations,
): Promise<AuthorizeResult> {
  try {
    const { token, team, enterprise, bot, botUser } = await installations.access(teamId ?? "", enterpriseId);
    return {
      botToken: token,
      ...(team && { teamId: team }),
      ...(enterprise && { enterpriseId: enterprise }),
      ...(bot && { botId: bot }),
      ...(botUser && { botUserId: botUser }),
    };
  } catch (failure) {
    return { failure };
  }
}
