// A chat on loopback: messages are posted, edited and looked up, and everyone may see what stands there in the end.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Message {
  question: string;
  text: string;
  state: string;
  edits: number;
}

/** What a worker asks of the chat, with the process id of the worker. */
export interface Ask {
  method: "GET" | "POST" | "PUT";
  question: string;
  state: string;
  worker: number;
}

export interface PlatformServer {
  url: string;
  messages: Message[];
  /** Called when the chat has done what was asked, before the worker is told; false leaves the worker untold. */
  intercept: (ask: Ask) => boolean;
  close(): Promise<void>;
}

export async function startPlatform(): Promise<PlatformServer> {
  const messages: Message[] = [];
  const platform: PlatformServer = { url: "", messages, intercept: () => true, close: async () => {} };
  const server = createServer((request, response) => void serve(request, response));
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    const { searchParams, pathname } = new URL(request.url ?? "", "http://localhost");
    const question = searchParams.get("question") ?? body.question;
    const answer = apply(request.method ?? "", Number(pathname.split("/")[2]), { ...body, question }, messages);
    const worker = Number(request.headers["x-worker"]);
    if (!platform.intercept({ method: request.method as Ask["method"], question, state: body.state, worker })) return;
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? {}));
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  platform.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  platform.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return platform;
}

function apply(method: string, at: number, { question, text, state }: Omit<Message, "edits">, messages: Message[]) {
  if (method === "POST") return { id: messages.push({ question, text, state, edits: 0 }) - 1 };
  if (method === "GET") {
    const id = messages.findIndex((message) => message.question === question);
    return id >= 0 ? { id } : undefined;
  }
  const message = messages[at];
  if (message) Object.assign(message, { text, state, edits: message.edits + 1 });
  return message && { id: at };
}

async function read(request: IncomingMessage): Promise<Omit<Message, "edits">> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString("utf8");
  return { question: "", text: "", state: "", ...(body ? (JSON.parse(body) as Partial<Message>) : {}) };
}
