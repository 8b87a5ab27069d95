// Serves the dashboard of the queues behind its password.

import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Runtime } from "../core/runtime.ts";
import type { DurableQueue } from "./queue/open-queue.ts";

export type Page = (request: IncomingMessage, response: ServerResponse) => unknown;

export const DASHBOARD = "/queues";

/** A wrong password is answered so much later. */
const WRONG_COSTS_MS = 1000;
/** With so many wrong passwords of one address being answered, its next request is refused unread. */
const MOST_WRONG_AT_ONCE = 8;
/** Between two log lines about wrong passwords. */
const LOG_PAUSE_MS = 60_000;

/** An Express app. A request that it cannot read is answered without a stack trace, whatever NODE_ENV says. */
export async function createDashboard({ jobs }: Pick<DurableQueue, "jobs">): Promise<Page> {
  const [{ createBullBoard }, { BullMQAdapter }, { ExpressAdapter }] = await Promise.all([
    import("@bull-board/api"),
    import("@bull-board/api/bullMQAdapter"),
    import("@bull-board/express"),
  ]);
  const { default: express } = await import("express");
  const serverAdapter = new ExpressAdapter().setBasePath(DASHBOARD);
  createBullBoard({ queues: jobs.map((queue) => new BullMQAdapter(queue)), serverAdapter });
  const board = serverAdapter.getRouter() as ReturnType<typeof express>;
  const app = express();
  for (const each of [app, board]) each.disable("x-powered-by");
  return app.set("env", "production").use(DASHBOARD, board);
}

/** Any user name will do; a page of another site may not use the browser's memory of the password to change anything. */
export function guard(page: Page, password: string, runtime: Pick<Runtime, "now" | "sleep" | "log">): Page {
  const wanted = digest(password);
  const wrong = new WrongPasswords(runtime);
  return async (request, response) => {
    const { authorization } = request.headers;
    const from = request.socket.remoteAddress ?? "";
    if (wrong.areTooMany(from)) return say(response, 429, "too many wrong passwords: try again in a moment");
    const isRight = authorization !== undefined && timingSafeEqual(digest(passwordIn(authorization)), wanted);
    if (!isRight) {
      if (authorization !== undefined) await wrong.slow(from);
      response.setHeader("WWW-Authenticate", 'Basic realm="Heed", charset="UTF-8"');
      return say(response, 401, "a password is needed");
    }
    if (isForeign(request)) return say(response, 403, "not from another site");
    return page(request, response);
  };
}

/** Makes guessing slow and seen. Addresses are counted apart, so that who guesses locks nobody else out. */
class WrongPasswords {
  readonly #runtime: Pick<Runtime, "now" | "sleep" | "log">;
  readonly #waiting = new Map<string, number>();
  #unsaid = 0;
  #saidAt = -Infinity;

  constructor(runtime: Pick<Runtime, "now" | "sleep" | "log">) {
    this.#runtime = runtime;
  }

  areTooMany(from: string): boolean {
    return (this.#waiting.get(from) ?? 0) >= MOST_WRONG_AT_ONCE;
  }

  async slow(from: string): Promise<void> {
    this.#say(from);
    this.#waiting.set(from, (this.#waiting.get(from) ?? 0) + 1);
    await this.#runtime.sleep(WRONG_COSTS_MS);
    const left = (this.#waiting.get(from) ?? 1) - 1;
    if (left > 0) this.#waiting.set(from, left);
    else this.#waiting.delete(from);
  }

  #say(from: string): void {
    const { now, log } = this.#runtime;
    this.#unsaid++;
    if (now() - this.#saidAt < LOG_PAUSE_MS) return;
    log.warn("wrong password for the dashboard", { from, times: this.#unsaid });
    this.#unsaid = 0;
    this.#saidAt = now();
  }
}

function passwordIn(authorization: string): string {
  const given = Buffer.from(authorization.replace(/^Basic /i, ""), "base64").toString();
  return given.slice(given.indexOf(":") + 1);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function isForeign({ method = "", headers }: IncomingMessage): boolean {
  if (["GET", "HEAD"].includes(method)) return false;
  return headers.origin !== undefined && URL.parse(headers.origin)?.host !== headers.host;
}

/** A whole answer of plain text. */
export function say(response: ServerResponse, status: number, text: string, type = "text/plain; charset=utf-8"): void {
  response.writeHead(status, { "Content-Type": type, "Cache-Control": "no-store" }).end(text);
}
