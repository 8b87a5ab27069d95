// Requests to a worker, a thread or a process, and the answers to them: the client that starts it, and the loop inside it.

import { inspect } from "node:util";
import { parentPort } from "node:worker_threads";
import { abortable, withTimeLimit } from "./async.ts";
import { BotError, type ErrorCode } from "./errors.ts";
import type { Phrase } from "./language.ts";
import type { Fields, Log, Runtime } from "./runtime.ts";
import { openProcess, openThread, type Peer } from "./worker-peer.ts";

interface WorkerRequest<Request> {
  id: number;
  request: Request;
}

/** A value, an error that the worker foresaw, one that it did not, or a line for the log. */
type WorkerResponse<Value> =
  | { log: keyof Log; event: string; fields: Fields }
  | { id: number; value: Value }
  | { id: number; refusal: { code: ErrorCode; phrase: Phrase; cause: unknown } }
  | { id: number; failure: string };

export interface WorkerPlan {
  /** The file that the worker runs, and what it is given to begin with. */
  script: URL;
  data: unknown;
  /**
   * What to throw where the worker died, with the Error of its death (PeerDeath for a process), or its work threw what it did not
   * foresee, with that as a string.
   */
  broken: (cause: Error | string) => Error;
  /** Without them the worker lives until it is closed, and a request may take as long as it takes. */
  limits?: WorkerLimits;
}

export interface WorkerLimits {
  /** The worker is ended when nobody has asked it for so long, in milliseconds. */
  idleMs: number;
  /** A request that takes longer, in milliseconds, ends the worker, since that may hang. */
  limitMs: number;
  /** The error that a person reads then. */
  late: () => Error;
  clock: Pick<Runtime, "sleep" | "log">;
  /**
   * Makes the worker a process that is ended where it takes more, in bytes. Most of what exhausts the memory of a thread ends
   * its whole process, whatever the thread's own limits say. Its requests come one at a time, and one that is given up ends it.
   */
  memory?: number;
}

export interface WorkerClient<Request, Value> {
  /** Throws what the thread refused with, plan.broken or plan.late; throws the signal's reason when it is aborted. */
  ask(request: Request, signal?: AbortSignal): Promise<Value>;
  /** Ends the thread; a later request starts it again. */
  close(): Promise<void>;
  /** Whether someone waits for it. */
  isBusy(): boolean;
}

interface Waiting<Value> {
  resolve: (value: Value) => void;
  reject: (error: Error) => void;
}

/** A running worker and who waits for it. */
interface Running<Value> {
  worker: Peer;
  waiting: Map<number, Waiting<Value>>;
  idle: AbortController;
}

/** A worker that starts at the first request, and again after it has ended or died. */
export function createWorkerClient<Request, Value>(plan: WorkerPlan): WorkerClient<Request, Value> {
  const { limits } = plan;
  let running: Running<Value> | undefined;
  let asked = 0;

  const close = async (): Promise<void> => {
    const { worker, idle } = running ?? {};
    running = undefined;
    idle?.abort();
    await worker?.end();
  };
  const end = ({ clock }: WorkerLimits) => {
    close().catch((error: unknown) => clock.log.error("a worker did not end", { script: plan.script.pathname, error }));
  };
  const rest = (current: Running<Value>): void => {
    if (!limits) return;
    current.idle = new AbortController();
    limits.clock.sleep(limits.idleMs, current.idle.signal).then(
      // Someone may have asked in the same moment.
      () => void (current.waiting.size === 0 && end(limits)),
      () => undefined,
    );
  };
  const within = (answered: Promise<Value>, given: WorkerLimits, signal: AbortSignal | undefined) => {
    const late = () => {
      // Ending the worker fails whoever waits for it; this one hears the true reason first.
      end(given);
      return given.late();
    };
    return withTimeLimit(answered, given.limitMs, late, given.clock, signal);
  };

  const ask = async (request: Request, signal?: AbortSignal): Promise<Value> => {
    signal?.throwIfAborted();
    const current = (running ??= start<Value>(plan, (ended) => {
      if (running === ended) running = undefined;
    }));
    current.idle.abort();
    // A worker keeps the process alive while someone waits for it, and only then.
    current.worker.ref();
    const id = asked++;
    const answered = new Promise<Value>((resolve, reject) => current.waiting.set(id, { resolve, reject }));
    current.worker.post({ id, request } satisfies WorkerRequest<Request>);
    try {
      return await (limits ? within(answered, limits, signal) : abortable(answered, signal));
    } finally {
      if (limits?.memory !== undefined && signal?.aborted && running === current) end(limits);
      current.waiting.delete(id);
      if (current.waiting.size === 0) current.worker.unref();
      if (running === current && current.waiting.size === 0) rest(current);
    }
  };

  return { ask, close, isBusy: () => running !== undefined && running.waiting.size > 0 };
}

function start<Value>({ script, data, broken, limits }: WorkerPlan, onEnd: (ended: Running<Value>) => void) {
  const heard = (response: WorkerResponse<Value>) => {
    if ("log" in response) return limits?.clock.log[response.log](response.event, response.fields);
    const waiting = started.waiting.get(response.id);
    if ("value" in response) waiting?.resolve(response.value);
    else if ("failure" in response) waiting?.reject(broken(response.failure));
    else waiting?.reject(new BotError(response.refusal.code, response.refusal.phrase, response.refusal));
  };
  const died = (cause: Error) => {
    onEnd(started);
    started.idle.abort();
    for (const waiting of started.waiting.values()) waiting.reject(broken(cause));
    started.waiting.clear();
  };
  const memory = limits?.memory;
  const worker =
    memory === undefined ? openThread(script, data, { heard, died }) : openProcess(script, memory, { heard, died });
  const started: Running<Value> = { worker, waiting: new Map(), idle: new AbortController() };
  return started;
}

/** Inside the worker: answers each request with what the work makes of it. `never` lets the work say what a request is. */
export function serveRequests<Value>(work: (request: never) => Promise<Value>): void {
  (parentPort ?? process).on("message", (message: WorkerRequest<never>) => void respond(message, work));
}

/** Inside a worker with limits: a log whose lines are written by the process that asked. */
export function createWorkerLog(): Log {
  const write =
    (log: keyof Log) =>
    (event: string, fields: Fields = {}) => {
      // Of an error only what can be copied comes across.
      const plain = Object.entries(fields).map(([key, value]) => [
        key,
        value instanceof Error ? inspect(value) : value,
      ]);
      post({ log, event, fields: Object.fromEntries(plain) as Fields } satisfies WorkerResponse<never>);
    };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

async function respond<Value>({ id, request }: WorkerRequest<never>, work: (request: never) => Promise<Value>) {
  const response: WorkerResponse<Value> = await work(request).then(
    (value) => ({ id, value }),
    (error: unknown) =>
      error instanceof BotError
        ? { id, refusal: { code: error.code, phrase: error.phrase, cause: error.cause && inspect(error.cause) } }
        : { id, failure: inspect(error) },
  );
  post(response);
}

function post(message: unknown): void {
  if (parentPort) parentPort.postMessage(message, []);
  else process.send?.(message);
}
