// Whatever Discord refuses, an answer ends: no Stop stays, the asker sees the answer or a sentence, once, and the log knows.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { discord as platform } from "../../adapters/discord/index.ts";
import { readEnv } from "../../src/core/environment.ts";
import type { Address } from "../../src/core/invocation.ts";
import type { Adapter } from "../../src/core/platform.ts";
import { emptyPost, finish, fold, type Post } from "../../src/core/post.ts";
import type { Reply } from "../../src/core/reply.ts";
import { createMemoryRecords } from "../fakes/memory-records.ts";
import { createTestRuntime, type TestRuntime } from "../fakes/test-runtime.ts";
import type { Call, Fault } from "../fakes/discord/rest.ts";
import { FakeDiscord, labelsOf } from "../fakes/discord/server.ts";
import {
  APPLICATION,
  GUILD,
  TOKEN,
  snowflake,
  type FakeInteraction,
  type FakeMessage,
} from "../fakes/discord/state.ts";
import { PATIENCE_MS } from "../fakes/wait.ts";

let discord: FakeDiscord;
let runtime: TestRuntime;
beforeAll(async () => void (discord = await FakeDiscord.start()));
afterAll(() => discord.close());

/** A bot that was just started: discord.js lets one send fifty requests a second. */
function begin(): Adapter {
  discord.rest.faults.length = 0;
  runtime = {
    ...createTestRuntime(),
    now: () => Date.now(),
    sleep: async () => {},
    fetch: (input, init) => globalThis.fetch(input, init),
  };
  const values = readEnv(platform.env, { DISCORD_TOKEN: TOKEN, DISCORD_API_URL: discord.url });
  return platform.create(values!, runtime, createMemoryRecords());
}

const WAYS = ["slash", "slash, private", "mention", "mention in a thread", "direct message"] as const;
type Way = (typeof WAYS)[number];

interface Chat {
  way: Way;
  channel: string;
  asker: string;
  question?: FakeMessage;
  interaction?: FakeInteraction;
  address: Address;
}

/** Somebody has asked; by a slash command, Heed "is thinking". */
function asked(way: Way): Chat {
  const [channel, asker, id] = [snowflake(), snowflake(), snowflake()];
  const isDirect = way === "direct message";
  if (isDirect) discord.state.directs.set(asker, channel);
  const isPrivate = way === "slash, private";
  const chat: Omit<Chat, "address"> = { way, channel, asker };
  if (way.startsWith("slash")) {
    const at = Date.now() - 8000;
    const original = discord.state.post({
      channel_id: channel,
      content: "",
      isThinking: true,
      flags: isPrivate ? 64 : 0,
    });
    const more = { kind: 2, answered: 5, original: original.id, expired: false };
    chat.interaction = { id, token: `token-${id}`, channel, user: asker, at, ...more };
    discord.state.interactions.set(chat.interaction.token, chat.interaction);
  } else
    chat.question = discord.state.post({
      channel_id: channel,
      content: "What?",
      author: { id: asker, username: "mei" },
    });
  const data = {
    job: `discord-${id}`,
    asker,
    application: APPLICATION,
    channel,
    isPrivate,
    canAskAgain: false,
    canOpenThread: false,
    fileLimit: 10_000_000,
    ...(chat.interaction && { interaction: { token: chat.interaction.token, at: chat.interaction.at } }),
    ...(chat.question && { replyTo: chat.question.id }),
  };
  const parent = way === "mention in a thread" ? snowflake() : channel;
  return {
    ...chat,
    address: {
      platform: "discord",
      workspace: isDirect ? `dm-${asker}` : GUILD,
      channel: parent,
      privacy: isDirect ? "private" : "public",
      data,
    },
  };
}

const SMALL = 100;
/** More than every channel takes without asking. */
const LARGE = 300_000;
const ACTION = { label: "Go on", command: "ask", options: {}, shows: "below" } as const;
const HALF: Reply[] = [{ type: "text", text: "The first half, see https://docs.example.com/a. " }];
const wholeWith = (bytes: number): Reply[] => [
  ...HALF,
  { type: "text", text: "The second half: THE-END." },
  {
    type: "picture",
    picture: { name: "grid", alt: "A grid", mediaType: "image/png", bytes: new Uint8Array(bytes) },
  },
  { type: "actions", actions: [ACTION] },
];
const working = (): Post => HALF.reduce(fold, emptyPost("en"));
const done = (bytes: number): Post => finish(wholeWith(bytes).reduce(fold, emptyPost("en")));

interface Refusal {
  status: number;
  code?: number;
}
const REFUSALS: readonly Refusal[] = [
  { status: 400, code: 50_035 },
  { status: 400, code: 240_000 },
  { status: 400, code: 200_000 },
  { status: 400, code: 50_083 },
  { status: 400, code: 160_005 },
  { status: 403, code: 50_013 },
  { status: 403, code: 50_001 },
  { status: 403, code: 160_002 },
  { status: 403, code: 40_001 },
  { status: 404, code: 10_003 },
  { status: 413, code: 40_005 },
  // Codes that nobody has heard of, and none at all.
  { status: 400, code: 987_654 },
  { status: 403, code: 987_655 },
  { status: 409, code: 987_656 },
  { status: 422 },
];
const BY_TOKEN: readonly Refusal[] = [
  { status: 401, code: 50_027 },
  { status: 404, code: 10_015 },
  { status: 404, code: 10_062 },
  { status: 403, code: 50_001 },
];

type Kind = (call: Call, chat: Chat) => boolean;
const isIn = ({ path }: Call, { channel }: Chat) => path.startsWith(`/channels/${channel}/`);
const isByToken = ({ path }: Call) => path.startsWith("/webhooks/");
const writes = ({ method }: Call) => method === "POST" || method === "PATCH";
const KINDS: Readonly<Record<string, Kind>> = {
  "an edit by token": (call) => isByToken(call) && call.method === "PATCH",
  "a post by token": (call) => isByToken(call) && call.method === "POST",
  "anything by token": (call) => isByToken(call) && writes(call),
  "an edit in the channel": (call, chat) => isIn(call, chat) && call.method === "PATCH",
  "a post in the channel": (call, chat) => isIn(call, chat) && call.method === "POST",
  "anything written in the channel": (call, chat) => (isIn(call, chat) || isByToken(call)) && writes(call),
  "anything with files": ({ files }) => files.length > 0,
  "anything with buttons": (call) => writes(call) && (call.body.components ?? []).length > 0,
  "a reply": ({ body }) => body.message_reference !== undefined,
  "anything with a link": (call) => writes(call) && /https?:\/\//.test(call.body.content ?? ""),
  "anything that is half an answer": (call) => writes(call) && /first half/.test(call.body.content ?? ""),
};

function fault(kind: Kind, chat: Chat, { status, code }: Refusal, times: number): Fault {
  const body = { ...(code && { code }), message: "In Discord's words" };
  return { path: /./, when: (call) => kind(call, chat) && isOf(call, chat), status, body, times };
}

/** The stand-in is shared by all cases. */
function isOf({ path }: Call, { channel, interaction, asker }: Chat): boolean {
  const direct = discord.state.directs.get(asker) ?? "none";
  return [channel, direct, interaction?.token ?? "none"].some((id) => path.includes(id));
}

interface Result {
  thrown: unknown;
  requests: number;
}

/** A growing answer is shown, then the whole one, and something is refused from one of the two on. */
async function play(chat: Chat, faults: { first?: Fault; last?: Fault }, bytes = SMALL): Promise<Result> {
  const outbox = begin().open(chat.address);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  if (faults.first) discord.rest.faults.push(faults.first);
  await outbox.show(working(), signal).catch(() => {});
  if (faults.last) discord.rest.faults.push(faults.last);
  const before = discord.rest.calls.length;
  const thrown = await outbox.show(done(bytes), signal).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { thrown, requests: discord.rest.calls.length - before };
}

const standing = ({ channel, asker }: Chat) => [
  ...new Set([...discord.state.byBot(channel), ...discord.state.byBot(discord.state.directs.get(asker) ?? "none")]),
];

function expectAnEnd(chat: Chat, { thrown, requests }: Result, label: string, canBeTold = true): void {
  const messages = standing(chat);
  const all = messages.map(({ content }) => content).join("\n");
  const about = `${label}\n${messages.map((m) => `${m.id} ${m.content} [${labelsOf(m).join()}]`).join("\n")}`;
  const errors = runtime.events.filter(({ level }) => level === "error");
  const seen = {
    stops: messages.filter((message) => labelsOf(message).includes("Stop")).length,
    thinking: messages.filter(({ isThinking }) => isThinking).length,
    ends: all.match(/THE-END/g)?.length ?? 0,
    halves: all.match(/first half/g)?.length ?? 0,
  };
  const isTold = thrown ? /I have an answer, but Discord does not let me show it: .+\./.test(all) : seen.ends === 1;
  expect({ about, ...seen, isTold, isBounded: requests <= 40 }).toEqual({
    about,
    stops: 0,
    thinking: 0,
    ends: thrown ? 0 : 1,
    halves: thrown ? 0 : 1,
    isTold: canBeTold,
    isBounded: true,
  });
  expect({ about, errors: errors.length > 0 }).toEqual({ about, errors: true });
  if (chat.way === "slash, private")
    for (const { channel_id, flags } of messages) if (channel_id === chat.channel) expect(flags & 64).toBe(64);
}

const FEW = 4;

describe.each(WAYS)("%s", (way) => {
  const kinds = Object.keys(KINDS).filter((kind) => !/token/.test(kind) || way.startsWith("slash"));
  test.each(kinds)("%s is refused", async (name) => {
    const kind = KINDS[name]!;
    const refusals = /token/.test(name) ? [...REFUSALS, ...BY_TOKEN] : REFUSALS;
    // Two ways meet every code; for the others a few of each sort will do.
    const some = /^(slash|mention)$/.test(way) ? refusals : refusals.filter((_, i) => i % FEW === 0);
    for (const refusal of some)
      for (const when of ["first", "last"] as const) {
        const chat = asked(way);
        const made = fault(kind, chat, refusal, 999);
        const result = await play(chat, { [when]: made }, refusal.status === 413 ? LARGE : SMALL);
        const isHit = made.times! < 999;
        if (!isHit) expect(runtime.events.filter(({ level }) => level === "error")).toEqual([]);
        // In direct messages there is no other place to say so.
        const canBeTold =
          way !== "direct message" || !/a post|anything written/.test(name) || result.thrown === undefined;
        if (isHit) expectAnEnd(chat, result, `${name} ${JSON.stringify(refusal)} ${when}`, canBeTold);
      }
  });

  test("everything that is written is refused, everywhere", async () => {
    for (const refusal of REFUSALS.slice(0, FEW))
      for (const when of ["first", "last"] as const) {
        const chat = asked(way);
        const result = await play(chat, { [when]: fault(writes, chat, refusal, 999) });
        expect(result.thrown).toMatchObject({ name: "BotError" });
        expectAnEnd(chat, result, `everything ${JSON.stringify(refusal)} ${when}`, false);
      }
  });
});
