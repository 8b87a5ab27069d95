// Calls Discord's REST API through discord.js, over Heed's network and with Heed's errors.

import type { Json, Runtime } from "../../src/core/runtime.ts";
import { failureOf } from "./failures.ts";
import { bodyOf, fetchForDiscord } from "./network.ts";
import type { DiscordSettings } from "./settings.ts";

export interface Request {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Such as "/channels/1/messages", without the version. */
  path: `/${string}`;
  body?: Json | undefined;
  query?: Readonly<Record<string, string>> | undefined;
  files?: readonly { name: string; bytes: Uint8Array; mediaType: string }[] | undefined;
  /** Whether the path's own interaction token speaks, and not the bot's. */
  isByToken?: boolean | undefined;
  /** Whether it must not be repeated unasked, since Discord would do it twice. */
  isOnce?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

export interface DiscordResponse {
  body: unknown;
  /** How many more requests this route takes, and in how many milliseconds it takes new ones. */
  limit: { remaining: number; resetAfterMs: number } | undefined;
}

/** Sends one request. Throws BotError. */
export type Send = (request: Request) => Promise<DiscordResponse>;

/** A wait that Discord asks for is waited out here up to this; a longer one goes back to the queue. */
const LONGEST_WAIT_MS = 30_000;
const REQUEST_LIMIT_MS = 60_000;

/** Loads discord.js at the first request and not before. */
export function createDiscordSend(settings: DiscordSettings, runtime: Runtime): Send {
  let clients: ReturnType<typeof createClients> | undefined;
  return async ({ method, path, body, query, files, isByToken = false, isOnce = false, signal }) => {
    try {
      const { bot, byToken, once } = await (clients ??= createClients(settings, runtime));
      // After a single 401 discord.js forgets the token for good.
      bot.setToken(settings.token);
      const limit = AbortSignal.timeout(REQUEST_LIMIT_MS);
      const response = await (!isByToken ? bot : isOnce ? once : byToken).queueRequest({
        // discord.js names its methods by an enum whose values are these very words.
        method: method as never,
        fullRoute: path,
        auth: !isByToken,
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
        ...(body !== undefined && { body }),
        ...(query && { query: new URLSearchParams(query) }),
        ...(files?.length && {
          files: files.map(({ name, bytes, mediaType }) => ({
            name,
            data: Buffer.from(bytes),
            contentType: mediaType,
          })),
        }),
      });
      return { body: bodyOf(await response.text()), limit: limitOf(response.headers) };
    } catch (error) {
      signal?.throwIfAborted();
      throw failureOf(error);
    }
  };
}

/** A client for the bot and two for tokens: what an interaction's token sends does not count towards the bot's global limit, and its 401 says nothing of the bot's token. */
async function createClients(settings: DiscordSettings, runtime: Runtime) {
  const { REST } = await import("discord.js");
  const options = restOptions(settings, runtime);
  const bot = new REST(options);
  const byToken = new REST({ ...options, globalRequestsPerSecond: Number.POSITIVE_INFINITY });
  const once = new REST({ ...options, globalRequestsPerSecond: Number.POSITIVE_INFINITY, retries: 0 });
  return { bot, byToken, once };
}

/** Also for the gateway's client. */
export function restOptions({ api, version }: DiscordSettings, runtime: Runtime) {
  return {
    api,
    version,
    rejectOnRateLimit: ({ retryAfter }: { retryAfter: number }) => retryAfter > LONGEST_WAIT_MS,
    makeRequest: (url: string, init: object) => fetchForDiscord(url, init, runtime),
  };
}

function limitOf(headers: { get(name: string): string | null }): DiscordResponse["limit"] {
  const [remaining, resetAfter] = [headers.get("x-ratelimit-remaining"), headers.get("x-ratelimit-reset-after")];
  if (remaining === null || resetAfter === null) return undefined;
  return { remaining: Number(remaining), resetAfterMs: Number(resetAfter) * 1000 };
}
