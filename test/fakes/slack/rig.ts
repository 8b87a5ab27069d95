// Heed's Slack adapter between a stand-in Slack and a queue in memory, worked by scripted commands.

import { z } from "zod";
import { abortable } from "../../../src/core/async.ts";
import { readEnv } from "../../../src/core/environment.ts";
import { defineCommand, type CommandContext, type Command, type Toolbox } from "../../../src/core/command.ts";
import type { Adapter } from "../../../src/core/platform.ts";
import type { Reply } from "../../../src/core/reply.ts";
import type { Records } from "../../../src/core/records.ts";
import type { Json } from "../../../src/core/runtime.ts";
import { slack as platform } from "../../../adapters/slack/index.ts";
import { createHandler } from "../../../workers/handle.ts";
import { createMemoryQueue, type MemoryQueue } from "../memory-queue.ts";
import { createMemoryRecords } from "../memory-records.ts";
import { createTestToolbox } from "../toolbox.ts";
import { freePort } from "../free-port.ts";
import { createTestRuntime, type TestRuntime } from "../test-runtime.ts";
import { httpSender, SIGNING_SECRET, socketSender, type Acknowledged, type Retry, type Sender } from "./sender.ts";
import { startSlack, type SlackServer } from "./server.ts";
import { buttonsIn, readOf, type Shown } from "./state.ts";
import { look } from "../look.ts";
import { wordOf } from "../word-of.ts";

export type Mode = "http" | "socket";
export type Script = (call: CommandContext<Record<string, unknown>>) => AsyncIterable<Reply>;

export interface SlackRig {
  slack: SlackServer;
  /** Lets the time pass after which an answer counts as slow. On a busy machine it must not pass by itself. */
  becomeSlow(): void;
  /** Where the app listens in HTTP mode. */
  port: number;
  sender: Sender;
  queue: MemoryQueue;
  records: Records & { readonly all: ReadonlyMap<string, Json> };
  adapter: Adapter;
  runtime: TestRuntime;
  /** What the commands were called with, oldest first. */
  calls: CommandContext<Record<string, unknown>>[];
  /** Sets what "ask" and "kb" say. */
  script(run: Script): void;
  message(text: string, more?: Record<string, Json>): { [key: string]: Json };
  event(event: Record<string, Json>, more?: Record<string, Json>): { [key: string]: Json };
  /** A mention as Slack sends it: two events for one message. Returns its ts. */
  mention(text: string, more?: Record<string, Json>): Promise<string>;
  say(text: string, more?: Record<string, Json>, retry?: Retry): Promise<Acknowledged>;
  slash(command: string, text: string, more?: Record<string, string>): Promise<Acknowledged>;
  press(label: string, by?: string): Promise<Acknowledged>;
  /** What stands in the chat by Heed's hand, as its readers read it. */
  seen(): { text: string; message: Shown }[];
  settle(): Promise<void>;
  close(): Promise<void>;
}

let counter = 0;

export interface RigOptions {
  mode?: Mode;
  env?: Record<string, string>;
  /** Whether the adapter listens at once. */
  begin?: boolean;
  /** Real commands and what they use, in place of the scripted ones. */
  app?: Pick<Toolbox, "commands"> & Partial<Toolbox>;
}

export async function startRig({ mode = "http", env = {}, begin = true, app }: RigOptions = {}): Promise<SlackRig> {
  const slack = await startSlack();
  const port = await freePort();
  const { promise: slowness, resolve: becomeSlow } = Promise.withResolvers<void>();
  const runtime: TestRuntime = {
    ...createTestRuntime(),
    now: () => Date.now(),
    sleep: (ms, signal) => (ms === SLOW_MS ? abortable(slowness, signal) : patience(ms, signal)),
    fetch: (input, init) => globalThis.fetch(input, init),
  };
  const records = createMemoryRecords();
  const variables = {
    SLACK_BOT_TOKEN: "xoxb-test",
    SLACK_API_URL: `${slack.url}/api/`,
    PORT: String(port),
    ...(mode === "http" ? { SLACK_SIGNING_SECRET: SIGNING_SECRET } : { SLACK_APP_TOKEN: "xapp-test" }),
    ...env,
  };
  const adapter = platform.create(readEnv(platform.env, variables)!, runtime, records);
  const queue = createMemoryQueue();
  const calls: SlackRig["calls"] = [];
  let script: Script = echo;
  const commands =
    app?.commands ??
    scripted((call) => {
      calls.push(call);
      return script(call);
    });
  const tools = { ...createTestToolbox({}), ...app, commands, runtime, records };
  await queue.work(createHandler(new Map([["slack", adapter]]), tools, undefined, queue), 8);
  if (begin)
    await adapter.start({
      enqueue: (one) => queue.add(one),
      stop: (id) => queue.stop(id),
      recall: (id) => queue.recall(id),
      commands,
    });
  const sender = mode === "http" ? httpSender(port) : socketSender(slack);
  const rig: SlackRig = {
    slack,
    becomeSlow,
    port,
    sender,
    queue,
    records,
    adapter,
    runtime,
    calls,
    script: (run) => void (script = run),
    message: (text, more = {}) => {
      const ts = slack.state.nextTs();
      return { type: "message", user: "U1", text, ts, channel: "C1", channel_type: "channel", event_ts: ts, ...more };
    },
    event: (event, more = {}) => ({
      token: "v",
      team_id: slack.state.team,
      api_app_id: "A1",
      type: "event_callback",
      event_id: `Ev${++counter}`,
      event_time: 1,
      event,
      authorizations: [{ enterprise_id: null, team_id: slack.state.team, user_id: "UHEED", is_bot: true }],
      ...more,
    }),
    say: (text, more = {}, retry) => sender.event(rig.event(rig.message(text, more)), retry),
    async mention(text, more = {}) {
      const message = rig.message(`<@UHEED> ${text}`, more);
      const { files: _files, channel_type: _type, ...bare } = message;
      await Promise.all([sender.event(rig.event({ ...bare, type: "app_mention" })), sender.event(rig.event(message))]);
      return wordOf(message["ts"]);
    },
    slash: (command, text, more = {}) =>
      sender.command({
        command: `/${command}`,
        text,
        trigger_id: `${++counter}.123.abc`,
        response_url: `${slack.url}/response/${counter}`,
        team_id: slack.state.team,
        channel_id: "C1",
        channel_name: "general",
        user_id: "U1",
        user_name: "mei",
        ...more,
      }),
    press: (label, by = "U1") => sender.interactive(pressOf(label, by, slack)),
    seen: () => seenIn(slack),
    settle: async () => {
      await queue.settle();
      // The last show comes before the job's end; what follows it in the adapter is awaited by nobody.
      for (let before = -1; before !== slack.calls.length;) {
        before = slack.calls.length;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async close() {
      await queue.close();
      await adapter.close();
      for (let i = 0; i < 50 && slack.sockets.size > 0; i++) await new Promise((resolve) => setTimeout(resolve, 10));
      await slack.close();
    },
  };
  return rig;
}

export const echo: Script = async function* ({ args }) {
  yield { type: "text", text: `Answer to: ${wordOf(args["question"] ?? JSON.stringify(args))}` };
};

/** After so long a stream offers Stop beside it. */
const SLOW_MS = 4000;
/** The shortest wait, of a mention for its twin that a test sends beside it, stays as long as it is. */
const SHORTEST_MS = 60;

/** Sleeps a tenth as long: what Heed waits for is real, but a test need not. What is short already stays. */
async function patience(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const shortMs = Math.max(ms / 10, Math.min(ms, SHORTEST_MS));
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, shortMs);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

function scripted(run: Script): readonly Command[] {
  const say = (en: string) => ({ en, "zh-TW": en });
  const ask = defineCommand({
    name: "ask",
    summary: say("Answer a question"),
    access: "everyone",
    audience: "everyone",
    args: z.object({ question: z.string().min(1), model: z.string().optional() }),
    describe: { question: say("What"), model: say("Which") },
    prose: "question",
    isSpoken: true,
    converses: true,
    examples: ["/ask What is attention?", "/ask 什麼是注意力？"],
    run,
  });
  const kb = defineCommand({
    name: "kb",
    summary: say("The knowledge base"),
    access: "everyone",
    audience: "everyone",
    args: z.object({ action: z.enum(["add", "list"]), target: z.string().optional() }),
    describe: { action: say("add or list"), target: say("What to add") },
    prose: "target",
    examples: ["/kb list"],
    run,
  });
  const rebuild = defineCommand({
    name: "rebuild",
    summary: say("For admins"),
    access: "admins",
    audience: "everyone",
    args: z.object({}),
    describe: {},
    examples: ["/rebuild"],
    run,
  });
  return [ask, kb, rebuild, look];
}

export function seenIn({ state }: SlackServer): { text: string; message: Shown }[] {
  const heeds = state.messages.filter(({ user }) => user === state.botUser);
  return heeds.map((message) => ({ text: readOf(message), message }));
}

/** The newest button of that label, pressed. */
export function pressOf(label: string, by: string, slack: SlackServer): object {
  const { state, url } = slack;
  const found = state.messages
    .toReversed()
    .flatMap((message) => buttonsIn(message.blocks as unknown as Json).map((button) => ({ message, button })))
    .find(({ button }) => button.label === label);
  if (!found) throw new Error(`no button "${label}" in: ${state.messages.map(readOf).join("\n---\n")}`);
  const { message, button } = found;
  const where = message.thread ? { thread_ts: message.thread } : {};
  const response = `/response/press-${++counter}`;
  state.origins.set(response, message.ts);
  return {
    type: "block_actions",
    trigger_id: `${++counter}.9.z`,
    response_url: url + response,
    team: { id: state.team },
    user: { id: by, username: by.toLowerCase(), team_id: state.team },
    channel: { id: message.channel },
    container: {
      type: "message",
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: message.only !== undefined,
      ...where,
    },
    ...(message.only === undefined && { message: { ts: message.ts, text: message.text, ...where } }),
    actions: [
      { action_id: button.actionId, block_id: "b", value: button.value, type: "button", action_ts: state.nextTs() },
    ],
  };
}
