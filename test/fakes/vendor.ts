// A vendor's server on the loopback, scripted piece by piece: what to send, when, and how to break off.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Runtime } from "../../src/core/runtime.ts";

/** Breaks the connection off. */
export const RESET = Symbol("reset");
/** Says nothing more, and leaves the connection open. */
export const HANG = Symbol("hang");

/** One thing the server does after the one before. Bytes go out as they are, in a write of their own. */
export type Step = string | Uint8Array | { pause: number } | typeof RESET | typeof HANG;

export interface Script {
  status?: number;
  headers?: Record<string, string>;
  steps: readonly Step[];
}

export interface Seen {
  path: string;
  headers: IncomingMessage["headers"];
  body: Record<string, unknown>;
  /** Resolves when the client has closed the request before it was answered to the end. */
  left: Promise<void>;
}

export interface VendorServer extends AsyncDisposable {
  url: string;
  seen: Seen[];
  play(script: Script): void;
}

export async function startVendor(): Promise<VendorServer> {
  let script: Script = { status: 500, steps: [] };
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const left = new Promise<void>((resolve) => {
        response.once("close", () => {
          if (!response.writableFinished) resolve();
        });
      });
      seen.push({ path: request.url ?? "", headers: request.headers, body, left });
      return perform(script, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    play(next) {
      script = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

async function read(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return (text ? JSON.parse(text) : {}) as Record<string, unknown>;
}

async function perform({ status = 200, headers, steps }: Script, response: ServerResponse): Promise<void> {
  response.writeHead(status, headers ?? { "content-type": "text/event-stream" });
  response.flushHeaders();
  for (const step of steps) {
    if (response.destroyed || step === HANG) return;
    if (step === RESET) {
      response.socket?.resetAndDestroy();
      return;
    }
    if (typeof step === "object" && "pause" in step) await sleep(step.pause);
    else await write(response, step);
  }
  response.end();
}

/** Waits until the bytes are gone, so that each step is a chunk of its own on the wire. */
async function write(response: ServerResponse, bytes: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => {
    response.write(bytes, () => resolve());
  });
  await sleep(1);
}

/** The real network and clock; `speed` makes the clock run that many times faster. */
export function liveRuntime(speed = 1): Runtime & { logged: unknown[] } {
  const logged: unknown[] = [];
  const note = (event: string, fields?: unknown) => {
    logged.push({ event, fields });
  };
  return {
    fetch: (input, init) => fetch(input, init),
    now: () => Date.now() * speed,
    sleep: (ms, signal) =>
      sleep(ms / speed, undefined, signal ? { signal } : {}).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw error;
      }),
    log: { debug: note, info: note, warn: note, error: note },
    console: { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough(), args: [] },
    logged,
  };
}
