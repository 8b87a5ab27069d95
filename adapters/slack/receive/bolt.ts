// Connects Slack's requests to their handlers over Bolt; each is acknowledged once it is safe.

import type { AckFn, App, AuthorizeResult, Receiver, Logger, LogLevel } from "@slack/bolt";
import { BotError } from "../../../src/core/errors.ts";
import type { Dispatcher } from "../../../src/core/platform.ts";
import type { Records } from "../../../src/core/records.ts";
import type { Runtime, Log } from "../../../src/core/runtime.ts";
import { followUpsOf } from "../../kit/follow-ups.ts";
import { rememberAsked } from "../../kit/stop.ts";
import { greet } from "./agent.ts";
import type { Slack } from "../api.ts";
import { Conversation } from "./messages.ts";
import { type ListenerContext, type WorkspaceClient, People } from "./context.ts";
import { isNotInstalled } from "../failures.ts";
import type { Installations } from "../install/tokens.ts";
import { SHORTCUTS } from "../install/manifest.ts";
import { MessageEvent, Opened, Pressed, SessionStopped, Shortcut, SlashCommand } from "./payloads.ts";
import { receivePress } from "./actions.ts";
import { RequestDeduplicator } from "./deduplicate.ts";
import { receiveShortcut, receiveSlash } from "./slash.ts";
import { Threads } from "../destination.ts";

export interface Listening {
  slack: Slack;
  installations: Installations;
  records: Records;
  runtime: Runtime;
  admins: string | undefined;
  /** What buttons are signed with. */
  key: () => Promise<string>;
}

/** Bolt's app over a receiver, with every listener in place. */
export async function createBolt(receiver: Receiver, dispatcher: Dispatcher, listening: Listening): Promise<App> {
  const { App: BoltApp, LogLevel } = await import("@slack/bolt");
  const { runtime, records, installations, admins, key } = listening;
  const app = new BoltApp({
    receiver,
    authorize: async ({ teamId, enterpriseId }) => authorize(teamId, enterpriseId, installations),
    convoStore: false,
    logger: createBoltLog(runtime.log, LogLevel.INFO),
    // Heed calls Slack itself; Bolt's own clients must not wait and pile up behind one slow call.
    clientOptions: { retryConfig: { retries: 0 }, timeout: 5000 },
  });
  const listener: ListenerContext = {
    dispatcher: rememberAsked(dispatcher, "slack", { records, runtime }),
    followUps: followUpsOf("slack", records),
    records,
    runtime,
    key,
    people: new People(admins, runtime),
    threads: new Threads(records),
  };
  acknowledgeLast(app, new RequestDeduplicator());
  listenToEvents(app, listener, listening);
  listenToPresses(app, listener, listening);
  app.error(async (error) => {
    runtime.log.error("slack request failed", { error });
    throw error;
  });
  return app;
}

/**
 * Bolt acknowledges an event before any listener has seen it. Here the acknowledgement waits for the listeners, so that
 * Slack sends again what was lost on the way into the queue; and what it sends twice is handled once.
 */
function acknowledgeLast(app: App, repeats: RequestDeduplicator): void {
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

function listenToEvents(app: App, listener: ListenerContext, listening: Listening): void {
  const conversation = new Conversation(listener);
  const on = (type: string, run: (event: unknown, client: WorkspaceClient) => Promise<void>) =>
    app.event(type, async ({ event, context }) => {
      if (isNotInstalled(context.failure))
        listener.runtime.log.warn("slack event from where heed is not installed", { type });
      else await run(event, clientOf(context, listening));
    });
  const onMessage = async (event: unknown, client: WorkspaceClient) => {
    const parsed = MessageEvent.safeParse(event);
    if (parsed.success) await conversation.receive(parsed.data, client);
    else listener.runtime.log.debug("slack event of another shape", { error: parsed.error });
  };
  on("app_mention", onMessage);
  on("message", onMessage);
  for (const type of ["app_home_opened", "assistant_thread_started"])
    on(type, (event, client) => greet(Opened.parse(event), client, listener));
  on("agent_session_stopped", async (event, client) => {
    const { channel, streaming_message_ts } = SessionStopped.parse(event);
    await conversation.stopStreams(channel, streaming_message_ts, client);
  });
  listenToLeaving(app, listener, listening);
}

/** Bolt looks up no token for these: there may be none any more. */
function listenToLeaving(app: App, { runtime }: ListenerContext, { installations }: Listening): void {
  const forget = async (context: Context) => {
    for (const id of [context.teamId, context.isEnterpriseInstall ? context.enterpriseId : undefined])
      if (id) await installations.remove(id);
    runtime.log.warn("slack removed heed", { team: context.teamId });
  };
  app.event("app_uninstalled", ({ context }) => forget(context));
  app.event("tokens_revoked", async ({ event, context }) => {
    if ((event.tokens.bot ?? []).length > 0) await forget(context);
  });
}

function listenToPresses(app: App, listener: ListenerContext, listening: Listening): void {
  app.command(/.*/, async ({ body, context, ack }) => {
    await aloud(ack, () =>
      receiveSlash(SlashCommand.parse(body), clientOf(context, listening), listener, (reply) => ack(reply)),
    );
  });
  app.action(/^heed-/, async ({ body, context, ack }) => {
    await receivePress(Pressed.parse(body), clientOf(context, listening), listener, () => ack());
  });
  for (const [callback, command] of Object.entries(SHORTCUTS))
    app.shortcut(callback, async ({ body, context, ack }) => {
      await receiveShortcut(command, Shortcut.parse(body), clientOf(context, listening), listener, () => ack());
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
    await ack({ response_type: "ephemeral", text: Object.values(error.phrase).join("\n") });
  }
}

type Context = Pick<AuthorizeResult, "botToken" | "botId" | "botUserId" | "teamId" | "enterpriseId"> & {
  isEnterpriseInstall?: boolean;
  failure?: unknown;
};

/** Throws what kept Heed from knowing the workspace: Bolt itself would have called that acknowledged. */
function clientOf(context: Context, { slack }: Listening): WorkspaceClient {
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

export function createBoltLog(log: Log, level: LogLevel): Logger {
  return {
    debug: () => {},
    info: (...words: unknown[]) => log.debug("slack library", line(words)),
    warn: (...words: unknown[]) => log.warn("slack library", line(words)),
    error: (...words: unknown[]) => log.error("slack library", line(words)),
    setLevel: () => {},
    getLevel: () => level,
    setName: () => {},
  };
}

function line(words: readonly unknown[]): { message: string } {
  return { message: words.map(boltLine).join(" ") };
}

function boltLine(word: unknown): string {
  if (word instanceof Error) return `${word.name}: ${word.message}`;
  return typeof word === "string" ? word : JSON.stringify(word);
}
