// Opens the two entrances for Slack's requests, a socket or an HTTP port, and serves the OAuth pages.

import { createHmac, timingSafeEqual } from "node:crypto";
import type { HTTPReceiver, InstallationStore, Logger, Receiver, ReceiverEvent } from "@slack/bolt";
import type { Runtime } from "../../../src/core/runtime.ts";
import { createBoltLog } from "./bolt.ts";
import { guardEnvelopes, twoSockets } from "./sockets.ts";
import type { Installations } from "../install/tokens.ts";
import { SCOPES } from "../install/manifest.ts";
import { entranceOf, type Client, type SlackEnv } from "../settings.ts";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  type IncomingHttpHeaders,
} from "node:http";
import { MOST_CONNECTIONS, pathOf, PORT_LIMITS, type PortLimits } from "../../../src/core/port.ts";
import { readBounded } from "../../../src/core/read-bounded.ts";
import { Body } from "./payloads.ts";

/** How long a socket waits for Slack's pong before it is given up for dead. */
const PONG_PATIENCE_MS = 3000;
const REDIRECT_PATH = "/slack/oauth_redirect";

type OAuthOptions = ReturnType<typeof oauthOptions>;
/** Throws BotError "misconfigured" where neither entrance is configured. */
export async function createReceiver(
  env: SlackEnv,
  client: Client | undefined,
  installations: Installations,
  runtime: Runtime,
): Promise<Receiver> {
  const entrance = entranceOf(env);
  const { HTTPReceiver, LogLevel, SocketModeReceiver } = await import("@slack/bolt");
  const logger = createBoltLog(runtime.log, LogLevel.INFO);
  const pages = client && pagesOf(HTTPReceiver, { ...oauthOptions(env, client, installations), logger });
  if ("signingSecret" in entrance) return new SlackPort({ ...entrance, port: env.PORT, pages }, runtime);
  const open = () => {
    const socket = new SocketModeReceiver({
      logger,
      appToken: entrance.appToken,
      clientPingTimeout: PONG_PATIENCE_MS,
      autoReconnectEnabled: false,
      installerOptions: { clientOptions: socketClient(env, logger) },
    });
    guardEnvelopes(socket.client, runtime);
    return socket;
  };
  const port = pages && new SlackPort({ port: env.PORT, pages }, runtime);
  return twoSockets(open(), open(), runtime, port);
}

/** Bolt has no other way to its installer than a receiver. This one never opens a port, so it needs no secret. */
function pagesOf(Receiver: typeof HTTPReceiver, options: OAuthOptions & { logger: Logger }): InstallPages {
  const { installer } = new Receiver({ ...options, signingSecret: "", signatureVerification: false });
  if (!installer) throw new TypeError("Bolt brings no installer for these options");
  const { scopes, redirectUri, installerOptions } = options;
  return {
    installer,
    urlOptions: { scopes, ...(redirectUri && { redirectUri }) },
    redirectPath: installerOptions.redirectUriPath ?? REDIRECT_PATH,
  };
}

/** Opening a socket is tried again for as long as it takes: giving up would leave Heed deaf until somebody looks. */
function socketClient({ SLACK_API_URL }: SlackEnv, logger: Logger) {
  return {
    slackApiUrl: SLACK_API_URL,
    logger,
    retryConfig: { forever: true, factor: 1.3, maxTimeout: 30_000 },
    timeout: 10_000,
  };
}

function oauthOptions({ SLACK_API_URL, SLACK_REDIRECT_URI }: SlackEnv, client: Client, installations: Installations) {
  const clientOptions = { slackApiUrl: SLACK_API_URL, retryConfig: { retries: 2 }, timeout: 10_000 };
  const api = new URL(SLACK_API_URL);
  // A stand-in for Slack brings its own consent page.
  const authorizationUrl = api.hostname.endsWith("slack.com") ? undefined : new URL("/oauth/v2/authorize", api).href;
  return {
    clientId: client.id,
    clientSecret: client.secret,
    // Every listening process must know the state that another one gave out.
    stateSecret: createHmac("sha256", client.secret).update("heed oauth state").digest("hex"),
    scopes: [...SCOPES],
    installationStore: storeOf(installations),
    ...(SLACK_REDIRECT_URI && { redirectUri: SLACK_REDIRECT_URI }),
    installerOptions: {
      directInstall: true,
      clientOptions,
      ...(authorizationUrl && { authorizationUrl }),
      ...(SLACK_REDIRECT_URI && { redirectUriPath: new URL(SLACK_REDIRECT_URI).pathname }),
    },
  };
}

function storeOf(installations: Installations): InstallationStore {
  return {
    storeInstallation: (installation) => installations.store(installation),
    fetchInstallation: async ({ teamId, enterpriseId }) => {
      const found = await installations.fetch(teamId, enterpriseId);
      if (!found) throw new TypeError(`not installed in ${teamId ?? enterpriseId}`);
      return found as never;
    },
    deleteInstallation: async ({ teamId, enterpriseId }) => {
      for (const id of [teamId, enterpriseId]) if (id) await installations.remove(id);
    },
  };
}

/** Where Slack calls. The manifest names the first alone; the others are where apps made by hand often have them. */
const PATHS = ["/slack/events", "/slack/commands", "/slack/actions", "/slack/interactions", "/slack/interactivity"];
const INSTALL_PATH = "/slack/install";
/** How long requests may still be answered when the process leaves. */
const LONGEST_FAREWELL_MS = 3000;

type App = Parameters<Receiver["init"]>[0];
type Page = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The pages that let a workspace install Heed. */
export interface InstallPages {
  installer: NonNullable<HTTPReceiver["installer"]>;
  urlOptions: Parameters<NonNullable<HTTPReceiver["installer"]>["handleInstallPath"]>[3];
  redirectPath: string;
}

export interface PortOptions {
  port: number;
  /** Without one, Slack does not call here. */
  signingSecret?: string;
  pages?: InstallPages | undefined;
  limits?: PortLimits;
}

export class SlackPort implements Receiver {
  readonly #options: PortOptions;
  readonly #runtime: Pick<Runtime, "now" | "log">;
  readonly #pages: ReadonlyMap<string, Page>;
  #app: App | undefined;
  #server: Server | undefined;

  constructor(options: PortOptions, runtime: Pick<Runtime, "now" | "log">) {
    this.#options = options;
    this.#runtime = runtime;
    this.#pages = this.#createPages();
  }

  init(app: App): void {
    this.#app = app;
  }

  /** Throws where the port cannot be opened. */
  async start(): Promise<void> {
    const server = createServer(
      { ...(this.#options.limits ?? PORT_LIMITS) },
      (request, response) => void this.#answer(request, response),
    );
    server.maxConnections = MOST_CONNECTIONS;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#options.port, resolve);
    });
    this.#server = server.on("error", (error) => this.#runtime.log.warn("slack port", { error }));
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    const late = setTimeout(() => server.closeAllConnections(), LONGEST_FAREWELL_MS);
    await new Promise((resolve) => server.close(resolve));
    clearTimeout(late);
  }

  #createPages(): ReadonlyMap<string, Page> {
    const { signingSecret, pages } = this.#options;
    const receive: Page = (request, response) => this.#receive(request, response, signingSecret ?? "");
    const entries: [string, Page][] = signingSecret ? PATHS.map((path) => [`POST ${path}`, receive]) : [];
    if (pages) {
      const { installer, urlOptions, redirectPath } = pages;
      entries.push(
        [`GET ${INSTALL_PATH}`, (request, response) => installer.handleInstallPath(request, response, {}, urlOptions)],
        [`GET ${redirectPath}`, (request, response) => installer.handleCallback(request, response, {})],
      );
    }
    return new Map(entries);
  }

  /** Throws nothing. */
  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url } = request;
    const path = pathOf(url);
    try {
      if (path === undefined) throw new HttpError(400, "the target is no address");
      const page = this.#pages.get(`${method} ${path}`);
      if (!page) throw new HttpError(404, "there is no such page");
      await page(request, response);
    } catch (error) {
      const { status, level } = error instanceof HttpError ? error : { status: 500, level: "error" as const };
      this.#runtime.log[level]("slack port: not taken", { method, path, status, error });
      if (response.headersSent) response.destroy();
      // The rest of what is still being sent is not waited for.
      else response.writeHead(status, { Connection: "close" }).end();
    }
  }

  async #receive(request: IncomingMessage, response: ServerResponse, signingSecret: string): Promise<void> {
    const bytes = await readBytes(request);
    const { headers } = request;
    if (isSslCheck(bytes, headers["content-type"])) return void response.writeHead(200).end();
    verify(headers, bytes, signingSecret, this.#runtime.now());
    const body = parseBody(bytes, headers["content-type"]);
    if (body.type === "url_verification") return acknowledge(response, { challenge: body.challenge ?? "" });
    const ack: ReceiverEvent["ack"] = async (reply) => acknowledge(response, reply);
    await this.#app?.processEvent({ body, ack, ...retryOf(headers) }).catch((cause: unknown) => {
      throw new HttpError(500, "it could not be taken", cause);
    });
    // What Heed has no listener for is none of its business, and Slack need not send it again.
    acknowledge(response);
  }
}

/** Only the first acknowledgement counts. */
function acknowledge(response: ServerResponse, reply?: unknown): void {
  if (response.headersSent) return;
  if (!reply) response.writeHead(200).end();
  else if (typeof reply === "string") response.writeHead(200).end(reply);
  else response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(reply));
}

function retryOf(headers: IncomingMessage["headers"]): Pick<ReceiverEvent, "retryNum" | "retryReason"> {
  const [number, reason] = [headers["x-slack-retry-num"], headers["x-slack-retry-reason"]];
  return {
    ...(typeof number === "string" && { retryNum: Number.parseInt(number, 10) }),
    ...(typeof reason === "string" && { retryReason: reason }),
  };
}

const LARGEST_BYTES = 4 * 1024 * 1024;
/** How far a request's time stamp may be from this machine's clock, either way: who holds an old one may not use it. */
const FRESH_MS = 5 * 60_000;
const FORM = "application/x-www-form-urlencoded";

/** A request that gets no more than a status; the rest is for the log. */
export class HttpError extends Error {
  readonly status: number;
  readonly level: "info" | "warn";

  constructor(status: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.status = status;
    this.level = status < 500 ? "info" : "warn";
  }
}

/** Throws HttpError 413 where there is too much, 400 where it breaks off. */
export async function readBytes(request: IncomingMessage): Promise<Uint8Array> {
  try {
    return await readBounded(request, LARGEST_BYTES, () => new HttpError(413, "the body is too large"));
  } catch (cause) {
    throw cause instanceof HttpError ? cause : new HttpError(400, "the body broke off", cause);
  }
}

/** Throws HttpError 401 where Slack did not sign these bytes with `secret`, or not lately. `now` in milliseconds since 1970. */
export function verify(headers: IncomingHttpHeaders, bytes: Uint8Array, secret: string, now: number): void {
  const [stamp, signature] = [headers["x-slack-request-timestamp"], headers["x-slack-signature"]];
  if (typeof stamp !== "string" || typeof signature !== "string") throw new HttpError(401, "there is no signature");
  // Also where it is no number.
  if (!(Math.abs(now - Number(stamp) * 1000) <= FRESH_MS)) throw new HttpError(401, "the time stamp is not of now");
  const wanted = `v0=${createHmac("sha256", secret).update(`v0:${stamp}:`).update(bytes).digest("hex")}`;
  const [given, own] = [Buffer.from(signature), Buffer.from(wanted)];
  if (given.length !== own.length || !timingSafeEqual(given, own)) throw new HttpError(401, "the signature is another");
}

/** Whether Slack only looks if a port is there. It does not sign that. */
export function isSslCheck(bytes: Uint8Array, contentType: string | undefined): boolean {
  return isForm(contentType) && new URLSearchParams(Buffer.from(bytes).toString()).get("ssl_check") === "1";
}

/** Throws HttpError 400 where it is nothing that Slack says. */
export function parseBody(bytes: Uint8Array, contentType: string | undefined): Body {
  const text = decode(bytes);
  const parsed = Body.safeParse(isForm(contentType) ? fieldsOf(text) : parse(text));
  if (!parsed.success) throw new HttpError(400, "the body is none of Slack's", parsed.error);
  return parsed.data;
}

function isForm(contentType = ""): boolean {
  return contentType.split(";")[0]?.trim().toLowerCase() === FORM;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new HttpError(400, "the body is not UTF-8", cause);
  }
}

/** A form is a command's fields, or an interaction as JSON in the field "payload". */
function fieldsOf(text: string): unknown {
  const fields = [...new URLSearchParams(text)];
  const named = Object.fromEntries(fields);
  // Two readers could take different ones of the two.
  if (Object.keys(named).length < fields.length) throw new HttpError(400, "a field stands twice");
  return named["payload"] === undefined ? named : parse(named["payload"]);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new HttpError(400, "the body is no JSON", cause);
  }
}
