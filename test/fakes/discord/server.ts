// A Discord in this process, spoken to over real sockets: what people do in it, and what they then see.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { FakeGateway } from "./gateway.ts";
import { FakeRest, payload } from "./rest.ts";
import {
  APPLICATION,
  BOT,
  CHANNEL,
  FakeState,
  GUILD,
  snowflake,
  type FakeComponent,
  type FakeInteraction,
  type FakeMessage,
} from "./state.ts";

export interface Who {
  user?: string;
  name?: string;
  roles?: string[];
  permissions?: string;
  locale?: string;
  /** Undefined for direct messages. */
  guild?: string | undefined;
  channel?: string;
  channelType?: number;
  /** By kind of installation, whose it is; real Discord always says. */
  owners?: Record<string, string>;
  parent?: string;
}

export type OptionValue =
  | string
  | number
  | boolean
  | { file: { id: string; filename: string; size: number; url: string } };

export class FakeDiscord {
  readonly state = new FakeState();
  readonly rest = new FakeRest(this.state);
  readonly #server: Server;
  readonly gateway: FakeGateway;
  url = "";
  #last: object = {};

  private constructor() {
    this.#server = createServer((request, response) => void this.rest.handle(request, response));
    this.gateway = new FakeGateway(this.#server, () => this.rest.gatewayUrl);
  }

  static async start(): Promise<FakeDiscord> {
    const discord = new FakeDiscord();
    await new Promise<void>((resolve) => discord.#server.listen(0, "127.0.0.1", resolve));
    const { port } = discord.#server.address() as AddressInfo;
    discord.url = `http://127.0.0.1:${port}/api`;
    discord.rest.origin = `http://127.0.0.1:${port}`;
    discord.rest.gatewayUrl = `ws://127.0.0.1:${port}/gateway`;
    return discord;
  }

  async close(): Promise<void> {
    this.gateway.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** "/ask", or "/kb add" for a subcommand. */
  slash(line: string, options: Record<string, OptionValue> = {}, who: Who = {}): FakeInteraction {
    const [name = "", sub] = line.replace("/", "").split(" ");
    const attachments: Record<string, object> = {};
    const leaves = Object.entries(options).map(([name, value]) => {
      if (typeof value !== "object")
        return { name, type: { string: 3, number: 10, boolean: 5 }[typeof value as "string"], value };
      attachments[value.file.id] = value.file;
      return { name, type: 11, value: value.file.id };
    });
    const own = sub ? [{ name: sub, type: 1, options: leaves }] : leaves;
    return this.#interact(2, { id: "1", name, type: 1, options: own, resolved: { attachments } }, who);
  }

  menu(name: string, target: FakeMessage, who: Who = {}): FakeInteraction {
    const resolved = { messages: { [target.id]: payload(target) } };
    return this.#interact(2, { id: "1", name, type: 3, target_id: target.id, resolved }, who);
  }

  typing(line: string, option: string, typed: string, who: Who = {}): FakeInteraction {
    const [name = "", sub] = line.replace("/", "").split(" ");
    const leaf = { name: option, type: 3, value: typed, focused: true };
    return this.#interact(
      4,
      { id: "1", name, type: 1, options: sub ? [{ name: sub, type: 1, options: [leaf] }] : [leaf] },
      who,
    );
  }

  /** Presses the button with this label, or chooses it from the list behind "More". */
  press(message: FakeMessage, label: string, who: Who = {}): FakeInteraction {
    const all = message.components.flatMap(({ components }) => components);
    const button = all.find((component) => component.type === 2 && component.label === label);
    const list = all.find(({ options = [] }) => options.some((option) => option.label === label));
    const value = list?.options?.find((option) => option.label === label)?.value;
    const data = button
      ? { custom_id: button.custom_id, component_type: 2 }
      : { custom_id: list?.custom_id, component_type: 3, values: [value] };
    if (!data.custom_id) throw new Error(`no "${label}" among ${labelsOf(message).join(", ")}`);
    return this.pressId(message, data, who);
  }

  pressId(message: FakeMessage, data: object, who: Who = {}): FakeInteraction {
    return this.#interact(3, data, { ...who, channel: who.channel ?? message.channel_id }, message);
  }

  submit(customId: string, fields: Record<string, string>, message: FakeMessage, who: Who = {}): FakeInteraction {
    const components = Object.entries(fields).map(([custom_id, value]) => ({
      type: 18,
      component: { type: 4, custom_id, value },
    }));
    return this.#interact(5, { custom_id: customId, components }, who, message);
  }

  /** Someone writes. A mention is written "<@BOT>", as in `mention`. */
  say(
    content: string,
    who: Who & { files?: object[]; forwarded?: object; replyTo?: FakeMessage; mentionsBot?: boolean } = {},
  ): FakeMessage {
    const { guild, user, name, channel, member } = settle(who);
    const { files = [], forwarded, replyTo, mentionsBot = content.includes(BOT) } = who;
    const attachments = files as FakeMessage["attachments"];
    const message = this.state.post({
      channel_id: channel,
      content,
      author: { id: user, username: name },
      attachments,
    });
    this.gateway.dispatch("MESSAGE_CREATE", {
      ...payload(message),
      ...(guild && { guild_id: guild, member }),
      type: replyTo ? 19 : 0,
      mentions: mentionsBot ? [{ id: BOT, username: "heed" }] : [],
      mention_roles: [...content.matchAll(/<@&(\d+)>/g)].map(([, id]) => id),
      ...(forwarded && { message_snapshots: [{ message: forwarded }], message_reference: { type: 1 } }),
      ...(replyTo && { referenced_message: payload(replyTo), message_reference: { message_id: replyTo.id } }),
    });
    return message;
  }

  #interact(type: number, data: object, who: Who, message?: FakeMessage): FakeInteraction {
    const { guild, user, name, channel, member, channelType, parent, locale } = settle(who);
    const interaction: FakeInteraction = {
      id: snowflake(),
      kind: type,
      token: `token-${snowflake()}`,
      channel,
      user,
      at: Date.now(),
      expired: false,
      ...(message && { pressed: message.id }),
    };
    this.state.interactions.set(interaction.token, interaction);
    const person = { id: user, username: name, global_name: name };
    this.#last = {
      version: 1,
      id: interaction.id,
      application_id: APPLICATION,
      type,
      token: interaction.token,
      channel_id: channel,
      channel: { id: channel, type: channelType, parent_id: parent },
      locale,
      entitlements: [],
      authorizing_integration_owners: who.owners ?? { "0": guild ?? "0" },
      attachment_size_limit: 10 * 1024 * 1024,
      ...(guild ? { guild_id: guild, guild_locale: "zh-TW", member } : { user: person }),
      ...(message && { message: payload(message) }),
      data,
    };
    this.repeat();
    return interaction;
  }

  /** The gateway sends the last interaction again, as it does after a resume. */
  repeat(): void {
    this.gateway.dispatch("INTERACTION_CREATE", this.#last);
  }

  /** The message that an interaction was answered with. */
  answer(interaction: FakeInteraction): FakeMessage | undefined {
    return this.state.messages.get(interaction.original ?? "");
  }
}

export const mention = `<@${BOT}>`;

export function labelsOf({ components }: FakeMessage): string[] {
  const all = components.flatMap(({ components }) => components);
  return all.flatMap(({ label, options = [] }: FakeComponent) => [
    ...(label ? [label] : []),
    ...options.map(({ label }) => label),
  ]);
}

function settle(who: Who) {
  const { user = "400000000000000001", name = "Mei", roles = [], permissions = "1024", locale = "en-US" } = who;
  const guild = "guild" in who ? who.guild : GUILD;
  const channel = who.channel ?? (guild ? CHANNEL : `60000000000${user.slice(-7)}`);
  const person = { id: user, username: name.toLowerCase(), global_name: name };
  const member = {
    user: person,
    nick: null,
    roles,
    permissions,
    joined_at: "2026-01-01T00:00:00Z",
    deaf: false,
    mute: false,
    flags: 0,
  };
  return {
    user,
    name,
    locale,
    guild,
    channel,
    member,
    channelType: who.channelType ?? (guild ? 0 : 1),
    parent: who.parent,
  };
}
