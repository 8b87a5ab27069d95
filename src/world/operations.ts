// A door for whoever operates Heed: is it alive, is it ready, what has it done, what is in its queue.

import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { BotError } from "../core/errors.ts";
import type { Log } from "../core/world.ts";
import type { Settings } from "./config.ts";
import type { PrometheusMetrics } from "./metrics.ts";
import type { DurableQueue } from "./queue/open-queue.ts";

export interface Operations {
  /** From here on /readyz says no, so that nothing new is sent here. */
  leave(): void;
  close(): Promise<void>;
}

type Page = (request: IncomingMessage, response: ServerResponse) => unknown;

interface Parts {
  queue: DurableQueue;
  metrics: PrometheusMetrics;
  log: Log;
}

const DASHBOARD = "/queues";
const LONGEST_LOOK_MS = 2000;

/** Opens HEED_OPS_PORT where it is set. Throws BotError "misconfigured" where it cannot be opened. */
export async function openOperations(settings: Settings, { queue, metrics, log }: Parts): Promise<Operations> {
  const { HEED_OPS_PORT: port, HEED_OPS_HOST: host, HEED_DASHBOARD_PASSWORD: password } = settings;
  if (port === undefined) return { leave: () => {}, close: async () => {} };
  metrics.watch(queue);
  let isLeaving = false;
  const dashboard = password ? guard(await createDashboard(queue), password) : notFound;
  const pages: Readonly<Record<string, Page>> = {
    "/healthz": (_, response) => say(response, 200, "alive"),
    "/readyz": async (_, response) => {
      const isReady = !isLeaving && (await canReach(queue));
      say(response, isReady ? 200 : 503, isReady ? "ready" : isLeaving ? "leaving" : "the queue is away");
    },
    "/metrics": async (_, response) => {
      const { type, text } = await metrics.read();
      say(response, 200, text, type);
    },
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const page = path === DASHBOARD || path.startsWith(`${DASHBOARD}/`) ? dashboard : (pages[path] ?? notFound);
    Promise.resolve(page(request, response)).catch((error: unknown) => {
      log.warn("operations page failed", { path, error });
      if (!response.headersSent) say(response, 503, "not now");
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(closed(host, port, cause)));
    server.listen(port, host, resolve);
  });
  return {
    leave: () => void (isLeaving = true),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function createDashboard({ jobs }: DurableQueue): Promise<Page> {
  const [{ createBullBoard }, { BullMQAdapter }, { ExpressAdapter }] = await Promise.all([
    import("@bull-board/api"),
    import("@bull-board/api/bullMQAdapter"),
    import("@bull-board/express"),
  ]);
  const { default: express } = await import("express");
  const serverAdapter = new ExpressAdapter().setBasePath(DASHBOARD);
  createBullBoard({ queues: jobs.map((queue) => new BullMQAdapter(queue)), serverAdapter });
  return express().use(DASHBOARD, serverAdapter.getRouter());
}

/** Any user name will do; a page of another site may not use the browser's memory of the password to change anything. */
function guard(page: Page, password: string): Page {
  const wanted = digest(password);
  return (request, response) => {
    const given = Buffer.from(request.headers.authorization?.replace(/^Basic /i, "") ?? "", "base64").toString();
    if (!timingSafeEqual(digest(given.slice(given.indexOf(":") + 1)), wanted)) {
      response.setHeader("WWW-Authenticate", 'Basic realm="Heed", charset="UTF-8"');
      return say(response, 401, "a password is needed");
    }
    if (isForeign(request)) return say(response, 403, "not from another site");
    return page(request, response);
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function isForeign({ method = "", headers }: IncomingMessage): boolean {
  if (["GET", "HEAD"].includes(method)) return false;
  return headers.origin !== undefined && URL.parse(headers.origin)?.host !== headers.host;
}

async function canReach(queue: DurableQueue): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), LONGEST_LOOK_MS)));
  const reached = queue.ping().then(
    () => true,
    () => false,
  );
  const isReached = await Promise.race([reached, late]);
  clearTimeout(timer);
  return isReached;
}

const notFound: Page = (_, response) => say(response, 404, "nothing here");

function say(response: ServerResponse, status: number, text: string, type = "text/plain; charset=utf-8"): void {
  response.writeHead(status, { "Content-Type": type, "Cache-Control": "no-store" }).end(text);
}

function closed(host: string, port: number, cause: Error): BotError {
  return new BotError(
    "misconfigured",
    {
      en: `I cannot open HEED_OPS_PORT ${host}:${port} (${cause.message}). Set another port, or leave it empty.`,
      "zh-TW": `無法開啟 HEED_OPS_PORT ${host}:${port}（${cause.message}）。請換一個連接埠，或留空。`,
    },
    { cause },
  );
}
