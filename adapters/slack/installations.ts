// Whose token opens which workspace: the one from the environment, or those that OAuth brought, renewed before they expire.

import { z } from "zod";
import { BotError } from "../../src/core/errors.ts";
import type { Records } from "../../src/core/records.ts";
import type { Json, World } from "../../src/core/world.ts";
import { SlackRefusal, type Slack } from "./api.ts";
import { keys } from "./place.ts";
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
const Installation = z.looseObject({
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
type Installation = z.infer<typeof Installation>;

const Refreshed = z.looseObject({ access_token: z.string(), refresh_token: z.string(), expires_in: z.number() });
const Identity = z.looseObject({
  team_id: z.string(),
  enterprise_id: z.string().nullish(),
  user_id: z.string(),
  bot_id: z.string().nullish(),
});

/** Renewed this long before it expires; Slack's tokens live 12 hours. */
const RENEW_BEFORE_S = 2 * 60 * 60;
/** One process renews at a time: a refresh token works once. */
const RENEWAL_LOCK_MS = 20_000;
const RENEWAL_CHECK_MS = 250;

export class Installations {
  readonly #slack: Slack;
  readonly #records: Records;
  readonly #world: Pick<World, "now" | "sleep">;
  readonly #token: string | undefined;
  readonly #client: Client | undefined;
  #own: Promise<Access> | undefined;

  constructor(
    slack: Slack,
    records: Records,
    world: Pick<World, "now" | "sleep">,
    from: { token?: string | undefined; client?: Client | undefined },
  ) {
    this.#slack = slack;
    this.#records = records;
    this.#world = world;
    this.#token = from.token;
    this.#client = from.client;
  }

  /** Throws BotError "misconfigured" where nothing is installed there. */
  async access(team: string, enterprise?: string): Promise<Access> {
    if (this.#token && !this.#client) return this.own();
    const found = (await this.#find(team)) ?? (enterprise ? await this.#find(enterprise) : undefined);
    if (found) return accessOf(await this.#renewed(found), team);
    if (this.#token) {
      const own = await this.own();
      if (own.team === team) return own;
    }
    throw notInstalled(team);
  }

  /** A token for calls alone: the environment's needs no look at who it belongs to. */
  async token(team: string, enterprise?: string): Promise<string> {
    return this.#token && !this.#client ? this.#token : (await this.access(team, enterprise)).token;
  }

  /** What the token from the environment opens. Asked once; asked again where Slack did not answer. */
  own(): Promise<Access> {
    const token = this.#token ?? "";
    this.#own ??= this.#identify(token).catch((error: unknown) => {
      this.#own = undefined;
      throw error;
    });
    return this.#own;
  }

  /** As Bolt's installer hands it over. Throws ZodError where it is none. */
  async store(installation: unknown): Promise<void> {
    const kept = Installation.parse(installation);
    await this.#records.set(keys.installation(idOf(kept)), kept as Json);
  }

  async fetch(team: string | undefined, enterprise: string | undefined): Promise<Installation | undefined> {
    return (team ? await this.#find(team) : undefined) ?? (enterprise ? this.#find(enterprise) : undefined);
  }

  async remove(id: string): Promise<void> {
    await this.#records.delete(keys.installation(id));
  }

  async #find(id: string): Promise<Installation | undefined> {
    const record = await this.#records.get(keys.installation(id));
    return record === undefined ? undefined : Installation.parse(record);
  }

  async #identify(token: string): Promise<Access> {
    const { team_id, enterprise_id, user_id, bot_id } = Identity.parse(await this.#slack.as(token)("auth.test", {}));
    return { token, team: team_id, enterprise: enterprise_id ?? undefined, botUser: user_id, bot: bot_id ?? undefined };
  }

  /** The installation with a token that still lives, renewed by whichever process comes first. */
  async #renewed(installation: Installation): Promise<Installation> {
    const { refreshToken, expiresAt } = installation.bot;
    const left = (expiresAt ?? Infinity) - this.#world.now() / 1000;
    if (!refreshToken || left > RENEW_BEFORE_S) return installation;
    const lock = `slack/renewal/${idOf(installation)}`;
    if (await this.#records.claim(lock, true, RENEWAL_LOCK_MS)) return this.#renew(installation, refreshToken, lock);
    // Another process is at it. The old token serves while it lives; else wait for the new one.
    if (left > 0) return installation;
    await this.#world.sleep(RENEWAL_CHECK_MS);
    const found = await this.#find(idOf(installation));
    if (!found) throw notInstalled(idOf(installation));
    return this.#renewed(found);
  }

  async #renew(installation: Installation, refreshToken: string, lock: string): Promise<Installation> {
    try {
      const args = {
        client_id: this.#client?.id,
        client_secret: this.#client?.secret,
        grant_type: "refresh_token",
        refresh_token: refreshToken,
      };
      const { access_token, refresh_token, expires_in } = Refreshed.parse(
        await this.#slack.as("")("oauth.v2.access", args),
      );
      const expiresAt = Math.floor(this.#world.now() / 1000) + expires_in;
      const renewed = {
        ...installation,
        bot: { ...installation.bot, token: access_token, refreshToken: refresh_token, expiresAt },
      };
      await this.store(renewed);
      return renewed;
    } catch (cause) {
      if (cause instanceof SlackRefusal) throw notInstalled(idOf(installation), cause);
      throw cause;
    } finally {
      await this.#records.delete(lock);
    }
  }
}

/** Where an installation is kept: under its workspace, or its organisation where it serves all of that. */
function idOf({ team, enterprise, isEnterpriseInstall }: Installation): string {
  const id = isEnterpriseInstall ? enterprise?.id : team?.id;
  return id ?? team?.id ?? enterprise?.id ?? "";
}

function accessOf({ bot, enterprise }: Installation, team: string): Access {
  return {
    token: bot.token,
    team,
    enterprise: enterprise?.id,
    botUser: bot.userId ?? undefined,
    bot: bot.id ?? undefined,
  };
}

function notInstalled(team: string, cause?: unknown): BotError {
  return new BotError(
    "misconfigured",
    {
      en: `Heed is not installed in the Slack workspace ${team} any more. An admin can install it again.`,
      "zh-TW": `Heed 已不在 Slack 工作區 ${team} 裡，請管理員重新安裝。`,
    },
    { cause },
  );
}
