// The door of Socket Mode: only what has the shape of Slack's messages reaches the library, and what fails there stays there.

import type { SocketModeReceiver } from "@slack/bolt";
import type { World } from "../../../src/core/world.ts";
import { SocketMessage } from "./payloads.ts";

type Client = SocketModeReceiver["client"];
type Hear = (data: unknown, isBinary: boolean) => unknown;

const HEARD = "ws_message";

/**
 * The client reads fields of whatever JSON comes, in a promise that nobody waits for, and emits each event under the
 * name that its sender gave it: "close" or "error" would be taken for its own.
 */
export function guardEnvelopes(client: Client, { log }: Pick<World, "log">): void {
  const listeners = client.listeners(HEARD) as Hear[];
  client.removeAllListeners(HEARD);
  const refuse = (error: unknown) => log.warn("slack socket: not taken", { error });
  const hear: Hear = async (data, isBinary) => {
    try {
      const { success, error, data: message } = SocketMessage.safeParse(parse(data));
      if (!success) return refuse(error);
      const names = [message.type, message.type === "events_api" ? message.payload?.event?.type : undefined];
      if (names.some((name) => name !== undefined && client.listenerCount(name) > 0))
        return refuse(new TypeError("an event is called like one of the socket's own"));
      await Promise.all(listeners.map((hear) => hear(data, isBinary)));
    } catch (error) {
      refuse(error);
    }
  };
  client.on(HEARD, (data: unknown, isBinary: boolean) => void hear(data, isBinary));
}

function parse(data: unknown): unknown {
  return JSON.parse(typeof data === "string" ? data : new TextDecoder().decode(data as ArrayBuffer));
}
