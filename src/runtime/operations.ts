// Opens the operators' port: health, readiness, metrics and the dashboard.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isLate } from "../core/async.ts";
import { BotError } from "../core/errors.ts";
import { MOST_CONNECTIONS, pathOf, PORT_LIMITS, type PortLimits } from "../core/port.ts";
import type { Runtime } from "../core/runtime.ts";
import type { Settings } from "./config.ts";
import { createDashboard, DASHBOARD, guard, say, type Page } from "./dashboard.ts";
import type { PrometheusMetrics } from "./metrics.ts";
import type { DurableQueue } from "./queue/open-queue.ts";

export interface Operations {
  /** From here on /readyz says no, so that nothing new is sent here. */
  leave(): void;
  close(): Promise<void>;
}

interface OperationsDeps {
  queue: DurableQueue;
  metrics: PrometheusMetrics;
  runtime: Pick<Runtime, "now" | "sleep" | "log">;
}

const LONGEST_LOOK_MS = 2000;
/** Nothing here belongs into another site's frame, or is anything but what it says it is. */
const HEADERS = new Headers({
  "Content-Security-Policy": "frame-ancestors 'none'",
  "X-Frame-Options": "DENY",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
});

/** Opens HEED_OPS_PORT where it is set. Throws BotError "misconfigured" where it cannot be opened. */
export async function openOperations(
  settings: Settings,
  parts: OperationsDeps,
  limits: PortLimits = PORT_LIMITS,
): Promise<Operations> {
  const { HEED_OPS_PORT: port, HEED_OPS_HOST: host, HEED_DASHBOARD_PASSWORD: password } = settings;
  if (port === undefined) return { leave: () => {}, close: async () => {} };
  const { queue, metrics, runtime } = parts;
  metrics.watch(queue);
  let isLeaving = false;
  const dashboard = password ? guard(await createDashboard(queue), password, runtime) : notFound;
  const pages = createPages(parts, () => isLeaving);
  const server = serve((path) => (isWithin(path, DASHBOARD) ? dashboard : pages.get(path)), runtime, limits);
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

function createPages({ queue, metrics, runtime }: OperationsDeps, isLeaving: () => boolean): ReadonlyMap<string, Page> {
  return new Map<string, Page>([
    ["/healthz", (_, response) => say(response, 200, "alive")],
    [
      "/readyz",
      async (_, response) => {
        const isReady = !isLeaving() && (await canReach(queue, runtime));
        say(response, isReady ? 200 : 503, isReady ? "ready" : isLeaving() ? "leaving" : "the queue is away");
      },
    ],
    [
      "/metrics",
      async (_, response) => {
        const { type, text } = await metrics.read();
        say(response, 200, text, type);
      },
    ],
  ]);
}

/** A server on which nothing that arrives, and nothing that a page throws, reaches the process. */
function serve(
  find: (path: string) => Page | undefined,
  { log }: OperationsDeps["runtime"],
  limits: PortLimits,
): Server {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = pathOf(request.url);
    try {
      response.setHeaders(HEADERS);
      if (path === undefined) return say(response, 400, "no such address");
      await (find(path) ?? notFound)(request, response);
    } catch (error) {
      log.warn("operations page failed", { path, error });
      if (response.headersSent) response.destroy();
      else say(response, 503, "not now");
    }
  };
  const server = createServer({ ...limits }, (request, response) => void answer(request, response));
  server.maxConnections = MOST_CONNECTIONS;
  return server.on("error", (error) => log.warn("operations port", { error }));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

async function canReach(queue: DurableQueue, runtime: Pick<Runtime, "sleep">): Promise<boolean> {
  const reached = queue.ping().then(
    () => true,
    () => false,
  );
  return !(await isLate(reached, LONGEST_LOOK_MS, runtime)) && reached;
}

const notFound: Page = (_, response) => say(response, 404, "nothing here");

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
