// Defines Discord's variables and the settings that follow from them.

import { z } from "zod";

export const DiscordEnv = z.object({
  DISCORD_TOKEN: z.string().min(1).describe("The bot's token, from the Discord developer portal under Bot"),
  DISCORD_API_URL: z
    .url({ protocol: /^https?$/ })
    .default("https://discord.com/api")
    .describe("Where Discord's REST API is, with or without /v10 at the end; another address is for tests"),
  DISCORD_GUILD_ID: z
    .string()
    .regex(/^\d+$/, "it must be the number of a server")
    .optional()
    .describe("A server to register the commands in at once while developing; without it they are global"),
  DISCORD_ADMIN_ROLES: z
    .string()
    .regex(/^\s*\d+(\s*,\s*\d+)*\s*$/, "it must be role numbers with commas between them")
    .optional()
    .describe("Roles whose members are admins besides those with Manage Server: their IDs, with commas between them"),
  DISCORD_MESSAGE_CONTENT: z
    .stringbool()
    .default(false)
    .describe(
      "Whether the bot reads messages that do not mention it, in threads it opened; needs the privileged intent",
    ),
  DISCORD_SHARDS: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe("How many shards there are in all; without it as many as Discord recommends"),
  DISCORD_SHARD_IDS: z
    .string()
    .regex(/^\s*\d+(\s*,\s*\d+)*\s*$/, "it must be shard numbers with commas between them")
    .optional()
    .describe("Which of the shards this process serves, such as 0,1; without it all of them. Needs DISCORD_SHARDS"),
});

export interface DiscordSettings {
  token: string;
  /** Without the version and without a slash at the end. */
  api: string;
  /** Of the REST API, "10". */
  version: string;
  /** The one guild to register commands in. */
  guild: string | undefined;
  adminRoles: readonly string[];
  readsAll: boolean;
  shardCount: number | undefined;
  shardIds: readonly number[] | undefined;
}

export function settingsOf(env: z.infer<typeof DiscordEnv>): DiscordSettings {
  const [, api = "", version = "10"] = /^(.*?)(?:\/v(\d+))?\/*$/.exec(env.DISCORD_API_URL) ?? [];
  return {
    token: env.DISCORD_TOKEN.replace(/^Bot\s+/i, ""),
    api: api.replace(/\/+$/, ""),
    version,
    guild: env.DISCORD_GUILD_ID,
    adminRoles: listOf(env.DISCORD_ADMIN_ROLES) ?? [],
    readsAll: env.DISCORD_MESSAGE_CONTENT,
    shardCount: env.DISCORD_SHARDS,
    shardIds: listOf(env.DISCORD_SHARD_IDS)?.map(Number),
  };
}

function listOf(text: string | undefined): readonly string[] | undefined {
  return text?.split(",").map((part) => part.trim());
}
