// Knows what a message does not say of its channel: its kind, its rights, which role is Heed's.

import { z } from "zod";
import type { Runtime } from "../../../src/core/runtime.ts";
import { isAdmin, permissionsIn } from "../member.ts";
import type { Send } from "../rest.ts";

export interface ChannelFacts {
  type: number;
  /** The channel that a thread hangs from. */
  parent: string | undefined;
  /** Ids of the roles and people that may not view it; the role of everyone carries the guild's own id. */
  hiddenFrom: readonly string[];
}

interface GuildFacts {
  owner: string;
  locale: string | undefined;
  roles: Map<string, { permissions: string; bot: string | undefined }>;
}

/** The question waits for it; without it, it is asked all the same. */
const READ_LIMIT_MS = 3000;

/** A bit of the permission number. */
const VIEW_CHANNEL = 1n << 10n;

const Overwrite = z.object({ id: z.string(), deny: z.string().regex(/^\d+$/).catch("0") });
const Channel = z.object({
  id: z.string(),
  type: z.number().default(0),
  parent_id: z.string().nullish(),
  permission_overwrites: z.array(Overwrite).catch([]),
});
const Role = z.object({
  id: z.string(),
  permissions: z.string().default("0"),
  tags: z.object({ bot_id: z.string().optional() }).optional(),
});
const Guild = z.object({
  id: z.string(),
  owner_id: z.string().default(""),
  preferred_locale: z.string().optional(),
  roles: z.array(Role).default([]),
  channels: z.array(Channel).default([]),
  threads: z.array(Channel).default([]),
});
const RoleChange = z.object({ guild_id: z.string(), role: Role });
const RoleLoss = z.object({ guild_id: z.string(), role_id: z.string() });
const Loss = z.object({ id: z.string() });
const ThreadList = z.object({ threads: z.array(Channel) });

/** The gateway's picture of the guilds, kept up to date by its events; Discord is asked where there is a gap. */
export class Guilds {
  readonly #guilds = new Map<string, GuildFacts>();
  readonly #channels = new Map<string, ChannelFacts>();
  readonly #send: Send;
  readonly #runtime: Runtime;

  constructor(send: Send, runtime: Runtime) {
    this.#send = send;
    this.#runtime = runtime;
  }

  /** An event of the gateway; those that say nothing about guilds are passed over. */
  onEvent(event: string, raw: unknown): void {
    switch (event) {
      case "GUILD_CREATE":
      case "GUILD_UPDATE":
        return void this.#learn(Guild.parse(raw));
      case "GUILD_DELETE":
        return void this.#guilds.delete(Loss.parse(raw).id);
      case "GUILD_ROLE_CREATE":
      case "GUILD_ROLE_UPDATE": {
        const { guild_id, role } = RoleChange.parse(raw);
        return void this.#guilds.get(guild_id)?.roles.set(role.id, factsOf(role));
      }
      case "GUILD_ROLE_DELETE": {
        const { guild_id, role_id } = RoleLoss.parse(raw);
        return void this.#guilds.get(guild_id)?.roles.delete(role_id);
      }
      case "CHANNEL_CREATE":
      case "CHANNEL_UPDATE":
      case "THREAD_CREATE":
      case "THREAD_UPDATE":
        return this.#place(Channel.parse(raw));
      case "THREAD_LIST_SYNC":
        return ThreadList.parse(raw).threads.forEach((thread) => this.#place(thread));
      case "CHANNEL_DELETE":
      case "THREAD_DELETE":
        return void this.#channels.delete(Loss.parse(raw).id);
    }
  }

  /** Undefined where neither the gateway nor Discord says. */
  async channel(id: string): Promise<ChannelFacts | undefined> {
    if (!this.#channels.has(id)) {
      const found = Channel.safeParse(await this.#read(`/channels/${id}`)).data;
      if (found) this.#place(found);
    }
    return this.#channels.get(id);
  }

  knownChannel(id: string): ChannelFacts | undefined {
    return this.#channels.get(id);
  }

  /** Whether a channel is for those who were let in; false where the gateway has not told of it. */
  isClosed(guild: string, channel: string): boolean {
    return this.#channels.get(channel)?.hiddenFrom.includes(guild) ?? false;
  }

  /** A message, unlike an interaction, does not carry its author's permissions: they are added up from the roles. */
  async isAdmin(id: string, member: { id: string; roles: readonly string[] }, adminRoles: readonly string[]) {
    const guild = this.#guilds.get(id) ?? (await this.#fetch(id));
    const roles = guild ? [...guild.roles].map(([id, { permissions }]) => ({ id, permissions })) : [];
    const permissions = permissionsIn(id, { owner: guild?.owner ?? "", roles }, member);
    return isAdmin({ roles: member.roles, permissions }, adminRoles);
  }

  /** The role that Discord made for Heed; people mention it by mistake and mean Heed. */
  role(guild: string, self: string): string | undefined {
    return [...(this.#guilds.get(guild)?.roles ?? [])].find(([, { bot }]) => bot === self)?.[0];
  }

  locale(guild: string): string | undefined {
    return this.#guilds.get(guild)?.locale;
  }

  #learn(guild: z.infer<typeof Guild>): GuildFacts {
    const roles = new Map(guild.roles.map((role) => [role.id, factsOf(role)]));
    const facts = { owner: guild.owner_id, locale: guild.preferred_locale, roles };
    this.#guilds.set(guild.id, facts);
    for (const channel of [...guild.channels, ...guild.threads]) this.#place(channel);
    return facts;
  }

  #place({ id, type, parent_id, permission_overwrites: overwrites }: z.infer<typeof Channel>): void {
    const hiddenFrom = overwrites.flatMap(({ id, deny }) => ((BigInt(deny) & VIEW_CHANNEL) !== 0n ? [id] : []));
    this.#channels.set(id, { type, parent: parent_id ?? undefined, hiddenFrom });
  }

  /** Not kept: without the gateway's events it would grow stale. */
  async #fetch(id: string): Promise<GuildFacts | undefined> {
    const found = Guild.safeParse(await this.#read(`/guilds/${id}`)).data;
    const roles = new Map(found?.roles.map((role) => [role.id, factsOf(role)]));
    return found && { owner: found.owner_id, locale: found.preferred_locale, roles };
  }

  async #read(path: `/${string}`): Promise<unknown> {
    try {
      return (await this.#send({ method: "GET", path, signal: AbortSignal.timeout(READ_LIMIT_MS) })).body;
    } catch (error) {
      this.#runtime.log.warn("discord: unknown place", { path, error });
      return undefined;
    }
  }
}

function factsOf({ permissions, tags }: z.infer<typeof Role>) {
  return { permissions, bot: tags?.bot_id };
}
