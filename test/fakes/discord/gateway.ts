// The gateway half of the stand-in: hello, identify, resume, heartbeats, and every way of hanging up.

import type { Server } from "node:http";
import { WebSocketServer, type WebSocket } from "ws";
import { guildPayload } from "./rest.ts";
import { APPLICATION, BOT, BOT_ROLE, CHANNEL, GUILD, TOKEN } from "./state.ts";

interface Payload {
  op: number;
  d?: unknown;
  t?: string;
  s?: number;
}

export interface Identify {
  token: string;
  intents: number;
  shard: [number, number];
}

export class FakeGateway {
  readonly identifies: Identify[] = [];
  resumes = 0;
  /** When each connection was opened, in milliseconds. */
  readonly connections: number[] = [];
  readonly closes: number[] = [];
  /** Closes each new connection with this code before it says hello. */
  closesEarly: number | undefined;
  /** Closes with this code in answer to an identify. */
  closesIdentify: number | undefined;
  /** Says no more at the start than a bot cannot do without. */
  isTerse = false;
  /** Says nothing of what happens. */
  isMute = false;
  /** Answers resumes by "invalid session". */
  forgetsSessions = false;
  heartbeats = 0;
  heartbeatMs = 40_000;
  readonly #sent: Payload[] = [];
  readonly #server: WebSocketServer;
  #socket: WebSocket | undefined;
  #sequence = 0;
  #wake: (() => void)[] = [];
  readonly #url: () => string;

  constructor(server: Server, url: () => string) {
    this.#url = url;
    this.#server = new WebSocketServer({ server, path: "/gateway" });
    this.#server.on("connection", (socket) => this.#accept(socket));
  }

  get isConnected(): boolean {
    return this.#socket !== undefined;
  }

  /** Sends an event now, or when the bot has come back. */
  dispatch(t: string, d: unknown): void {
    if (this.isMute) return;
    const payload = { op: 0, t, d, s: ++this.#sequence };
    this.#sent.push(payload);
    this.#send(payload);
  }

  /** Sends what no gateway sends. */
  say(frame: string | Uint8Array): void {
    this.#socket?.send(frame);
  }

  /** Hangs up. 1006 cuts the line without a word. */
  hangUp(code: number): void {
    if (code === 1006) this.#socket?.terminate();
    else this.#socket?.close(code);
    this.#socket = undefined;
  }

  askToReconnect(): void {
    this.#send({ op: 7, d: null });
  }

  invalidate(isResumable: boolean): void {
    this.#send({ op: 9, d: isResumable });
  }

  /** Resolves at the next READY or RESUMED. */
  nextSession(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  close(): void {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }

  #accept(socket: WebSocket): void {
    this.connections.push(performance.now());
    socket.on("close", (code) => this.closes.push(code));
    if (this.closesEarly) return socket.close(this.closesEarly);
    socket.on("message", (text: Buffer) => this.#hear(socket, JSON.parse(text.toString()) as Payload));
    socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: this.heartbeatMs } }));
  }

  #hear(socket: WebSocket, { op, d }: Payload): void {
    if (op === 1) {
      this.heartbeats++;
      socket.send(JSON.stringify({ op: 11 }));
    } else if (op === 2) this.#identify(socket, d as Identify);
    else if (op === 6) this.#resume(socket, (d as { seq: number }).seq);
  }

  #identify(socket: WebSocket, identify: Identify): void {
    this.identifies.push(identify);
    if (this.closesIdentify) return socket.close(this.closesIdentify);
    if (identify.token !== TOKEN) return socket.close(4004);
    this.#socket = socket;
    this.dispatch("READY", {
      v: 10,
      user: { id: BOT, username: "heed", discriminator: "0", avatar: null, bot: true },
      application: { id: APPLICATION, flags: 0 },
      session_id: "session",
      guilds: [{ id: GUILD, unavailable: true }],
      ...(!this.isTerse && { resume_gateway_url: this.#url(), shard: identify.shard }),
    });
    if (!this.isTerse) this.dispatch("GUILD_CREATE", guildCreate());
    this.#rouse();
  }

  #resume(socket: WebSocket, from: number): void {
    this.resumes++;
    if (this.forgetsSessions) return socket.send(JSON.stringify({ op: 9, d: false }));
    this.#socket = socket;
    for (const missed of this.#sent.filter(({ s = 0 }) => s > from)) this.#send(missed);
    this.#send({ op: 0, t: "RESUMED", d: {}, s: ++this.#sequence });
    this.#rouse();
  }

  #rouse(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  #send(payload: Payload): void {
    this.#socket?.send(JSON.stringify(payload));
  }
}

function guildCreate() {
  const role = { id: BOT_ROLE, name: "Heed", permissions: "0", managed: true, tags: { bot_id: BOT } };
  const { roles, ...guild } = guildPayload(GUILD);
  const full = {
    color: 0,
    colors: { primary_color: 0 },
    hoist: false,
    position: 1,
    mentionable: false,
    managed: false,
    flags: 0,
  };
  return {
    ...guild,
    roles: [...roles, role].map((one) => ({ ...full, ...one })),
    channels: [{ id: CHANNEL, type: 0, name: "questions", position: 0, permission_overwrites: [] }],
    threads: [],
    members: [],
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    emojis: [],
    stickers: [],
    features: [],
    member_count: 3,
    unavailable: false,
    large: false,
  };
}
