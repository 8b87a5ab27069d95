// What an installation is: the part of OAuth's answer that is kept, and what it lets Heed do in a workspace.

import { z } from "zod";

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
