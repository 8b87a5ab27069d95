// Slack as a server on loopback: the Web API, files, response URLs and Socket Mode, with faults on demand.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import type { Json } from "../../../src/core/runtime.ts";
import { check, methods, Refused, type Args } from "./methods.ts";
import { createState, type SlackState } from "./state.ts";
import { wordOf } from "../word-of.ts";

/** What goes wrong with a method's next calls. `after`: it takes effect, but the answer is lost. */
export type Fault = ({ error: string; needed?: string } | { status: number; retryAfter?: number; after?: boolean }) & {
  /** What else must be so of the call. */
  when?: (args: Args) => boolean;
};

export interface SlackServer {
  url: string;
  state: SlackState;
  /** Every call of the Web API, oldest first, with the time it came. */
  calls: { method: string; args: Args; at: number; token: string }[];
  /** Fails the next `times` calls of a method, or of any with "*". */
  fail(method: string, fault: Fault, times?: number): void;
  clearFaults(): void;
  /** What the stand-in itself refused, and why: a test that expects none sees them here. */
  refusals: string[];
  /** Replies at response URLs, by their path. */
  responses: { path: string; body: { [key: string]: Json } }[];
  sockets: Set<WebSocket>;
  /** Called with what the app sends over a socket. */
  onSocket: (message: { envelope_id: string; payload?: Json }) => void;
  /** Tokens that the OAuth exchange hands out, oldest first. */
  grants: { [key: string]: Json }[];
  close(): Promise<void>;
}

export async function startSlack(): Promise<SlackServer> {
  const faults: { method: string; fault: Fault; left: number }[] = [];
  const sockets = new Set<WebSocket>();
  const server = createServer((request, response) => void answer(request, response, slack, faults));
  const gate = new WebSocketServer({ server, path: "/link" });
  gate.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("message", (data: Buffer) => slack.onSocket(JSON.parse(data.toString("utf8"))));
    socket.send(JSON.stringify({ type: "hello", num_connections: sockets.size }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const slack: SlackServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state: createState(),
    calls: [],
    refusals: [],
    responses: [],
    sockets,
    grants: [],
    onSocket: () => {},
    fail: (method, fault, times = 1) => void faults.push({ method, fault, left: times }),
    clearFaults: () => void (faults.length = 0),
    close: () => closeAll(server, gate, sockets),
  };
  return slack;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  slack: SlackServer,
  faults: { method: string; fault: Fault; left: number }[],
): Promise<void> {
  const body = await readAll(request);
  const path = new URL(request.url ?? "/", slack.url).pathname;
  const token = (request.headers.authorization ?? "").replace("Bearer ", "");
  if (path.startsWith("/files/")) return sendFile(path.slice(7), token, response, slack);
  const takeFault = (name: string, args: Args = {}) => {
    const hit = faults.find(
      ({ method, left, fault: { when = () => true } }) => (method === name || method === "*") && left > 0 && when(args),
    );
    if (hit) hit.left--;
    return hit?.fault;
  };
  if (path.startsWith("/upload/")) {
    const fault = takeFault("upload");
    if (fault && "status" in fault) return reply(response, fault.status, { ok: false });
    return receiveUpload(path.slice(8), body, response, slack);
  }
  if (path.startsWith("/response/")) return receiveResponse(path, body.toString("utf8"), response, slack);
  const method = path.replace("/api/", "");
  const args = parseArgs(body.toString("utf8"));
  slack.calls.push({ method, args, at: Date.now(), token });
  const fault = takeFault(method, args);
  const result = fault && !("after" in fault) ? undefined : run(method, args, token, slack);
  if (!fault) return reply(response, 200, result!);
  if ("error" in fault) {
    const { error, needed } = fault;
    return reply(response, 200, { ok: false, error, ...(needed && { needed }) });
  }
  const headers = fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
  reply(response, fault.status, { ok: false, error: "fault" }, headers);
}

function run(method: string, args: Args, token: string, slack: SlackServer): Record<string, Json> {
  const { state } = slack;
  if (method === "apps.connections.open") return { ok: true, url: `${slack.url.replace("http", "ws")}/link` };
  if (method === "oauth.v2.access") return grant(slack);
  if (!state.tokens.has(token)) return { ok: false, error: "invalid_auth" };
  try {
    const act = methods[method];
    if (!act) return { ok: false, error: "unknown_method" };
    return { ok: true, ...absolute(act(args, state), slack.url) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    slack.refusals.push(`${method}: ${error.message} ${error.why ?? ""}`);
    return { ok: false, error: error.message, response_metadata: { messages: error.why ? [error.why] : [] } };
  }
}

function grant({ grants }: SlackServer): Record<string, Json> {
  const next = grants.shift();
  return next ? { ok: true, ...next } : { ok: false, error: "invalid_code" };
}

/** Addresses on this very server, which the methods do not know. */
function absolute(result: Record<string, Json>, url: string): Record<string, Json> {
  return JSON.parse(
    JSON.stringify(result).replaceAll('"UPLOAD/', `"${url}/upload/`).replaceAll('"FILES/', `"${url}/files/`),
  );
}

function sendFile(id: string, token: string, response: ServerResponse, { state }: SlackServer): void {
  const file = state.files.get(id);
  if (!file) return reply(response, 404, { ok: false });
  if (!state.tokens.has(token)) {
    response.writeHead(200, { "content-type": "text/html" }).end("<html>sign in</html>");
    return;
  }
  response.writeHead(200, { "content-type": file.type }).end(file.bytes);
}

function receiveUpload(id: string, body: Buffer, response: ServerResponse, { state }: SlackServer): void {
  Object.assign(
    state.uploads.find((upload) => upload.id === id)!,
    { bytes: new Uint8Array(body) },
  );
  response.writeHead(200).end("OK");
}

const USES_OF_A_RESPONSE_URL = 5;

function receiveResponse(
  path: string,
  text: string,
  response: ServerResponse,
  { responses, refusals, state }: SlackServer,
): void {
  const body = JSON.parse(text) as { [key: string]: Json };
  const used = responses.filter((each) => each.path === path).length;
  if (used >= USES_OF_A_RESPONSE_URL) return reply(response, 404, { ok: false, error: "used_url" });
  try {
    if (!body["delete_original"]) check(body);
  } catch (error) {
    refusals.push(`response_url: ${String(error)}`);
    return reply(response, 200, { ok: false, error: "invalid_blocks" });
  }
  responses.push({ path, body });
  takePlace(path, body, state);
  reply(response, 200, { ok: true });
}

/** What came from a press may replace or delete the message that was pressed, for all who see it. */
function takePlace(path: string, body: { [key: string]: Json }, { messages, origins }: SlackState): void {
  const message = messages.find(({ ts }) => ts === origins.get(path));
  if (message && body["delete_original"]) messages.splice(messages.indexOf(message), 1);
  else if (message && body["replace_original"])
    Object.assign(message, { text: wordOf(body["text"] ?? ""), blocks: body["blocks"] ?? [] });
}

function parseArgs(body: string): Args {
  const entries = [...new URLSearchParams(body)];
  return Object.fromEntries(entries.map(([name, value]) => [name, /^[[{]/.test(value) ? parse(value) : value]));
}

function parse(value: string): Json {
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function reply(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

async function closeAll(server: Server, gate: WebSocketServer, sockets: ReadonlySet<WebSocket>): Promise<void> {
  for (const socket of sockets) socket.terminate();
  gate.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
