// The stand-in chat as an adapter: questions come in over HTTP, posts go out to the chat's server.

import { createServer } from "node:http";
import { BotError } from "../../../src/core/errors.ts";
import { Invocation } from "../../../src/core/invocation.ts";
import type { Adapter, Outbox } from "../../../src/core/platform.ts";
import { textOf } from "../../../src/core/post.ts";

const away = new BotError("unavailable", { en: "the chat is away", "zh-TW": "聊天室無法連線" });

export function createStandInAdapter(chat: string, listenOn?: number): Adapter {
  const send = async (method: string, path: string, body?: object) => {
    const headers = { "x-worker": String(process.pid) };
    const request = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const response = await fetch(`${chat}${path}`, request).catch((cause: unknown) => {
      throw new BotError("unavailable", away.phrase, { cause });
    });
    return response.ok ? ((await response.json()) as { id: number }) : undefined;
  };
  const open = (question: string, receipt: unknown, maybePosted: boolean): Outbox => {
    let id = typeof receipt === "number" ? receipt : undefined;
    return {
      pace: 20,
      async show(post) {
        const body = { question, text: textOf(post), state: post.state };
        if (id === undefined && maybePosted) id = (await send("GET", `/messages?question=${question}`))?.id;
        const shown = await (id === undefined ? send("POST", "/messages", body) : send("PUT", `/messages/${id}`, body));
        if (!shown) throw away;
        return (id = shown.id);
      },
    };
  };
  const server = createServer();
  return {
    async start(dispatcher) {
      server.on("request", (request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
          const invocation = Invocation.parse(JSON.parse(Buffer.concat(chunks).toString("utf8")));
          dispatcher.enqueue(invocation).then(
            () => response.writeHead(200).end(),
            () => response.writeHead(503).end(),
          );
        });
      });
      await new Promise<void>((resolve) => server.listen(listenOn, "127.0.0.1", resolve));
    },
    open: ({ channel }, receipt, maybePosted = false) => open(channel, receipt, maybePosted),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
