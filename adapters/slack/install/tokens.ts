// Finds the token of a workspace, from the environment or OAuth, and renews it before it expires.

import { z } from "zod";
import { BotError } from "../../../src/core/errors.ts";
import type { Records } from "../../../src/core/records.ts";
import type { Json, Runtime } from "../../../src/core/runtime.ts";
import { SlackRefusal, type Slack } from "../api.ts";
import { keys } from "../destination.ts";
import type { Client } from "../settings.ts";

/** What the environment brings. */
export interface StaticCredentials {
  token?: string | undefined;
  /** Of a `token` that rotates; needs the client. */
  refreshToken?: string | undefined;
  client?: Client | undefined;
}

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
  readonly #runtime: Pick<Runtime, "now" | "sleep">;
  readonly #given: StaticCredentials;
  #own: Promise<Access> | undefined;

  constructor(slack: Slack, records: Records, runtime: Pick<Runtime, "now" | "sleep">, given: StaticCredentials) {
    this.#slack = slack;
    this.#records = records;
    this.#runtime = runtime;
    this.#given = given;
  }

  /** Throws BotError "misconfigured" where nothing is installed there. */
  async access(team: string, enterprise?: string): Promise<Access> {
    if (this.#given.token && !this.#given.client) return this.own();
    const found = (await this.#find(team)) ?? (enterprise ? await this.#find(enterprise) : undefined);
    if (found) return accessOf(await this.#renewed(found), team);
    if (this.#given.refreshToken) {
      const adopted = await this.#once(team, () => this.#adopt());
      if (adopted.team?.id === team) return accessOf(adopted, team);
    } else if (this.#given.token) {
      const own = await this.own();
      if (own.team === team) return own;
    }
    throw notInstalled(team);
  }

  /** A token for calls alone: the environment's needs no look at who it belongs to. */
  async token(team: string, enterprise?: string): Promise<string> {
    return this.#given.token && !this.#given.client ? this.#given.token : (await this.access(team, enterprise)).token;
  }

  /** What the token from the environment opens. Asked once; asked again where Slack did not answer. */
  own(): Promise<Access> {
    const token = this.#given.token ?? "";
    this.#own ??= this.#identify(token).catch((error: unknown) => {
      this.#own = undefined;
      throw error;
    });
    return this.#own;
  }

  /** As Bolt's installer hands it over. Throws ZodError where it is none. */
  async store(installation: unknown): Promise<void> {
    const kept = Installation.parse(installation);
    await this.#records.set(keys.installation(installationKey(kept)), kept as Json);
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
    const left = (expiresAt ?? Infinity) - this.#runtime.now() / 1000;
    if (!refreshToken || left > RENEW_BEFORE_S) return installation;
    const id = installationKey(installation);
    // Where another process is at it, the old token serves while it lives.
    if (left > 0 && (await this.#records.get(keys.renewal(id)))) return installation;
    return this.#once(id, () => this.#reindex(installation, refreshToken));
  }

  /** Runs in one process at a time, since a refresh token works once; the others wait for what it leaves. */
  async #once(id: string, run: () => Promise<Installation>): Promise<Installation> {
    if (await this.#records.claim(keys.renewal(id), true, RENEWAL_LOCK_MS))
      try {
        return await run();
      } catch (cause) {
        throw cause instanceof SlackRefusal ? notInstalled(id, cause) : cause;
      } finally {
        await this.#records.delete(keys.renewal(id));
      }
    await this.#runtime.sleep(RENEWAL_CHECK_MS);
    const found = await this.#find(id);
    return found ? this.#renewed(found) : this.#once(id, run);
  }

  async #reindex(installation: Installation, refreshToken: string): Promise<Installation> {
    try {
      const { pair } = await exchange(refreshToken, this.#given.client, this.#slack, this.#runtime.now());
      const renewed = { ...installation, bot: { ...installation.bot, ...pair } };
      await this.store(renewed);
      return renewed;
    } catch (error) {
      // Installed again since, by hand: then the environment brings another.
      if (!(error instanceof SlackRefusal && this.#given.refreshToken)) throw error;
      return this.#adopt();
    }
  }

  /** The rotating token from the environment becomes an installation like any other. */
  async #adopt(): Promise<Installation> {
    const { pair, answer } = await exchange(
      this.#given.refreshToken ?? "",
      this.#given.client,
      this.#slack,
      this.#runtime.now(),
    );
    const { team, enterprise, is_enterprise_install: isEnterpriseInstall, bot_user_id: userId } = answer;
    const adopted = Installation.parse({ team, enterprise, isEnterpriseInstall, bot: { ...pair, userId } });
    await this.store(adopted);
    return adopted;
  }
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
export function installationKey({ team, enterprise, isEnterpriseInstall }: Installation): string {
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
