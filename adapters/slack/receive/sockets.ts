// Runs Socket Mode on two sockets, so that one listens while the other reconnects.

import type { Receiver, SocketModeReceiver } from "@slack/bolt";
import { retry } from "../../../src/core/async.ts";
import type { Runtime } from "../../../src/core/runtime.ts";
import { SocketMessage } from "./payloads.ts";

/** The second begins this much later, so that Slack, which ends each after some hours, never ends both at once. */
const APART_MS = 30_000;
/** One that ends sooner than this after it began is not to be opened again at once. */
const SHORT_LIFE_MS = 10_000;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

type Client = SocketModeReceiver["client"];

/**
 * Both must be told not to connect again by themselves: Bolt would wait for seconds, and end the process at a refusal.
 * `port` is for the pages of OAuth, where Heed has them.
 */
export function twoSockets(
  first: SocketModeReceiver,
  second: SocketModeReceiver,
  runtime: Runtime,
  port?: Pick<Receiver, "start" | "stop">,
): Receiver {
  const leaving = new AbortController();
  return {
    init(app) {
      first.init(app);
      second.init(app);
    },
    async start() {
      await port?.start();
      await first.start();
      void keepOpen(first.client, runtime, leaving.signal);
      void openLater(second.client, runtime, leaving.signal);
    },
    async stop() {
      leaving.abort(new Error("stopped"));
      await Promise.all([first.stop(), second.stop(), port?.stop()]);
    },
  };
}

async function openLater(client: Client, runtime: Runtime, signal: AbortSignal): Promise<void> {
  await runtime.sleep(APART_MS, signal).catch(() => {});
  await open(client, runtime, signal);
  await keepOpen(client, runtime, signal);
}

/** Opens a socket again whenever it has ended. */
async function keepOpen(client: Client, runtime: Runtime, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const openedAt = runtime.now();
    await new Promise<void>((resolve) => client.once("disconnected", () => resolve()));
    if (runtime.now() - openedAt < SHORT_LIFE_MS) await runtime.sleep(FIRST_PAUSE_MS, signal).catch(() => {});
    await open(client, runtime, signal);
  }
}

/** Tries for as long as it takes. */
async function open(client: Client, runtime: Runtime, signal: AbortSignal): Promise<void> {
  const waitAfter = (error: unknown, attempt: number) => {
    runtime.log.error("slack lends no socket", { error });
    return Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
  };
  await retry(() => client.start(), waitAfter, runtime, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

type EnvelopeClient = SocketModeReceiver["client"];
type MessageListener = (data: unknown, isBinary: boolean) => unknown;

const MESSAGE = "ws_message";

/**
 * The client reads fields of whatever JSON comes, in a promise that nobody waits for, and emits each event under the
 * name that its sender gave it: "close" or "error" would be taken for its own.
 */
export function guardEnvelopes(client: EnvelopeClient, { log }: Pick<Runtime, "log">): void {
  const listeners = client.listeners(MESSAGE) as MessageListener[];
  client.removeAllListeners(MESSAGE);
  const refuse = (error: unknown) => log.warn("slack socket: not taken", { error });
  const listener: MessageListener = async (data, isBinary) => {
    try {
      const { success, error, data: message } = SocketMessage.safeParse(parse(data));
      if (!success) return refuse(error);
      const names = [message.type, message.type === "events_api" ? message.payload?.event?.type : undefined];
      if (names.some((name) => name !== undefined && client.listenerCount(name) > 0))
        return refuse(new TypeError("an event is called like one of the socket's own"));
      await Promise.all(listeners.map((listener) => listener(data, isBinary)));
    } catch (error) {
      refuse(error);
    }
  };
  client.on(MESSAGE, (data: unknown, isBinary: boolean) => void listener(data, isBinary));
}

function parse(data: unknown): unknown {
  return JSON.parse(typeof data === "string" ? data : new TextDecoder().decode(data as ArrayBuffer));
}
