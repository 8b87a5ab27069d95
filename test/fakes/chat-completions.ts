// A small vendor on loopback that speaks OpenAI's dialect, at the speed and with the faults that a test asks for.

import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeVendor {
  /** What OPENAI_BASE_URL is set to. */
  url: string;
  /** Every request's messages, as one text. */
  asked: string[];
  close(): Promise<void>;
}

/** `answer` writes the reply to the nth request, counted from 1. */
export async function startFakeVendor(
  answer: (stream: AnswerStream, asked: string, n: number) => Promise<void> | void,
): Promise<FakeVendor> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.method === "GET") return void response.writeHead(404).end();
      const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { messages: { content: unknown }[] };
      asked.push(body.messages.map(({ content }) => JSON.stringify(content)).join("\n"));
      void answer(new AnswerStream(response), asked.at(-1)!, asked.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export class AnswerStream {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  say(text: string): this {
    return this.#send({ choices: [{ index: 0, delta: { content: text }, finish_reason: null }] });
  }

  end(): void {
    this.#send({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
    this.#send({ choices: [], usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 } });
    this.#response.end("data: [DONE]\n\n");
  }

  refuse(status: number, headers: Record<string, string> = {}): void {
    this.#response.writeHead(status, { "content-type": "application/json", ...headers });
    this.#response.end(JSON.stringify({ error: { message: `status ${status}`, type: "test" } }));
  }

  break(): void {
    this.#response.destroy();
  }

  #send(part: object): this {
    if (!this.#response.headersSent) this.#response.writeHead(200, { "content-type": "text/event-stream" });
    const chunk = { id: "x", object: "chat.completion.chunk", created: 1, model: "fake", ...part };
    this.#response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    return this;
  }
}
