// The REST half of the stand-in: the routes that a bot calls, with Discord's own refusals and rate-limit headers.

import type { IncomingMessage, ServerResponse } from "node:http";
import {
  APPLICATION,
  BOT,
  GUILD,
  ADMIN_ROLE,
  OWNER,
  TOKEN,
  snowflake,
  type FakeInteraction,
  type FakeMessage,
  type FakeState,
} from "./state.ts";
import { problemWithCallback } from "./validate-callback.ts";
import { problemWithCommands, type FakeCommand } from "./validate-commands.ts";
import { problemWith, type Body, type Way } from "./validate.ts";
import { PATIENCE_MS } from "../wait.ts";

export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Body & Record<string, unknown>;
  files: { name: string; bytes: Uint8Array }[];
  isByBot: boolean;
  at: number;
  status: number;
}

/** Answers the next requests that fit with this, in place of what the stand-in would say. */
export interface Fault {
  method?: string;
  path: RegExp;
  /** What else must be so of the request. */
  when?: (call: Call) => boolean;
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  delayMs?: number;
  /** Cuts the connection off. */
  cut?: boolean;
  /** Does what was asked all the same, before it fails. */
  isDone?: boolean;
  times?: number;
}

interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

const refuse = (status: number, code: number, message: string): Reply => ({ status, body: { code, message } });
const UNKNOWN_WEBHOOK = refuse(404, 10_015, "Unknown Webhook");
const UNKNOWN_MESSAGE = refuse(404, 10_008, "Unknown Message");
const LARGEST_FILES = 10 * 1024 * 1024;
const TOO_LARGE = refuse(413, 40_005, "Request entity too large");
const ARCHIVED = refuse(400, 50_083, "Thread is archived");
const LOCKED = refuse(400, 160_005, "Thread is locked");
const BAD_WEBHOOK_TOKEN = refuse(401, 50_027, "Invalid Webhook Token");

export class FakeRest {
  readonly calls: Call[] = [];
  readonly faults: Fault[] = [];
  /** How long an interaction waits for its first answer. Discord's own 3 s would make a busy machine fail. */
  callbackMs = PATIENCE_MS;
  readonly #state: FakeState;
  gatewayUrl = "";
  origin = "";
  /** Requests a message's edits take in five seconds before they are told to slow down. */
  editsPerFiveSeconds = 1000;
  readonly #edits = new Map<string, { left: number; until: number }>();

  constructor(state: FakeState) {
    this.#state = state;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://fake");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (url.pathname.startsWith("/cdn/")) return this.#file(url, response);
    const { body, files } = await parse(Buffer.concat(chunks), request.headers["content-type"] ?? "");
    const path = url.pathname.replace(/^\/api(\/v10)?/, "");
    const isByBot = request.headers.authorization === `Bot ${TOKEN}`;
    const call: Call = {
      method: request.method ?? "GET",
      path,
      query: url.searchParams,
      body,
      files,
      isByBot,
      at: performance.now(),
      status: 0,
    };
    this.calls.push(call);
    const fault = this.#fault(call);
    if (fault?.delayMs) await new Promise((resolve) => setTimeout(resolve, fault.delayMs).unref());
    if (fault?.isDone) this.#reply(call);
    if (fault?.cut) return void request.socket.destroy();
    const reply = fault?.status
      ? { status: fault.status, body: fault.body, ...(fault.headers && { headers: fault.headers }) }
      : this.#reply(call);
    call.status = reply.status;
    const text = reply.body === undefined ? "" : JSON.stringify(reply.body);
    response.writeHead(reply.status, { ...(text && { "content-type": "application/json" }), ...reply.headers });
    response.end(text);
  }

  #fault(call: Call): Fault | undefined {
    const at = this.faults.findIndex(
      ({ method = call.method, path, when = () => true }) =>
        method === call.method && path.test(call.path) && when(call),
    );
    const fault = this.faults[at];
    if (fault) fault.times = (fault.times ?? 1) - 1;
    if (fault && (fault.times ?? 0) <= 0) this.faults.splice(at, 1);
    return fault;
  }

  #file(url: URL, response: ServerResponse): void {
    const file = this.#state.files.get(decodeURIComponent(url.pathname.slice("/cdn/".length)));
    const isCurrent = file && url.searchParams.get("ex") === file.signature;
    response
      .writeHead(isCurrent ? 200 : 404)
      .end(isCurrent ? Buffer.from(file.bytes) : "This content is no longer available.");
  }

  #reply(call: Call): Reply {
    const routes: [string, RegExp, (...parts: string[]) => Reply][] = [
      ["GET", /^\/gateway\/bot$/, () => this.#gateway(call)],
      ["PUT", /^\/applications\/(\d+)(?:\/guilds\/\d+)?\/commands$/, () => this.#commands(call)],
      ["POST", /^\/interactions\/(\d+)\/([^/]+)\/callback$/, (_id, token) => this.#callback(token ?? "", call)],
      [
        "PATCH",
        /^\/webhooks\/\d+\/([^/]+)\/messages\/([^/]+)$/,
        (token, id) => this.#editByToken(token ?? "", id ?? "", call),
      ],
      ["GET", /^\/webhooks\/\d+\/([^/]+)\/messages\/([^/]+)$/, (token, id) => this.#readByToken(token ?? "", id ?? "")],
      [
        "DELETE",
        /^\/webhooks\/\d+\/([^/]+)\/messages\/([^/]+)$/,
        (token, id) => this.#deleteByToken(token ?? "", id ?? ""),
      ],
      ["POST", /^\/webhooks\/\d+\/([^/]+)$/, (token) => this.#postByToken(token ?? "", call)],
      ["POST", /^\/channels\/(\d+)\/messages$/, (channel) => this.#post(channel ?? "", call)],
      ["PATCH", /^\/channels\/(\d+)\/messages\/(\d+)$/, (_channel, id) => this.#edit(id ?? "", call)],
      ["GET", /^\/channels\/(\d+)\/messages$/, (channel) => this.#list(channel ?? "", call)],
      ["GET", /^\/channels\/(\d+)\/messages\/(\d+)$/, (_channel, id) => this.#read(id ?? "")],
      ["DELETE", /^\/channels\/(\d+)\/messages\/(\d+)$/, (_channel, id) => this.#delete(id ?? "")],
      [
        "POST",
        /^\/channels\/(\d+)\/messages\/(\d+)\/threads$/,
        (channel, id) => this.#thread(channel ?? "", id ?? "", call),
      ],
      ["POST", /^\/channels\/\d+\/typing$/, () => (this.#state.typing++, { status: 204 })],
      ["GET", /^\/channels\/(\d+)$/, (id) => this.#channel(id ?? "")],
      ["GET", /^\/guilds\/(\d+)$/, (id) => ({ status: 200, body: guildPayload(id ?? GUILD) })],
      ["POST", /^\/users\/@me\/channels$/, () => this.#direct(String(call.body["recipient_id"]))],
      ["POST", /^\/attachments\/refresh-urls$/, () => this.#refresh(call)],
    ];
    const isByToken = /^\/(interactions|webhooks)\//.test(call.path);
    if (!call.isByBot && !isByToken) return refuse(401, 0, "401: Unauthorized");
    for (const [method, path, answer] of routes) {
      const parts = method === call.method ? path.exec(call.path) : null;
      if (parts) return answer(...parts.slice(1));
    }
    return refuse(404, 0, "404: Not Found");
  }

  #gateway({ isByBot }: Call): Reply {
    if (!isByBot) return refuse(401, 0, "401: Unauthorized");
    const session_start_limit = { total: 1000, remaining: 999, reset_after: 0, max_concurrency: 1 };
    return { status: 200, body: { url: this.gatewayUrl, shards: 1, session_start_limit } };
  }

  #commands({ body, path }: Call): Reply {
    const commands = body as unknown as Record<string, unknown>[];
    const problem = problemWithCommands(commands as unknown as FakeCommand[], path.includes("/guilds/"));
    if (problem) return refuse(400, 50_035, `Invalid Form Body: ${problem}`);
    this.#state.commands = commands;
    this.#state.commandsPath = path;
    return {
      status: 200,
      body: commands.map((command) => ({ ...command, id: snowflake(), application_id: APPLICATION })),
    };
  }

  #callback(token: string, { body }: Call): Reply {
    const interaction = this.#state.interactions.get(token);
    const data = (body["data"] ?? {}) as Record<string, unknown>;
    if (!interaction || Date.now() - interaction.at > this.callbackMs)
      return refuse(404, 10_062, "Unknown interaction");
    if (interaction.answered) return refuse(400, 40_060, "Interaction has already been acknowledged.");
    const type = Number(body["type"]);
    const problem = problemWithCallback(interaction.kind, type, data);
    if (problem) return refuse(400, 50_035, `Invalid Form Body: ${problem}`);
    interaction.answered = type;
    interaction.answeredAt = performance.now();
    interaction.data = data;
    if (type === 4 || type === 5)
      interaction.original = this.#state.post({
        channel_id: interaction.channel,
        content: (data["content"] as string | undefined) ?? "",
        flags: Number(data["flags"] ?? 0),
        interaction: interaction.id,
        isThinking: type === 5,
      }).id;
    else if (interaction.pressed) interaction.original = interaction.pressed;
    return { status: 204 };
  }

  #owned(token: string, id: string): FakeMessage | Reply {
    const interaction = this.#state.interactions.get(token);
    if (!interaction?.answered) return UNKNOWN_WEBHOOK;
    if (interaction.expired) return BAD_WEBHOOK_TOKEN;
    const message = this.#state.messages.get(id === "@original" ? (interaction.original ?? "") : id);
    return message && !message.deleted ? message : UNKNOWN_MESSAGE;
  }

  #editByToken(token: string, id: string, call: Call): Reply {
    const message = this.#owned(token, id);
    if ("status" in message) return message;
    const interaction = this.#state.interactions.get(token) as FakeInteraction;
    interaction.firstEditAt ??= performance.now();
    return this.#change(message, call, token, "token-edit");
  }

  #readByToken(token: string, id: string): Reply {
    const message = this.#owned(token, id);
    return "status" in message ? message : this.#read(message.id);
  }

  #deleteByToken(token: string, id: string): Reply {
    const message = this.#owned(token, id);
    return "status" in message ? message : this.#delete(message.id);
  }

  #postByToken(token: string, call: Call): Reply {
    const interaction = this.#state.interactions.get(token);
    if (!interaction?.answered) return UNKNOWN_WEBHOOK;
    if (interaction.expired) return BAD_WEBHOOK_TOKEN;
    // What follows a deferred answer that was never edited takes its place.
    const deferred = this.#state.messages.get(interaction.original ?? "");
    if (deferred?.isThinking && !deferred.deleted) return this.#change(deferred, call, token, "token-post");
    return this.#post(interaction.channel, call, interaction);
  }

  #post(channel: string, call: Call, by?: FakeInteraction): Reply {
    const { body } = call;
    const problem = problemIn(call, by ? "token-post" : "bot-post");
    if (sizeOf(call) > LARGEST_FILES) return TOO_LARGE;
    if (problem) return refuse(400, 50_035, `Invalid Form Body: ${problem}`);
    if (this.#state.locked.has(channel)) return LOCKED;
    const lacking = !by && this.#lacking(channel, call);
    if (lacking) return lacking;
    this.#state.archived.delete(channel);
    const same = !by && body.enforce_nonce && this.#state.in(channel).find(({ nonce }) => nonce === body.nonce);
    if (same) return { status: 200, body: payload(same) };
    const message = this.#state.post({ channel_id: channel, content: body.content ?? "", flags: body.flags ?? 0 });
    if (by) message.interaction = by.id;
    else if (body.nonce) message.nonce = body.nonce;
    if (body.message_reference) message.reference = body.message_reference.message_id;
    this.#fill(message, call);
    return { status: 200, body: payload(message) };
  }

  /** Which permission of the bot's own a post needs and does not have. */
  #lacking(channel: string, { body, files }: Call): Reply | undefined {
    const lacks = (permission: string) => this.#state.lacking.get(channel)?.has(permission) === true;
    if (lacks("View Channel")) return refuse(403, 50_001, "Missing Access");
    if (lacks("Send Messages") || (files.length > 0 && lacks("Attach Files")))
      return refuse(403, 50_013, "Missing Permissions");
    if (body.message_reference && lacks("Read Message History"))
      return refuse(403, 160_002, "Cannot reply without permission to read message history");
    return undefined;
  }

  #edit(id: string, call: Call): Reply {
    const message = this.#state.messages.get(id);
    if (!message || message.deleted) return UNKNOWN_MESSAGE;
    if (this.#state.archived.has(message.channel_id)) return ARCHIVED;
    if (message.author.id !== BOT) return refuse(403, 50_005, "Cannot edit a message authored by another user");
    const lacking = call.files.length > 0 && this.#lacking(message.channel_id, call);
    if (lacking) return lacking;
    return this.#change(message, call, id, "bot-edit");
  }

  #change(message: FakeMessage, call: Call, bucket: string, way: Way): Reply {
    const problem = problemIn(call, way);
    if (sizeOf(call) > LARGEST_FILES) return TOO_LARGE;
    if (problem) return refuse(400, 50_035, `Invalid Form Body: ${problem}`);
    const limited = this.#limit(bucket);
    if (limited.status === 429) return limited;
    if (call.body.content !== undefined) message.content = call.body.content;
    message.history.push(message.content);
    message.edits++;
    message.isThinking = false;
    this.#fill(message, call);
    return { ...limited, status: 200, body: payload(message) };
  }

  #limit(bucket: string): Reply {
    const now = Date.now();
    const known = this.#edits.get(bucket);
    const edits = known && known.until > now ? known : { left: this.editsPerFiveSeconds, until: now + 5000 };
    this.#edits.set(bucket, edits);
    const after = ((edits.until - now) / 1000).toFixed(3);
    const headers = {
      "x-ratelimit-limit": String(this.editsPerFiveSeconds),
      "x-ratelimit-reset-after": after,
      "x-ratelimit-bucket": "edits",
    };
    if (edits.left === 0)
      return {
        status: 429,
        headers: { ...headers, "x-ratelimit-remaining": "0", "retry-after": after },
        body: { retry_after: Number(after), global: false, message: "slow down" },
      };
    edits.left--;
    return { status: 200, headers: { ...headers, "x-ratelimit-remaining": String(edits.left) } };
  }

  #fill(message: FakeMessage, { body, files }: Call): void {
    if (body.components) message.components = body.components;
    if (!body.attachments && files.length === 0) return;
    message.attachments = (body.attachments ?? []).flatMap(({ id, filename = "", description }) => {
      const file = files[Number(id)];
      const kept = message.attachments.find((attachment) => attachment.id === String(id));
      if (!file) return kept ? [kept] : [];
      const url = this.addFile(file.name, file.bytes).url;
      return [
        {
          id: snowflake(),
          filename: file.name || filename,
          size: file.bytes.length,
          url,
          ...(description && { description }),
        },
      ];
    });
  }

  /** Newest first. What only one person sees is never listed. */
  #list(channel: string, { query }: Call): Reply {
    const after = BigInt(query.get("after") ?? 0);
    const listed = this.#state.in(channel).filter(({ id, flags }) => BigInt(id) > after && (flags & 64) === 0);
    return {
      status: 200,
      body: listed
        .slice(0, Number(query.get("limit") ?? 50))
        .map(payload)
        .toReversed(),
    };
  }

  #read(id: string): Reply {
    const message = this.#state.messages.get(id);
    return message ? { status: 200, body: payload(message) } : UNKNOWN_MESSAGE;
  }

  #delete(id: string): Reply {
    const message = this.#state.messages.get(id);
    if (!message || message.deleted) return UNKNOWN_MESSAGE;
    if (this.#state.archived.has(message.channel_id)) return ARCHIVED;
    message.deleted = true;
    return { status: 204 };
  }

  #thread(channel: string, id: string, { body }: Call): Reply {
    const name = String(body["name"]);
    if (name.length < 1 || name.length > 100 || !name.isWellFormed())
      return refuse(400, 50_035, "Invalid Form Body: name: 1 to 100");
    if (this.#state.threads.has(id)) return refuse(400, 160_004, "A thread has already been created for this message");
    this.#state.threads.set(id, { parent: channel, name: String(body["name"]) });
    return { status: 201, body: { id, type: 11, parent_id: channel, name: body["name"] } };
  }

  #channel(id: string): Reply {
    const thread = this.#state.threads.get(id);
    return { status: 200, body: thread ? { id, type: 11, parent_id: thread.parent } : { id, type: 0 } };
  }

  #direct(user: string): Reply {
    const id = this.#state.directs.get(user) ?? snowflake();
    this.#state.directs.set(user, id);
    return { status: 200, body: { id, type: 1 } };
  }

  #refresh({ body }: Call): Reply {
    const urls = (body["attachment_urls"] ?? []) as string[];
    const refreshed_urls = urls.map((original) => ({
      original,
      refreshed: this.urlOf(/\/cdn\/([^?]+)/.exec(original)?.[1] ?? ""),
    }));
    return { status: 200, body: { refreshed_urls } };
  }

  /** A file on the stand-in's own network of files. Its address is good until `expire` is called. */
  addFile(filename: string, bytes: Uint8Array) {
    const id = snowflake();
    this.#state.files.set(`${id}/${filename}`, { bytes, signature: snowflake() });
    return { id, filename, size: bytes.length, url: this.urlOf(`${id}/${filename}`) };
  }

  urlOf(key: string): string {
    return `${this.origin}/cdn/${key}?ex=${this.#state.files.get(key)?.signature ?? "none"}`;
  }

  expireFiles(): void {
    for (const file of this.#state.files.values()) file.signature = snowflake();
    for (const message of this.#state.messages.values())
      for (const attachment of message.attachments)
        attachment.url = this.urlOf(/\/cdn\/([^?]+)/.exec(attachment.url)?.[1] ?? "");
  }
}

export function payload(message: FakeMessage) {
  const { id, channel_id, content, components, attachments, flags, author, nonce, interaction } = message;
  return {
    id,
    channel_id,
    content,
    components,
    attachments,
    flags,
    author,
    nonce,
    type: 0,
    mentions: [],
    embeds: [],
    ...(author.id === BOT && { application_id: APPLICATION }),
    ...(interaction && { interaction_metadata: { id: interaction, type: 2 } }),
  };
}

function problemIn({ body, files }: Call, way: Way): string | undefined {
  return problemWith(
    body,
    files.map(({ name }) => name),
    way,
  );
}

function sizeOf({ files }: Call): number {
  return files.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

export function guildPayload(id: string) {
  return {
    id,
    name: "study group",
    owner_id: OWNER,
    preferred_locale: "zh-TW",
    roles: [
      { id, name: "@everyone", permissions: "1024" },
      { id: ADMIN_ROLE, name: "teachers", permissions: "1024" },
      { id: "500000000000000003", name: "stewards", permissions: "32" },
    ],
  };
}

async function parse(bytes: Buffer, type: string): Promise<{ body: Call["body"]; files: Call["files"] }> {
  if (!type.startsWith("multipart/")) return { body: bytes.length > 0 ? JSON.parse(bytes.toString()) : {}, files: [] };
  const form = await new Response(bytes, { headers: { "content-type": type } }).formData();
  const files: Call["files"] = [];
  for (const [key, value] of form)
    if (typeof value !== "string")
      files[Number(/\d+/.exec(key)?.[0])] = { name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) };
  return { body: JSON.parse((form.get("payload_json") as string | null) ?? "{}"), files };
}
