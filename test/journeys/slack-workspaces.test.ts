// Several workspaces: installed by OAuth, kept apart, renewed before their tokens expire, forgotten when they leave.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { BotError } from "../../src/core/errors.ts";
import { readEnv } from "../../src/core/environment.ts";
import { slack as platform } from "../../adapters/slack/index.ts";
import { createMemoryRecords } from "../fakes/memory-records.ts";
import { createTestRuntime } from "../fakes/test-runtime.ts";
import { startRig, type SlackRig } from "../fakes/slack/rig.ts";
import { until } from "./heed-process.ts";

const OAUTH = {
  SLACK_BOT_TOKEN: "",
  SLACK_CLIENT_ID: "1.2",
  SLACK_CLIENT_SECRET: "secret",
  SLACK_SIGNING_SECRET: "a signing secret for tests",
};
const grant = (team: string, more = {}) => ({
  app_id: "A1",
  token_type: "bot",
  access_token: `xoxb-${team}`,
  bot_user_id: "UHEED",
  scope: "chat:write",
  team: { id: team, name: team },
  authed_user: { id: "U1" },
  is_enterprise_install: false,
  ...more,
});

describe("several workspaces", () => {
  let rig: SlackRig;
  beforeEach(async () => {
    rig = await startRig({ env: OAUTH });
    rig.slack.state.tokens.clear();
  });
  afterEach(() => rig.close());

  /** As an admin's browser does it: the install page, Slack's consent, and back. */
  async function install(team: string, more = {}): Promise<number> {
    rig.slack.grants.push(grant(team, more));
    rig.slack.state.tokens.add(`xoxb-${team}`);
    const start = await fetch(`http://127.0.0.1:${rig.port}/slack/install`, { redirect: "manual" });
    const consent = new URL(start.headers.get("location") ?? "");
    expect(consent.searchParams.get("scope")).toContain("chat:write");
    const cookie = (start.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const back = `http://127.0.0.1:${rig.port}/slack/oauth_redirect?code=c&state=${consent.searchParams.get("state")}`;
    return (await fetch(back, { headers: { cookie } })).status;
  }

  const ask = (team: string, text: string) => {
    const authorizations = [{ enterprise_id: null, team_id: team, user_id: "UHEED", is_bot: true }];
    return rig.sender.event(rig.event(rig.message(`<@UHEED> ${text}`), { team_id: team, authorizations }));
  };
  const tokensUsed = () =>
    new Set(rig.slack.calls.filter(({ method }) => method.startsWith("chat.")).map(({ token }) => token));

  test("each is installed by OAuth and answered with its own token, under its own name", async () => {
    expect(await install("T1")).toBe(200);
    expect(await install("T2")).toBe(200);
    await ask("T1", "one?");
    await ask("T2", "two?");
    await rig.settle();
    expect(rig.calls.map(({ workspace }) => workspace)).toEqual(["T1", "T2"]);
    expect(tokensUsed()).toEqual(new Set(["xoxb-T1", "xoxb-T2"]));
  });

  test("a forged state installs nothing", async () => {
    rig.slack.grants.push(grant("T1"));
    const { status } = await fetch(`http://127.0.0.1:${rig.port}/slack/oauth_redirect?code=c&state=forged`);
    expect(status).toBeGreaterThanOrEqual(400);
    expect([...rig.records.all.keys()].filter((key) => key.includes("installation"))).toEqual([]);
  });

  test("a token is renewed before it expires, once for all who need it", async () => {
    await install("T1", { refresh_token: "xoxe-1", expires_in: 60 });
    rig.slack.state.tokens.add("xoxb-new");
    rig.slack.grants.push({ access_token: "xoxb-new", refresh_token: "xoxe-2", expires_in: 43_200, token_type: "bot" });
    await Promise.all(["a?", "b?", "c?"].map((text) => ask("T1", text)));
    await rig.settle();
    expect(rig.calls).toHaveLength(3);
    expect(rig.slack.calls.filter(({ args }) => args["grant_type"] === "refresh_token")).toHaveLength(1);
    await ask("T1", "d?");
    await rig.settle();
    expect(rig.slack.calls.at(-1)?.token).toBe("xoxb-new");
  });

  test.each([
    ["uninstalled", { type: "app_uninstalled" }],
    ["revoked", { type: "tokens_revoked", tokens: { bot: ["UHEED"] } }],
  ])("a workspace that has %s it is forgotten, others are not", async (_, event) => {
    await install("T1");
    await install("T2");
    await rig.sender.event(rig.event(event, { team_id: "T1", authorizations: [] }));
    await ask("T1", "one?");
    await ask("T2", "two?");
    await rig.settle();
    expect(rig.calls.map(({ workspace }) => workspace)).toEqual(["T2"]);
    expect([...rig.records.all.keys()].filter((key) => key.includes("installation"))).toEqual([
      "slack/installation/T2",
    ]);
  });

  test("where the installations cannot be read, a command says so and an event comes again", async () => {
    await install("T1");
    const away = () => Promise.reject(new BotError("unavailable", { en: "Nothing kept.", "zh-TW": "沒有紀錄。" }));
    const get = rig.records.get.bind(rig.records);
    rig.records.get = away;
    const { body } = await rig.slash("ask", "q");
    expect(JSON.stringify(body)).toContain("Nothing kept.");
    const body2 = rig.event(rig.message("<@UHEED> q"));
    expect((await rig.sender.event(body2)).status).not.toBe(200);
    rig.records.get = get;
    expect((await rig.sender.event(body2, { num: 1, reason: "http_error" })).status).toBe(200);
    await rig.settle();
    expect(rig.calls).toHaveLength(1);
  });

  test("a workspace that removes it in the middle of an answer still gets that answer where a command left a way", async () => {
    await install("T1");
    rig.script(async function* () {
      await rig.records.delete("slack/installation/T1");
      yield { type: "text", text: "The last word." };
    });
    await rig.slash("ask", "q");
    await rig.settle();
    expect(JSON.stringify(rig.slack.responses)).toContain("The last word.");
  });

  test("a workspace that never installed it is told so, and its events are not asked for again", async () => {
    const { body } = await rig.slash("ask", "q");
    expect(JSON.stringify(body)).toContain("not installed");
    expect((await rig.say("<@UHEED> q")).status).toBe(200);
    expect(rig.calls).toHaveLength(0);
  });

  test("a button of one workspace opens nothing of another", async () => {
    await install("T1");
    await install("T2");
    rig.script(async function* () {
      yield { type: "text", text: "Secret of T1." };
      yield {
        type: "source",
        source: { number: 1, documentId: "d", title: "S", place: "", start: 0, end: 1, quote: "very secret" },
      };
    });
    await ask("T1", "one?");
    await rig.settle();
    rig.slack.state.team = "T2";
    await rig.press("Show quote");
    await until(() => rig.seen().length > 1 || rig.slack.responses.length > 0);
    expect(JSON.stringify([rig.seen(), rig.slack.responses])).not.toContain("very secret");
  });
});

describe("one workspace whose token rotates", () => {
  const env = { ...OAUTH, SLACK_BOT_TOKEN: "xoxe.xoxb-first", SLACK_REFRESH_TOKEN: "xoxe-first" };
  const pair = (n: number) => ({
    ...grant("T1"),
    access_token: `xoxb-${n}`,
    refresh_token: `xoxe-${n}`,
    expires_in: n === 1 ? 60 : 43_200,
  });
  const exchanged = ({ slack }: SlackRig) =>
    slack.calls.filter(({ method }) => method === "oauth.v2.access").map(({ args }) => args["refresh_token"]);

  test("is renewed from what the environment brings, each time with the newest refresh token", async () => {
    const rig = await startRig({ env });
    rig.slack.state.tokens = new Set(["xoxb-1", "xoxb-2"]);
    rig.slack.grants.push(pair(1), pair(2));
    await Promise.all([rig.mention("one?"), rig.slash("ask", "two?")]);
    await rig.mention("three?");
    await rig.settle();
    expect(rig.calls).toHaveLength(3);
    expect(exchanged(rig)).toEqual(["xoxe-first", "xoxe-1"]);
    await rig.close();
  });

  test("installed again by hand, goes on with the new refresh token; where that is spent too, says so", async () => {
    const rig = await startRig({ env });
    rig.slack.state.tokens = new Set(["xoxb-2"]);
    await rig.records.set("slack/installation/T1", {
      team: { id: "T1" },
      bot: { token: "xoxb-old", refreshToken: "xoxe-old", expiresAt: 1 },
    });
    rig.slack.fail("oauth.v2.access", { error: "invalid_refresh_token" });
    rig.slack.grants.push(pair(2));
    await rig.mention("one?");
    await rig.settle();
    expect(rig.calls).toHaveLength(1);
    expect(exchanged(rig)).toEqual(["xoxe-old", "xoxe-first"]);
    await rig.records.delete("slack/installation/T1");
    expect(JSON.stringify(await rig.slash("ask", "two?"))).toContain("not installed");
    await rig.close();
  });
});

describe("settings", () => {
  const create = (env: Record<string, string>) => {
    const values = readEnv(platform.env, env);
    return (
      values &&
      platform.create(
        values,
        { ...createTestRuntime(), fetch: (input, init) => globalThis.fetch(input, init) },
        createMemoryRecords(),
      )
    );
  };
  const dispatcher = { enqueue: async () => {}, stop: async () => {}, recall: async () => undefined, commands: [] };

  test("nothing of Slack's means no Slack", () => {
    expect(create({ PORT: "80", REDIS_URL: "redis://x" })).toBeUndefined();
  });

  test.each([
    [{ SLACK_APP_TOKEN: "xapp-1" }, /without a token/],
    [{ SLACK_SIGNING_SECRET: "s" }, /without a token/],
    [{ SLACK_CLIENT_ID: "1" }, /belong together/],
    [{ SLACK_BOT_TOKEN: "xoxb-1", SLACK_CLIENT_SECRET: "s" }, /belong together/],
    [{ SLACK_BOT_TOKEN: "xoxe.xoxb-1", SLACK_APP_TOKEN: "xapp-1" }, /rotates/],
  ])("%j cannot work and says why", (env, reason) => {
    expect(() => create(env)).toThrow(reason);
  });

  test("a token without an entrance, a refused token and a broken line are named at the start", async () => {
    const rig = await startRig({ begin: false });
    const url = `${rig.slack.url}/api`;
    const start = (env: Record<string, string>) => create({ SLACK_API_URL: url, ...env })!.start(dispatcher);
    await expect(start({ SLACK_BOT_TOKEN: "xoxb-test" })).rejects.toThrow(/cannot reach Heed yet/);
    await expect(start({ SLACK_BOT_TOKEN: "xoxb-wrong", SLACK_APP_TOKEN: "xapp-1" })).rejects.toThrow(
      /SLACK_BOT_TOKEN/,
    );
    rig.slack.fail("apps.connections.open", { error: "invalid_auth" }, 9);
    const refused = create({ SLACK_API_URL: url, SLACK_BOT_TOKEN: "xoxb-test", SLACK_APP_TOKEN: "xapp-1" })!;
    await expect(refused.start(dispatcher)).rejects.toThrow(BotError);
    await rig.close();
  });
});
