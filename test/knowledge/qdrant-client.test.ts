// Requests to Qdrant over connections that are kept: what closes meanwhile, what never ends, what is too large.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { createCall } from "../../src/knowledge/stores/qdrant/call.ts";
import { createSend, HttpError } from "../../src/knowledge/stores/qdrant/client.ts";
import { createTestRuntime } from "../fakes/test-runtime.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ok = (response: ServerResponse, result: unknown = 1) => response.end(JSON.stringify({ result, status: "ok" }));
const get = { method: "GET", path: "/aliases" } as const;

describe("a request to Qdrant", () => {
  test("on a connection that the server closes in that moment is sent again at once, without a warning", async () => {
    const sockets = new Set<Socket>();
    let answered = 0;
    const url = await serve((request, response) => {
      // Every connection serves one request, and breaks at the second.
      if (sockets.has(request.socket)) return void request.socket.destroy();
      sockets.add(request.socket);
      answered++;
      ok(response);
    });
    const runtime = createTestRuntime();
    const call = createCall(createSend({ url }), runtime);
    for (let i = 0; i < 5; i++) expect(await call(get, z.number())).toBe(1);
    expect(answered).toBe(5);
    expect(runtime.events).toEqual([]);
    expect(runtime.now()).toBe(createTestRuntime().now());
  });

  test("that fails on a new connection is tried again with a warning, and told in the end", async () => {
    const url = await serve((request) => void request.socket.destroy());
    const runtime = createTestRuntime();
    await expect(createCall(createSend({ url }), runtime)(get, z.number())).rejects.toMatchObject({
      code: "unavailable",
    });
    expect(runtime.events.filter(({ level }) => level === "warn")).toHaveLength(3);
  });

  test("that is given up is closed, and fails with the reason", async () => {
    const closed = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const url = await serve((request) => {
      request.socket.once("close", () => closed.resolve());
      asked.resolve();
    });
    const stop = new AbortController();
    const sent = createSend({ url })(get, stop.signal);
    await asked.promise;
    stop.abort(new Error("enough"));
    await expect(sent).rejects.toThrow("enough");
    await closed.promise;
  });

  test("keeps its key, its path's beginning, its body and what the server says of its mistake", async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      void request.toArray().then((chunks) => {
        seen.push([request.url, request.headers["api-key"], Buffer.concat(chunks as Buffer[]).toString()]);
        response.writeHead(400).end(JSON.stringify({ status: { error: "Wrong input: 語" } }));
      });
    });
    const send = createSend({ url: `${url}/behind/`, apiKey: "secret" });
    await expect(send({ method: "POST", path: "/collections/a", body: { text: "語" } })).rejects.toEqual(
      new HttpError(400, "Wrong input: 語"),
    );
    expect(seen).toEqual([["/behind/collections/a", "secret", '{"text":"語"}']]);
  });

  test("whose answer is no JSON, or is not of the form that is asked for, fails and is not asked again", async () => {
    let requests = 0;
    const url = await serve((_, response) => {
      requests++;
      ok(response, "a string");
    });
    await expect(createCall(createSend({ url }), createTestRuntime())(get, z.number())).rejects.toThrow(/number/);
    expect(requests).toBe(1);
  });
});
