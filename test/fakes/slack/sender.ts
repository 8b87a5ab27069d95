// The half of Slack that calls the app: signed requests to its port, or envelopes through its socket.

import { createHmac } from "node:crypto";
import type { Json } from "../../../src/core/runtime.ts";
import { PATIENCE_MS } from "../wait.ts";
import type { SlackServer } from "./server.ts";

/** How the app acknowledged. `body` is what it said in the acknowledgement. */
export interface Acknowledged {
  status: number;
  body: Json;
  ms: number;
}

export interface Retry {
  num: number;
  reason: string;
}

export interface Sender {
  event(body: object, retry?: Retry): Promise<Acknowledged>;
  command(form: Record<string, string>): Promise<Acknowledged>;
  interactive(payload: object): Promise<Acknowledged>;
}

export const SIGNING_SECRET = "a signing secret for tests";

export function httpSender(port: number, { secret = SIGNING_SECRET, path = "/slack/events" } = {}): Sender {
  const send = async (type: string, body: string, retry?: Retry): Promise<Acknowledged> => {
    const time = String(Math.floor(Date.now() / 1000));
    const signature = `v0=${createHmac("sha256", secret).update(`v0:${time}:${body}`).digest("hex")}`;
    const startedAt = performance.now();
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: "POST",
      body,
      headers: {
        "content-type": type,
        "x-slack-request-timestamp": time,
        "x-slack-signature": signature,
        ...(retry && { "x-slack-retry-num": String(retry.num), "x-slack-retry-reason": retry.reason }),
      },
    });
    const text = await response.text();
    return { status: response.status, body: parse(text), ms: performance.now() - startedAt };
  };
  const form = "application/x-www-form-urlencoded";
  return {
    event: (body, retry) => send("application/json", JSON.stringify(body), retry),
    command: (fields) => send(form, new URLSearchParams(fields).toString()),
    interactive: (payload) => send(form, new URLSearchParams({ payload: JSON.stringify(payload) }).toString()),
  };
}

export function socketSender(slack: SlackServer): Sender {
  const waiting = new Map<string, (payload: Json) => void>();
  slack.onSocket = ({ envelope_id, payload }) => waiting.get(envelope_id)?.(payload ?? null);
  const send = async (type: string, payload: object, retry?: Retry): Promise<Acknowledged> => {
    const envelope_id = crypto.randomUUID();
    const { promise, resolve } = Promise.withResolvers<Json>();
    waiting.set(envelope_id, resolve);
    const [socket] = slack.sockets;
    const startedAt = performance.now();
    const extra = retry ? { retry_attempt: retry.num, retry_reason: retry.reason } : {};
    socket?.send(JSON.stringify({ envelope_id, type, payload, accepts_response_payload: true, ...extra }));
    const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), PATIENCE_MS).unref());
    const body = await Promise.race([promise, late]);
    waiting.delete(envelope_id);
    return { status: body === undefined ? 0 : 200, body: body ?? null, ms: performance.now() - startedAt };
  };
  return {
    event: (body, retry) => send("events_api", body, retry),
    command: (form) => send("slash_commands", form),
    interactive: (payload) => send("interactive", payload),
  };
}

function parse(text: string): Json {
  try {
    return text ? (JSON.parse(text) as Json) : "";
  } catch {
    return text;
  }
}
