// Tokens that expire: the exchange of a refresh token, which works once, for the next pair.

import { z } from "zod";
import type { Slack } from "./api.ts";
import type { Client } from "./settings.ts";

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

/** Throws SlackRefusal where Slack does not take the refresh token (any more). */
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
