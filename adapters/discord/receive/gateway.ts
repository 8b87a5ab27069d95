// One life of the connection to Discord's gateway: from logging in until Discord says that it will not have us.

import type { Client } from "discord.js";
import { z } from "zod";
import type { BotError } from "../../../src/core/errors.ts";
import type { World } from "../../../src/core/world.ts";
import { closeFailure, isFatalClose } from "./close-codes.ts";
import { failureOf } from "../failures.ts";
import { paceReconnects } from "./reconnect.ts";
import { restOptions } from "../rest.ts";
import type { DiscordSettings } from "../settings.ts";

/** New sessions a day. */
const MOST_SESSIONS = 1000;

/** Hears every event of the gateway: its name and its payload. Throws nothing. */
export type Hear = (event: string, raw: unknown, shard: number) => void;

/** A connection that is up. */
export interface Connection {
  /** Resolves with the reason when Discord closed it for good. */
  lost: Promise<BotError>;
  close(): Promise<void>;
}

/** Throws BotError: "misconfigured" where Discord says why it will not have us, a retryable one otherwise. */
export async function connect(
  settings: DiscordSettings,
  hear: Hear,
  { world, closing }: { world: World; closing: AbortSignal },
): Promise<Connection> {
  const client = await createClient(settings, world, closing);
  const { promise: lost, resolve: lose } = Promise.withResolvers<BotError>();
  let fatal: BotError | undefined;
  client.on("shardDisconnect", ({ code }) => {
    if (isFatalClose(code)) lose((fatal ??= closeFailure(code)));
  });
  client.on("shardError", ({ message }, shard) => world.log.warn("discord: connection", { shard, reason: message }));
  client.on("error", (error) => world.log.error("discord: client", { error }));
  client.on("raw", (packet: Packet, shard: number) => takeOver(packet, shard, hear));
  const close = async () => {
    await client.destroy();
  };
  const done = new AbortController();
  const left = new Promise<never>((_, leave) =>
    closing.addEventListener("abort", () => leave(closing.reason), { signal: done.signal }),
  );
  try {
    await Promise.race([client.login(settings.token), left, lost.then((error) => Promise.reject(error))]);
    return { lost, close };
  } catch (error) {
    await close();
    const isTokenRefused = String(Object(error).code) === "TokenInvalid";
    throw fatal ?? (isTokenRefused ? closeFailure(4004, error) : failureOf(error));
  } finally {
    done.abort();
  }
}

interface Packet {
  t: string;
  d: unknown;
}

/** What keeps discord.js's own picture of the connection right. */
const ITS_OWN: ReadonlySet<string> = new Set(["READY", "RESUMED"]);

/** discord.js would build objects that nobody here uses, and throw where a field is missing: so it is not told. */
function takeOver(packet: Packet, shard: number, hear: Hear): void {
  const { t, d } = packet;
  if (!ITS_OWN.has(t)) Object.assign(packet, { t: "TAKEN", d: {} });
  hear(t, d, shard);
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

async function createClient(settings: DiscordSettings, world: World, closing: AbortSignal): Promise<Client> {
  const { Client, GatewayIntentBits, SimpleShardingStrategy } = await import("discord.js");
  const { Guilds, GuildMessages, DirectMessages, MessageContent } = GatewayIntentBits;
  const { shardIds, shardCount, readsAll } = settings;
  const rest = restOptions(settings, world);
  return new Client({
    intents: [Guilds, GuildMessages, DirectMessages, ...(readsAll ? [MessageContent] : [])],
    rest: { ...rest, makeRequest: async (url, init) => complete(await rest.makeRequest(url, init)) },
    shards: shardIds ? [...shardIds] : shardCount ? Array.from({ length: shardCount }, (_, i) => i) : "auto",
    ...(shardCount && { shardCount }),
    // Guilds are learnt as they come; nothing waits for them.
    waitGuildTimeout: 0,
    ws: {
      buildStrategy(manager) {
        paceReconnects(manager, world, closing);
        return new SimpleShardingStrategy(manager);
      },
    },
  });
}
