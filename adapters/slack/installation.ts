// What an installation is: the part of OAuth's answer that is kept, what it lets Heed do, and how its token is exchanged.

import { z } from "zod";
import type { Slack } from "./api.ts";
import type { Client } from "./settings.ts";

/** What one workspace's installation lets Heed do. */
export interface Access {
  token: string;
  team: string;
  enterprise?: string | undefined;
  /** Heed's own user and bot ids there. */
  botUser?: string | undefined;
  bot?: string | undefined;
}

/** The part of an OAuth installation that is kept. `expiresAt` counts seconds since 1970, as Slack does. */
export const Installation = z.looseObject({
  team: z.object({ id: z.string() }).nullish(),
  enterprise: z.object({ id: z.string() }).nullish(),
  isEnterpriseInstall: z.boolean().nullish(),
  bot: z.looseObject({
    token: z.string(),
    refreshToken: z.string().nullish(),
    expiresAt: z.number().nullish(),
    id: z.string().nullish(),
    userId: z.string().nullish(),
  }),
});
export type Installation = z.infer<typeof Installation>;

/** Where an installation is kept: under its workspace, or its organisation where it serves all of that. */
export function idOf({ team, enterprise, isEnterpriseInstall }: Installation): string {
  const id = isEnterpriseInstall ? enterprise?.id : team?.id;
  return id ?? team?.id ?? enterprise?.id ?? "";
}

export function accessOf({ bot, enterprise }: Installation, team: string): Access {
  return {
    token: bot.token,
    team,
    enterprise: enterprise?.id,
    botUser: bot.userId ?? undefined,
    bot: bot.id ?? undefined,
  };
}

const Refreshed = z.looseObject({
  access_token: z.string(),
  refresh_token: z.string(),
  /** Seconds. */
  expires_in: z.number(),
  team: z.looseObject({ id: z.string() }).nullish(),
  enterprise: z.looseObject({ id: z.string() }).nullish(),
  is_enterprise_install: z.boolean().nullish(),
  bot_user_id: z.string().nullish(),
});

/** A token, the one that renews it, and when it expires, in seconds since 1970, as Slack counts. */
export interface Pair {
  token: string;
  refreshToken: string;
  expiresAt: number;
}

/** The next pair for a refresh token, which works once. Throws SlackRefusal where Slack does not take the refresh token (any more). */
export async function exchange(
  refreshToken: string,
  client: Client | undefined,
  slack: Slack,
  now: number,
): Promise<{ pair: Pair; answer: z.infer<typeof Refreshed> }> {
  const args = {
    client_id: client?.id,
    client_secret: client?.secret,
    grant_type: "refresh_token",
    refresh_token: refreshToken,
  };
  const answer = Refreshed.parse(await slack.as("")("oauth.v2.access", args));
  const { access_token: token, refresh_token, expires_in } = answer;
  return { pair: { token, refreshToken: refresh_token, expiresAt: Math.floor(now / 1000) + expires_in }, answer };
}
