// Heed's port for Slack: signed requests where Slack calls, and the pages of OAuth. Whatever arrives, the process goes on.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { HTTPReceiver, Receiver, ReceiverEvent } from "@slack/bolt";
import { MOST_CONNECTIONS, pathOf, PORT_LIMITS, type PortLimits } from "../../../src/core/port.ts";
import type { World } from "../../../src/core/world.ts";
import { isSslCheck, parseBody, readBytes, HttpError, verify } from "./signed-request.ts";

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
  readonly #world: Pick<World, "now" | "log">;
  readonly #pages: ReadonlyMap<string, Page>;
  #app: App | undefined;
  #server: Server | undefined;

  constructor(options: PortOptions, world: Pick<World, "now" | "log">) {
    this.#options = options;
    this.#world = world;
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
    this.#server = server.on("error", (error) => this.#world.log.warn("slack port", { error }));
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
    const hear: Page = (request, response) => this.#hear(request, response, signingSecret ?? "");
    const entries: [string, Page][] = signingSecret ? PATHS.map((path) => [`POST ${path}`, hear]) : [];
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
      this.#world.log[level]("slack port: not taken", { method, path, status, error });
      if (response.headersSent) response.destroy();
      // The rest of what is still being sent is not waited for.
      else response.writeHead(status, { Connection: "close" }).end();
    }
  }

  async #hear(request: IncomingMessage, response: ServerResponse, signingSecret: string): Promise<void> {
    const bytes = await readBytes(request);
    const { headers } = request;
    if (isSslCheck(bytes, headers["content-type"])) return void response.writeHead(200).end();
    verify(headers, bytes, signingSecret, this.#world.now());
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
