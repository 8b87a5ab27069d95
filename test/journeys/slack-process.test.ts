// `npm start` with Slack, as a process of its own: it answers with the real commands in both modes, survives a socket at its worst, and leaves when asked.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { describeWithRedis, RedisServer } from "../fakes/redis-server.ts";
import { freePort } from "../fakes/free-port.ts";
import { httpSender, SIGNING_SECRET, socketSender, type Sender } from "../fakes/slack/sender.ts";
import { startSlack, type SlackServer } from "../fakes/slack/server.ts";
import { readOf } from "../fakes/slack/state.ts";
import { eventually } from "../fakes/wait.ts";
import { startHeed, until, type HeedProcess } from "./heed-process.ts";

let slack: SlackServer;
let folder: string;
let heed: HeedProcess | undefined;

beforeEach(async () => {
  slack = await startSlack();
  folder = mkdtempSync(join(tmpdir(), "heed-slack-"));
});
afterEach(async () => {
  heed?.child.kill("SIGKILL");
  await heed?.ended;
  await slack.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(env: Record<string, string>): HeedProcess {
  const settings = { SLACK_BOT_TOKEN: "xoxb-test", SLACK_API_URL: `${slack.url}/api/`, HEED_DATA_DIR: folder };
  heed = startHeed({ ...settings, LOG_LEVEL: "warn", ...env }, []);
  return heed;
}

const shown = () => slack.state.messages.map((message) => readOf(message)).join("\n");

/** A mention in a channel, as Slack sends it where one event is all that comes. */
function mention(sender: Sender, text: string) {
  const ts = slack.state.nextTs();
  const event = { type: "message", user: "U2", text: `<@UHEED> ${text}`, ts, channel: "C1", channel_type: "channel" };
  return sender.event({ type: "event_callback", team_id: "T1", api_app_id: "A1", event_id: ts, event });
}

describe("npm start with Slack", () => {
  test("over a socket: answers from the primer, also after sockets that break, and leaves when it is asked to", async () => {
    const { child, ended } = start({ SLACK_APP_TOKEN: "xapp-test" });
    const sender = socketSender(slack);
    await until(() => slack.sockets.size > 0);
    expect((await mention(sender, "What is multi-head attention?")).status).toBe(200);
    await until(() => /head[\s\S]*\[1\]/.test(shown()));
    slack.fail("apps.connections.open", { error: "invalid_auth" });
    for (const socket of slack.sockets) {
      socket.send("not an envelope");
      socket.terminate();
    }
    await until(() => slack.sockets.size === 0);
    await until(() => slack.sockets.size > 0);
    await mention(sender, "什麼是自注意力？");
    await until(() => /自注意力[\s\S]*\[1\]/.test(shown()));
    child.kill("SIGTERM");
    expect((await ended).status).toBe(0);
    expect(slack.refusals).toEqual([]);
  });

  test("over HTTP: a command is acknowledged and answered where Slack knows only the plain methods", async () => {
    const port = await freePort();
    const { child, ended } = start({ SLACK_SIGNING_SECRET: SIGNING_SECRET, PORT: String(port) });
    for (const method of ["chat.startStream", "assistant.threads.setStatus", "users.info"])
      slack.fail(method, { status: 404 }, 99);
    const sender = httpSender(port);
    const command = { command: "/ask", text: "What is multi-head attention?", channel_id: "C1", user_id: "U2" };
    const asked = { ...command, team_id: "T1", trigger_id: "1.2.x", response_url: `${slack.url}/response/1` };
    const answers = () => fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    await eventually(answers);
    expect((await sender.command(asked)).status).toBe(200);
    await until(() => /head[\s\S]*\[1\]/.test(shown()));
    await mention(sender, "What is RAG?");
    await until(() => slack.state.messages.some((message) => /RAG[\s\S]*\[1\]/.test(readOf(message))));
    expect(slack.state.messages).toHaveLength(2);
    child.kill("SIGTERM");
    expect((await ended).status).toBe(0);
    expect(slack.refusals).toEqual([]);
  });
});

describeWithRedis("npm start with Slack, over Redis", () => {
  test("while Redis is away, who calls Heed is told at once, alone; and it answers again when Redis is back", async () => {
    const redis = await RedisServer.start();
    const { child, ended } = start({ SLACK_APP_TOKEN: "xapp-test", REDIS_URL: redis.url });
    try {
      const sender = socketSender(slack);
      await until(() => slack.sockets.size > 0);
      await mention(sender, "What is RAG?");
      await until(() => /RAG[\s\S]*\[1\]/.test(shown()));
      await redis.stop("SIGKILL");
      const told = () => slack.state.messages.filter(({ only }) => only === "U2").length;
      const asks = async (question: string, isAnswered: () => boolean) => {
        const before = told();
        await mention(sender, question);
        await until(() => told() > before || isAnswered());
      };
      await asks("What is multi-head attention?", () => false);
      expect(shown()).toContain("Please try again in a minute");
      expect(told()).toBe(1);
      await redis.start();
      const isAnswered = () => /自注意力[\s\S]*\[1\]/.test(shown());
      // The connection takes up to a second to stand again; until then the person is told again.
      while (!isAnswered()) await asks("什麼是自注意力？", isAnswered);
      child.kill("SIGTERM");
      expect((await ended).status).toBe(0);
    } finally {
      await redis.end();
    }
  });
});
