// Opens one connection to Discord's gateway and tells when and why it ended.

import type { Client, WebSocketOptions } from "discord.js";
import { z } from "zod";
import { abortable } from "../../../src/core/async.ts";
import { BotError } from "../../../src/core/errors.ts";
import type { Runtime } from "../../../src/core/runtime.ts";
import { failureOf } from "../failures.ts";
import { restOptions } from "../rest.ts";
import type { DiscordSettings } from "../settings.ts";
import type { Phrase } from "../../../src/core/language.ts";

/** New sessions a day. */
const MOST_SESSIONS = 1000;

/** Hears every event of the gateway: its name and its payload. Throws nothing. */
export type EventListener = (event: string, raw: unknown, shard: number) => void;

/** A connection that is up. */
export interface GatewayConnection {
  /** Resolves with the reason when Discord closed it for good. */
  lost: Promise<BotError>;
  close(): Promise<void>;
}

/** Throws BotError: "misconfigured" where Discord says why it will not have us, a retryable one otherwise. */
export async function openGateway(
  settings: DiscordSettings,
  onEvent: EventListener,
  { runtime, closing }: { runtime: Runtime; closing: AbortSignal },
): Promise<GatewayConnection> {
  const client = await createClient(settings, runtime, closing);
  const { promise: lost, resolve: lose } = Promise.withResolvers<BotError>();
  let fatal: BotError | undefined;
  client.on("shardDisconnect", ({ code }) => {
    if (isFatalClose(code)) lose((fatal ??= closeFailure(code)));
  });
  client.on("shardError", ({ message }, shard) => runtime.log.warn("discord: connection", { shard, reason: message }));
  client.on("error", (error) => runtime.log.error("discord: client", { error }));
  client.on("raw", (packet: Packet, shard: number) => takeOver(packet, shard, onEvent));
  const close = async () => {
    await client.destroy();
  };
  try {
    // discord.js tries on and on where Discord has closed for good.
    const opened = Promise.race([client.login(settings.token), lost.then((error) => Promise.reject(error))]);
    await abortable(opened, closing);
    return { lost, close };
  } catch (error) {
    await close();
    const isTokenRefused = String(Object(error).code) === "TokenInvalid";
    throw fatal ?? (isTokenRefused ? closeFailure(4004, error) : failureOf(error));
  }
}

interface Packet {
  t: string;
  d: unknown;
}

/** What keeps discord.js's own picture of the connection right. */
const ITS_OWN: ReadonlySet<string> = new Set(["READY", "RESUMED"]);

/** discord.js would build objects that nobody here uses, and throw where a field is missing: so it is not told. */
function takeOver(packet: Packet, shard: number, onEvent: EventListener): void {
  const { t, d } = packet;
  if (!ITS_OWN.has(t)) Object.assign(packet, { t: "TAKEN", d: {} });
  onEvent(t, d, shard);
}

/** Where the gateway is, and how many sessions may begin there. */
const Information = z.object({
  url: z.string().transform((url) => url.replace(/[?].*$/s, "")),
  shards: z.number().default(1),
  session_start_limit: z
    .object({
      total: z.number().default(MOST_SESSIONS),
      remaining: z.number().default(MOST_SESSIONS),
      reset_after: z.number().default(0),
      max_concurrency: z.number().default(1),
    })
    .prefault({}),
});

/** Real Discord says all of it at GET /gateway/bot, and discord.js throws where a server does not. */
async function complete(response: Response): Promise<Response> {
  return response.ok && response.url.endsWith("/gateway/bot")
    ? Response.json(Information.parse(await response.json()))
    : response;
}

async function createClient(settings: DiscordSettings, runtime: Runtime, closing: AbortSignal): Promise<Client> {
  const { Client, GatewayIntentBits, SimpleShardingStrategy } = await import("discord.js");
  const { Guilds, GuildMessages, DirectMessages, MessageContent } = GatewayIntentBits;
  const { shardIds, shardCount, readsAll } = settings;
  const rest = restOptions(settings, runtime);
  return new Client({
    intents: [Guilds, GuildMessages, DirectMessages, ...(readsAll ? [MessageContent] : [])],
    rest: { ...rest, makeRequest: async (url, init) => complete(await rest.makeRequest(url, init)) },
    shards: shardIds ? [...shardIds] : shardCount ? Array.from({ length: shardCount }, (_, i) => i) : "auto",
    ...(shardCount && { shardCount }),
    // Guilds are learnt as they come; nothing waits for them.
    waitGuildTimeout: 0,
    ws: {
      buildStrategy(manager) {
        paceReconnects(manager, runtime, closing);
        return new SimpleShardingStrategy(manager);
      },
    },
  });
}

type Manager = Parameters<NonNullable<WebSocketOptions["buildStrategy"]>>[0];

/** A connection that held this long was a good one. */
const GOOD_MS = 30_000;
const FIRST_PAUSE_MS = 1000;
/** Discord takes 1,000 new sessions a day and resets the token of a bot that asks for more. */
const LONGEST_PAUSE_MS = 3 * 60_000;
/** Taking up a session again is free, and what was said meanwhile is only there for a while. */
const LONGEST_RESUME_PAUSE_MS = 10_000;

/** What of the manager's events matters here. Their names are an enum that discord.js does not hand on. */
interface Events {
  on(event: "hello" | "ready" | "resumed" | "closed", listener: (of: { shardId: number }) => void): unknown;
}

interface Shard {
  /** When it became ready; undefined while it is not. */
  readyAt: number | undefined;
  isConnected: boolean;
  failures: number;
}

/** The first new try comes at once, the next after 1 s, 2 s, 4 s, ... up to the longest, each shortened by chance. */
export function pauseAfter(failures: number, resumes: boolean, chance: number): number {
  if (failures < 2) return 0;
  const longest = resumes ? LONGEST_RESUME_PAUSE_MS : LONGEST_PAUSE_MS;
  return Math.min(FIRST_PAUSE_MS * 2 ** (failures - 2), longest) * (1 - chance / 2);
}

/** discord.js asks for a shard's session right before it connects: that is the moment to wait. */
export function paceReconnects(manager: Manager, runtime: Runtime, closing: AbortSignal): void {
  const shards = new Map<number, Shard>();
  const shardOf = (id: number) => {
    const shard = shards.get(id) ?? { readyAt: undefined, isConnected: false, failures: 0 };
    shards.set(id, shard);
    return shard;
  };
  const events = manager as unknown as Events;
  events.on("hello", ({ shardId }) => void (shardOf(shardId).isConnected = true));
  events.on("ready", ({ shardId }) => void (shardOf(shardId).readyAt = runtime.now()));
  events.on("resumed", ({ shardId }) => void (shardOf(shardId).readyAt = runtime.now()));
  events.on("closed", ({ shardId }) => {
    const shard = shardOf(shardId);
    const wasGood = shard.readyAt !== undefined && runtime.now() - shard.readyAt >= GOOD_MS;
    Object.assign(shard, { readyAt: undefined, isConnected: false, failures: wasGood ? 1 : shard.failures + 1 });
  });
  const retrieve = manager.options.retrieveSessionInfo.bind(manager.options);
  manager.options.retrieveSessionInfo = async (id) => {
    const { isConnected, failures } = shardOf(id);
    const session = await retrieve(id);
    const pause = isConnected ? 0 : pauseAfter(failures, session !== null, Math.random());
    if (pause > 0) {
      runtime.log.warn("discord: connecting again", { shard: id, failures, inMs: Math.round(pause) });
      await runtime.sleep(pause, closing).catch(() => {});
    }
    // Who is closing connects no more: this never resolves, and nobody waits for it.
    if (closing.aborted && !isConnected) await new Promise<never>(() => {});
    return session;
  };
}

const MEANINGS: Readonly<Record<number, Phrase>> = {
  4004: {
    en: "Discord does not accept DISCORD_TOKEN. Copy it anew from the developer portal: your application › Bot › Reset Token.",
    "zh-TW": "Discord 不接受 DISCORD_TOKEN。請到開發者後台重新複製：你的應用程式 › Bot › Reset Token。",
  },
  4010: {
    en: "Discord knows no such shard. Correct DISCORD_SHARDS and DISCORD_SHARD_IDS: numbers start at 0 and stay below the count.",
    "zh-TW": "Discord 沒有這個分片。請修正 DISCORD_SHARDS 與 DISCORD_SHARD_IDS：編號從 0 開始，且小於總數。",
  },
  4011: {
    en: "The bot is in too many servers for so few shards. Raise DISCORD_SHARDS, or leave it empty.",
    "zh-TW": "機器人所在的伺服器太多，分片不夠。請調高 DISCORD_SHARDS，或留空。",
  },
  4012: {
    en: "Discord no longer speaks this version of its gateway. Update Heed.",
    "zh-TW": "Discord 已不支援這個版本的 gateway。請更新 Heed。",
  },
  4013: {
    en: "Discord does not know the intents that Heed asked for. Update Heed, and check DISCORD_API_URL.",
    "zh-TW": "Discord 不認得 Heed 要求的 intents。請更新 Heed，並檢查 DISCORD_API_URL。",
  },
  4014: {
    en: "DISCORD_MESSAGE_CONTENT is on, but the intent is not. Switch on Message Content Intent in the developer portal (your application › Bot › Privileged Gateway Intents), or leave DISCORD_MESSAGE_CONTENT empty: mentions, direct messages and commands work without it.",
    "zh-TW":
      "DISCORD_MESSAGE_CONTENT 已開啟，但 intent 還沒有。請到開發者後台（你的應用程式 › Bot › Privileged Gateway Intents）開啟 Message Content Intent，或把 DISCORD_MESSAGE_CONTENT 留空：提及、私訊和指令不需要它。",
  },
};

export function isFatalClose(code: number): boolean {
  return code in MEANINGS;
}

/** `code` is one of the fatal ones. */
export function closeFailure(code: number, cause: unknown = new Error(`the gateway closed with ${code}`)): BotError {
  const unknown = {
    en: `Discord's gateway closed with ${code}.`,
    "zh-TW": `Discord 的 gateway 以 ${code} 關閉了連線。`,
  };
  return new BotError("misconfigured", MEANINGS[code] ?? unknown, { cause });
}
