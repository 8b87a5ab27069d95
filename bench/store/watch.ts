// What the bench of the stores sees from outside: HTTP requests and bytes of their answers, and how long others had to wait.

import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

export interface Traffic {
  requests: number;
  bytes: number;
}

/** Counts from now on; what it resolves with grows. */
export function watchTraffic(): Readonly<Traffic> {
  const traffic: Traffic = { requests: 0, bytes: 0 };
  const read = new WeakMap<Socket, number>();
  subscribe("http.client.response.finish", (message) => {
    const { socket } = (message as { response: IncomingMessage }).response;
    traffic.requests++;
    traffic.bytes += socket.bytesRead - (read.get(socket) ?? 0);
    read.set(socket, socket.bytesRead);
  });
  return traffic;
}

/** How long anything else in this thread had to wait, at most, from now until it is asked. */
export function watchOthers(): () => Promise<number> {
  let [last, longest] = [performance.now(), 0];
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  return async () => {
    await pause(20);
    clearInterval(beat);
    return longest;
  };
}

export async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
