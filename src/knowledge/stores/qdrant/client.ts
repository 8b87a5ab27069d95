// HTTP to Qdrant over connections that are kept: one request, a bound on its time and on its answer, and an honest error.

import { Agent, request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { Agent as SecureAgent, request as httpsRequest } from "node:https";
import { z } from "zod";
import { truncate } from "../../../core/text.ts";

export interface Request {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Behind the server's address, encoded, with its query. */
  path: string;
  /** A string is JSON already. */
  body?: string | object;
}

/** Resolves with what the answer calls its result. Throws HttpError, the signal's reason, or what the connection failed of. */
export type Send = (request: Request, signal?: AbortSignal) => Promise<unknown>;

export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Qdrant's own port, for an address that names none. */
const PORT = 6333;
const LIMIT_MS = 30_000;
/** Every answer that is asked for is far smaller; what is larger comes from something that is no Qdrant. */
const LARGEST_ANSWER = 64 * 2 ** 20;
const LONGEST_MESSAGE = 500;
/** Qdrant closes a connection that is idle for 5 s; it is let go before that. */
const IDLE_MS = 4000;
const CONNECTIONS = 32;

/** The server says of itself without calling it a result. */
const Answer = z.object({ result: z.unknown() }).transform(({ result }) => result);
const Greeting = z.object({ title: z.string(), version: z.string() });
const Good = z.union([Greeting, Answer]);
const Trouble = z.object({ status: z.object({ error: z.string() }) });

export function createSend({ url, apiKey }: { url: string; apiKey?: string | undefined }): Send {
  const base = new URL(url);
  const isSecure = base.protocol === "https:";
  const open = isSecure ? httpsRequest : httpRequest;
  const agentOf = (keepAlive: boolean) =>
    new (isSecure ? SecureAgent : Agent)({ keepAlive, maxSockets: CONNECTIONS, timeout: IDLE_MS });
  const [kept, fresh] = [agentOf(true), agentOf(false)];
  const prefix = base.pathname.replace(/\/+$/, "");
  const start = ({ method, path }: Request, bytes: Buffer | undefined, agent: Agent, signal: AbortSignal) =>
    open({
      hostname: base.hostname.replaceAll(/[[\]]/g, ""),
      port: base.port || PORT,
      method,
      path: prefix + path,
      agent,
      signal,
      headers: {
        ...(apiKey && { "api-key": apiKey }),
        ...(bytes && { "content-type": "application/json", "content-length": bytes.length }),
      },
    });
  return async (request, signal) => {
    const { body } = request;
    const bytes = body === undefined ? undefined : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
    const limit = AbortSignal.timeout(LIMIT_MS);
    const until = signal ? AbortSignal.any([signal, limit]) : limit;
    const carryOut = (agent: Agent) => answerOf(start(request, bytes, agent, until), bytes);
    try {
      return await carryOut(kept).catch((error: unknown) => {
        // The server closed an idle connection in the moment in which it was used again. Nothing was carried out.
        if (!(error instanceof ClosedMeanwhile) || until.aborted) throw error;
        return carryOut(fresh);
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  };
}

class ClosedMeanwhile extends Error {}

async function answerOf(request: ClientRequest, bytes: Buffer | undefined): Promise<unknown> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once("response", resolve);
    request.on("error", (error) => {
      reject(request.reusedSocket ? new ClosedMeanwhile(error.message, { cause: error }) : error);
    });
    request.end(bytes);
  });
  const text = await textOf(response);
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return Good.parse(JSON.parse(text));
  throw new HttpError(status, truncate(troubleOf(text), LONGEST_MESSAGE));
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += (chunk as Buffer).length;
    if (size > LARGEST_ANSWER) throw new HttpError(413, `an answer of more than ${LARGEST_ANSWER} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks, size).toString("utf8");
}

function troubleOf(text: string): string {
  try {
    return Trouble.parse(JSON.parse(text)).status.error;
  } catch {
    return text;
  }
}
