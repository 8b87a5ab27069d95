// Socket Mode on two sockets, so that one hears while the other connects anew; neither is ever given up.

import type { Receiver, SocketModeReceiver } from "@slack/bolt";
import type { World } from "../../../src/core/world.ts";

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
  world: World,
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
      void keepOpen(first.client, world, leaving.signal);
      void openLater(second.client, world, leaving.signal);
    },
    async stop() {
      leaving.abort(new Error("stopped"));
      await Promise.all([first.stop(), second.stop(), port?.stop()]);
    },
  };
}

async function openLater(client: Client, world: World, signal: AbortSignal): Promise<void> {
  await world.sleep(APART_MS, signal).catch(() => {});
  await open(client, world, signal);
  await keepOpen(client, world, signal);
}

/** Opens a socket again whenever it has ended. */
async function keepOpen(client: Client, world: World, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const openedAt = world.now();
    await new Promise<void>((resolve) => client.once("disconnected", () => resolve()));
    if (world.now() - openedAt < SHORT_LIFE_MS) await world.sleep(FIRST_PAUSE_MS, signal).catch(() => {});
    await open(client, world, signal);
  }
}

/** Tries for as long as it takes. */
async function open(client: Client, world: World, signal: AbortSignal): Promise<void> {
  for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE_MS))
    try {
      await client.start();
      return;
    } catch (error) {
      world.log.error("slack lends no socket", { error });
      await world.sleep(pause, signal).catch(() => {});
    }
}
