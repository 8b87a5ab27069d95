// Whatever Slack refuses, an answer ends: no Stop and no open stream stays, the asker sees the answer or a sentence, once.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { slack as platform } from "../../adapters/slack/index.ts";
import { readEnv } from "../../src/core/environment.ts";
import type { Address } from "../../src/core/invocation.ts";
import type { Adapter } from "../../src/core/platform.ts";
import { emptyPost, finish, fold, type Post } from "../../src/core/post.ts";
import type { Reply } from "../../src/core/reply.ts";
import type { Json } from "../../src/core/runtime.ts";
import { createMemoryRecords } from "../fakes/memory-records.ts";
import { createTestRuntime, type TestRuntime } from "../fakes/test-runtime.ts";
import type { Args } from "../fakes/slack/methods.ts";
import { startSlack, type SlackServer } from "../fakes/slack/server.ts";
import { buttonsIn, readOf } from "../fakes/slack/state.ts";
import { PATIENCE_MS } from "../fakes/wait.ts";

let slack: SlackServer;
let adapter: Adapter;
let runtime: TestRuntime;
beforeAll(async () => void (slack = await startSlack()));
afterAll(() => slack.close());

const WAYS = ["mention", "slash", "slash, private", "direct message", "in place of an answer"] as const;
type Way = (typeof WAYS)[number];

let counter = 0;

/** A workspace in which somebody has asked. */
function asked(way: Way): Address {
  slack.clearFaults();
  slack.calls.length = slack.responses.length = slack.state.messages.length = slack.state.uploads.length = 0;
  runtime = {
    ...createTestRuntime(),
    now: () => Date.now(),
    sleep: (ms, signal) => (ms >= 4000 ? never(signal) : Promise.resolve()),
    fetch: (input, init) => globalThis.fetch(input, init),
  };
  const env = { SLACK_BOT_TOKEN: "xoxb-test", SLACK_APP_TOKEN: "xapp-test", SLACK_API_URL: `${slack.url}/api/` };
  adapter = platform.create(readEnv(platform.env, env)!, runtime, createMemoryRecords());
  const id = `job-${++counter}`;
  const isDirect = way === "direct message";
  const channel = isDirect ? "DU1" : "C1";
  const bySlash = way.startsWith("slash");
  const stamp = slack.state.nextTs();
  const place: { [key: string]: Json } = {
    id,
    team: "T1",
    user: "U1",
    channel,
    since: stamp,
    isDirect,
    isPrivate: way === "slash, private",
    ...(bySlash
      ? { responseUrl: `${slack.url}/response/${id}`, asked: { by: "Mei", text: "What?" } }
      : { thread: stamp }),
  };
  if (way === "in place of an answer") {
    const standing = { ...shownBy("UHEED"), text: "An earlier answer.", channel, ts: slack.state.nextTs() };
    slack.state.messages.push(standing);
    place["replaces"] = { messages: [{ channel, ts: standing.ts }] };
  }
  return { platform: "slack", workspace: "T1", channel, privacy: "public", data: place };
}

const shownBy = (user: string) => ({
  thread: undefined,
  blocks: [],
  only: undefined,
  streaming: "no" as const,
  metadata: null,
  user,
  edits: 0,
});

/** What takes long is never offered to be stopped here. */
function never(signal?: AbortSignal): Promise<void> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error)));
}

const PICTURE = { name: "grid", alt: "A grid", mediaType: "image/png", bytes: new Uint8Array(9) } as const;
const HALF: Reply[] = [{ type: "text", text: "The first half of it. " }];
const MORE: Reply[] = [...HALF, { type: "text", text: "And a little more. " }];
const WHOLE: Reply[] = [
  ...MORE,
  { type: "text", text: "The second half: THE-END." },
  { type: "picture", picture: PICTURE },
  { type: "actions", actions: [{ label: "Go on", command: "ask", options: {}, shows: "below" }] },
];
const postOf = (replies: Reply[]): Post => replies.reduce(fold, emptyPost("en"));

const CODES = [
  "invalid_blocks",
  "msg_too_long",
  "msg_blocks_too_long",
  "cannot_reply_to_message",
  "restricted_action",
  "restricted_action_read_only_channel",
  "is_archived",
  "not_in_channel",
  "channel_not_found",
  "thread_not_found",
  "no_permission",
  "missing_scope",
  "ekm_access_denied",
  "message_limit_exceeded",
  "message_not_in_streaming_state",
  "message_not_found",
  "streaming_state_conflict",
  "cant_update_message",
  "edit_window_closed",
  // Codes that nobody has heard of.
  "a_code_of_next_year",
  "another_one",
];
const FEW = 7;

const hasBlocks = ({ blocks }: Args) => Array.isArray(blocks) && blocks.length > 0;
const isInThread = ({ thread_ts }: Args) => thread_ts !== undefined;
const isInChannel = ({ channel }: Args) => channel === "C1";
const KINDS: Readonly<Record<string, { methods: readonly string[]; when?: (args: Args) => boolean }>> = {
  "the start of a stream": { methods: ["chat.startStream"] },
  "more of a stream": { methods: ["chat.appendStream"] },
  "the end of a stream": { methods: ["chat.stopStream"] },
  "the end of a stream with blocks": { methods: ["chat.stopStream"], when: hasBlocks },
  "every call of a stream": { methods: ["chat.startStream", "chat.appendStream", "chat.stopStream"] },
  "a post": { methods: ["chat.postMessage"], when: isInChannel },
  "an edit": { methods: ["chat.update"] },
  "a post and a stream": { methods: ["chat.startStream", "chat.postMessage"], when: isInChannel },
  "an edit and the growth of a stream": { methods: ["chat.appendStream", "chat.update"] },
  "whatever has blocks": {
    methods: ["chat.postMessage", "chat.update", "chat.postEphemeral", "chat.stopStream"],
    when: hasBlocks,
  },
  "whatever is in a thread": {
    methods: ["chat.startStream", "chat.postMessage", "chat.postEphemeral"],
    when: isInThread,
  },
  "what only the asker sees": { methods: ["chat.postEphemeral"] },
  "a file": { methods: ["files.getUploadURLExternal"] },
  "the sharing of a file": { methods: ["files.completeUploadExternal"] },
  "whatever is written in the channel": {
    methods: ["chat.startStream", "chat.appendStream", "chat.stopStream", "chat.postMessage", "chat.update"],
    when: isInChannel,
  },
};

interface Result {
  thrown: unknown;
  calls: number;
  outcome: string | undefined;
}

async function play(address: Address, fail: { first?: () => void; last?: () => void }): Promise<Result> {
  const outbox = adapter.open(address);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  fail.first?.();
  for (const part of [HALF, MORE]) await outbox.show(postOf(part), signal).catch(() => {});
  fail.last?.();
  const before = slack.calls.length;
  const thrown = await outbox.show(finish(postOf(WHOLE)), signal).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { thrown, calls: slack.calls.length - before, outcome: outbox.outcome };
}

/** What is seen by anybody, wherever. */
function seen(): string[] {
  const { messages } = slack.state;
  const byUrl = slack.responses.map(({ body }) =>
    readOf({ text: String(body["text"]), blocks: (body["blocks"] ?? []) as never }),
  );
  return [...messages.map(readOf), ...byUrl.filter((text) => !text.includes("Working on it"))];
}

function expectAnEnd({ thrown, calls, outcome }: Result, label: string, canBeTold = true): void {
  const { messages } = slack.state;
  const all = seen().join("\n---\n");
  const about = `${label}\n${all}\n${slack.calls.map(({ method }) => method).join()}`;
  const labels = messages.flatMap(({ blocks }) => buttonsIn(blocks as unknown as Json)).map(({ label }) => label);
  const ends = all.match(/THE-END/g)?.length ?? 0;
  const isTold = thrown ? /I have an answer, but Slack does not let me show it: .+\./.test(all) : ends === 1;
  expect({
    about,
    stops: labels.filter((label) => label === "Stop").length,
    open: messages.filter(({ streaming }) => streaming === "open").length,
    ends,
    halves: all.match(/first half/g)?.length ?? 0,
    isTold,
    isBounded: calls <= 40,
    outcome,
  }).toEqual({
    about,
    stops: 0,
    open: 0,
    ends: thrown ? 0 : 1,
    halves: thrown ? 0 : 1,
    isTold: canBeTold,
    isBounded: true,
    outcome: thrown ? undefined : expect.stringMatching(/^(whole|lesser)$/),
  });
}

const errors = () => runtime.events.filter(({ level }) => level === "error").length;

describe.each(WAYS)("%s", (way) => {
  const some = way === "mention" ? CODES : CODES.filter((_, i) => i % FEW === 0 || i === CODES.length - 1);

  test.each(Object.keys(KINDS))("%s is refused", async (name) => {
    const { methods, when } = KINDS[name]!;
    for (const error of some)
      for (const [at, times] of [
        ["first", 999],
        ["last", 999],
        ["last", 1],
      ] as const) {
        const address = asked(way);
        let hits = 0;
        const hit = (args: Args) => (when?.(args) ?? true) && ++hits > 0;
        const begin = () => methods.forEach((method) => slack.fail(method, { error, when: hit }, times));
        const result = await play(address, { [at]: begin });
        const label = `${name}: ${error}, ${at}, ${times}`;
        // In direct messages there is no other place to say so.
        expectAnEnd(result, label);
        const isUsual = /_streaming_state$|message_not_found/.test(error) && name.includes("stream");
        if (hits > 0 && !isUsual) expect({ label, errors: errors() > 0 }).toEqual({ label, errors: true });
        if (hits === 0) expect({ label, errors: errors() }).toEqual({ label, errors: 0 });
      }
  });

  test("everything that is written is refused, everywhere", async () => {
    const writes = /^chat\.(?!delete)/;
    for (const error of some)
      for (const at of ["first", "last"] as const) {
        const address = asked(way);
        const methods = ["startStream", "appendStream", "stopStream", "postMessage", "update", "postEphemeral"];
        const begin = () => methods.forEach((method) => slack.fail(`chat.${method}`, { error }, 999));
        const result = await play(address, { [at]: begin });
        // What a response URL lets through is no call of Slack's API.
        const byUrl = way.startsWith("slash");
        expectAnEnd(result, `everything: ${error}, ${at}`, byUrl);
        expect(slack.calls.filter(({ method }) => writes.test(method)).length).toBeLessThanOrEqual(40);
        expect(errors()).toBeGreaterThan(0);
      }
  });
});
