// Whatever arrives at Slack's port or through its socket gets its answer, and the next good request gets its own.

import { createHmac } from "node:crypto";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { BROKEN_OFF, ODD_REQUESTS, speak, statusOf } from "../fakes/raw-http.ts";
import { startRig, type SlackRig } from "../fakes/slack/rig.ts";
import { SIGNING_SECRET } from "../fakes/slack/sender.ts";
import { until } from "./heed-process.ts";

const FORM = "application/x-www-form-urlencoded";
const CLIENT = { SLACK_CLIENT_ID: "1.2", SLACK_CLIENT_SECRET: "a client's secret" };
const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

/** Bodies that Slack never sends. Each is refused, or passed over as nothing that Heed listens for. */
const BODIES: readonly [name: string, type: string, body: string | Uint8Array][] = [
  ...["null", "5", '"x"', "true", "[]", "[null]", "{", "", "NaN", "{}", '{"a":1}', "\u0000"].map(
    (body): [string, string, string] => [`JSON ${JSON.stringify(body)}`, "application/json", body],
  ),
  ["JSON that is not UTF-8", "application/json", Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d)],
  ["JSON 50,000 deep", "application/json", deep(50_000)],
  [
    "an event 50,000 deep",
    "application/json",
    `{"type":"event_callback","event":{"type":"message","x":${deep(50_000)}}}`,
  ],
  ["arrays 100,000 deep", "application/json", "[".repeat(100_000)],
  ...[
    null,
    5,
    "x",
    [],
    {},
    { type: null },
    { type: 5 },
    { type: "message", channel: null },
    { type: "message", item: 3 },
  ]
    .concat([
      { type: "message", channel: 5 },
      { type: "message", channel: {} },
      { type: "message", channel: "C1", ts: 5 },
    ] as never)
    .map((event): [string, string, string] => [
      `the event ${JSON.stringify(event)}`,
      "application/json",
      JSON.stringify({ type: "event_callback", team_id: "T1", event }),
    ]),
  [
    "authorizations of null",
    "application/json",
    '{"type":"event_callback","event":{"type":"message"},"authorizations":[null]}',
  ],
  ["a challenge of null", "application/json", '{"type":"url_verification","challenge":null}'],
  ["a challenge that is an object", "application/json", '{"type":"url_verification","challenge":{}}'],
  ["the word __proto__", "application/json", '{"__proto__":{"event":null},"constructor":null}'],
  ["a type unheard of", "text/plain", "hello"],
  ["no type, and JSON", "", "null"],
  ...["null", "5", '"x"', "[]", "{", "", "{}", '{"type":"block_actions"}', '{"type":"block_actions","actions":null}']
    .concat(['{"type":"block_actions","actions":[]}', '{"type":"block_actions","actions":[null]}'])
    .concat(['{"type":"block_actions","actions":[{"action_id":"heed-1"}],"channel":null}'])
    .concat(['{"type":"message_action","callback_id":"heed-ask"}', '{"type":"view_submission"}', '{"type":"shortcut"}'])
    .concat([
      '{"type":"block_suggestion"}',
      '{"type":"dialog_submission"}',
      '{"type":"block_actions","user":5,"team":null}',
    ])
    .map((payload): [string, string, string] => [
      `payload=${payload}`,
      FORM,
      new URLSearchParams({ payload }).toString(),
    ]),
  ["two payloads", FORM, "payload=%7B%7D&payload=null"],
  ["two commands", FORM, "command=/ask&command=/kb&text=x"],
  ["a command without its fields", FORM, "command=/ask"],
  ["a form that is not encoded", FORM, "payload=%E0%A4%A&command=%"],
  ["a form with a charset", `${FORM}; charset=utf-8`, "payload=null"],
  ["an empty form", FORM, ""],
];

let rig: SlackRig;

function request(path: string, type: string, body: string | Uint8Array, more: Record<string, string> = {}) {
  const bytes = typeof body === "string" ? Buffer.from(body) : Buffer.from(body);
  const stamp = String(Math.floor(Date.now() / 1000));
  const signature = `v0=${createHmac("sha256", SIGNING_SECRET).update(`v0:${stamp}:`).update(bytes).digest("hex")}`;
  const headers = {
    ...(type && { "content-type": type }),
    "x-slack-request-timestamp": stamp,
    "x-slack-signature": signature,
    ...more,
  };
  return fetch(`http://127.0.0.1:${rig.port}${path}`, { method: "POST", body: bytes, headers });
}

async function stillAnswers(): Promise<void> {
  const asked = `still here ${crypto.randomUUID()}`;
  await rig.mention(asked);
  await until(() => rig.seen().some(({ text }) => text.includes(`Answer to: ${asked}`)));
}

describe("the port for Slack's requests", () => {
  beforeAll(async () => {
    rig = await startRig({ env: CLIENT });
  });
  afterAll(() => rig.close());

  test.each(ODD_REQUESTS)("%s", async (_, bytes) => {
    const status = statusOf(await speak(rig.port, bytes));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  test.each(BROKEN_OFF)("%s, and then silence", async (_, bytes) => {
    const posts = [bytes, bytes.replace("POST /", "POST /slack/events")];
    await Promise.all(
      posts.flatMap((post) => [speak(rig.port, post, { ends: true }), speak(rig.port, post, { dropsAfterMs: 5 })]),
    );
  });

  test.each(BODIES)("signed: %s", async (_, type, body) => {
    const answer = await request("/slack/events", type, body);
    expect([200, 400, 500]).toContain(answer.status);
    expect(await answer.text()).not.toMatch(/node_modules|\bat .*:\d+/);
  });

  test("a request that is not signed, signed with another secret, stale or of the future is refused", async () => {
    const body = '{"type":"url_verification","challenge":"c"}';
    const post = (more: Record<string, string>) => request("/slack/events", "application/json", body, more);
    const year = 365 * 24 * 3600;
    const signedAt = (seconds: number) => {
      const stamp = String(Math.floor(Date.now() / 1000) + seconds);
      const hash = createHmac("sha256", SIGNING_SECRET).update(`v0:${stamp}:${body}`).digest("hex");
      return { "x-slack-request-timestamp": stamp, "x-slack-signature": `v0=${hash}` };
    };
    expect((await post({})).status).toBe(200);
    expect((await post(signedAt(-200))).status).toBe(200);
    const refused = [
      signedAt(-year),
      signedAt(year),
      { "x-slack-request-timestamp": "NaN" },
      { "x-slack-request-timestamp": "" },
      { "x-slack-request-timestamp": "Infinity" },
      { "x-slack-signature": "" },
      { "x-slack-signature": "v0=" },
      { "x-slack-signature": "v1=0" },
      { "x-slack-signature": `v0=${"0".repeat(64)}` },
      { "x-slack-signature": `v0=${"é".repeat(32)}` },
    ];
    for (const headers of refused) expect((await post(headers)).status).toBe(401);
  });

  test("what is larger than Slack ever sends is refused, and not waited for", async () => {
    const head = `POST /slack/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n`;
    expect(statusOf(await speak(rig.port, head + "a".repeat(5 * 1024 * 1024)))).toBe(413);
  });

  test.each([
    "/slack/install?%",
    "/slack/oauth_redirect",
    "/slack/oauth_redirect?code=%ff&state=%",
    "/slack/oauth_redirect?code=1&state=2",
    "/slack/oauth_redirect?error=access_denied",
    "/slack/oauth_redirect//",
    "/slack/installer",
  ])("GET %s", async (path) => {
    const headers = { cookie: `slack-app-oauth-state=%; ${"a".repeat(1000)}` };
    const answer = await fetch(`http://127.0.0.1:${rig.port}${path}`, { redirect: "manual", headers });
    expect(answer.status).toBeGreaterThanOrEqual(200);
    expect(await answer.text()).not.toMatch(/node_modules|\bat .*:\d+/);
  });

  test("after all of that, a question is answered", async () => {
    await stillAnswers();
  });
});

/** What Slack never sends through a socket. Those that name one of the client's own events would be taken for it. */
const MESSAGES: readonly (string | Uint8Array)[] = [
  "null",
  "5",
  '"x"',
  "[]",
  "{",
  "",
  "{}",
  deep(50_000),
  '{"type":null}',
  ...["events_api", "slash_commands", "interactive", "slack_event"].flatMap((type) =>
    [null, 5, "x", [], {}, { event: null }, { event: {} }, { event: { type: 5 } }, { actions: null }]
      .map((payload) => JSON.stringify({ envelope_id: "e", type, payload }))
      .concat([JSON.stringify({ type })]),
  ),
  ...["close", "error", "disconnected", "connected", "ws_message", "slack_event"].flatMap((type) => [
    JSON.stringify({ envelope_id: "e", type, payload: {} }),
    JSON.stringify({ envelope_id: "e", type: "events_api", payload: { event: { type } } }),
  ]),
  Uint8Array.of(0, 1, 2, 0xff),
];

describe("Slack's socket", () => {
  beforeAll(async () => {
    rig = await startRig({ mode: "socket", env: CLIENT });
  });
  afterAll(() => rig.close());

  test("whatever comes through it, it stays open, and the next question is answered", async () => {
    const [socket] = rig.slack.sockets;
    for (const message of MESSAGES) socket?.send(message);
    await stillAnswers();
    expect([...rig.slack.sockets]).toEqual([socket]);
    const opened = rig.slack.calls.filter(({ method }) => method === "apps.connections.open");
    expect(opened).toHaveLength(1);
  });

  test.each(ODD_REQUESTS)("its port for the pages of OAuth: %s", async (_, bytes) => {
    expect(statusOf(await speak(rig.port, bytes))).toBeGreaterThanOrEqual(400);
  });

  test("that port takes no requests of Slack's, and lets a workspace install Heed", async () => {
    expect((await request("/slack/events", "application/json", "null")).status).toBe(404);
    const page = await fetch(`http://127.0.0.1:${rig.port}/slack/install`, { redirect: "manual" });
    expect([page.status, page.headers.get("location")]).toEqual([302, expect.stringContaining("/oauth/v2/authorize")]);
  });
});

test("a port that is taken ends the start with a sentence, also where it is only for the pages of OAuth", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, resolve));
  const { port } = taken.address() as { port: number };
  for (const mode of ["http", "socket"] as const) {
    const idle = await startRig({ mode, begin: false, env: { ...CLIENT, PORT: String(port) } });
    const dispatcher = { enqueue: async () => {}, stop: async () => {}, recall: async () => undefined, commands: [] };
    const refusal = { code: "misconfigured", message: expect.stringContaining("PORT") };
    await expect(idle.adapter.start(dispatcher)).rejects.toMatchObject(refusal);
    await idle.close();
  }
  await new Promise((resolve) => taken.close(resolve));
});
