// Requests to a worker thread and the answers to them: the client that starts the thread, and the loop inside it.

import { inspect } from "node:util";
import { parentPort, Worker } from "node:worker_threads";
import { abortable, withTimeLimit } from "./async.ts";
import { BotError, type ErrorCode } from "./errors.ts";
import type { Phrase } from "./language.ts";
import type { Runtime } from "./runtime.ts";

interface WorkerRequest<Request> {
  id: number;
  request: Request;
}

/** A value, an error that the thread foresaw, or one that it did not. */
type WorkerResponse<Value> =
  | { id: number; value: Value }
  | { id: number; refusal: { code: ErrorCode; phrase: Phrase; cause: unknown } }
  | { id: number; failure: string };

export interface WorkerPlan {
  /** The file that the thread runs, and what it is given to begin with. */
  script: URL;
  data: unknown;
  /** What to throw where the thread died, with the Error of its death, or its work threw what it did not foresee, with that as a string. */
  broken: (cause: Error | string) => Error;
  /** Without them the thread lives until it is closed, and a request may take as long as it takes. */
  limits?: WorkerLimits;
}

export interface WorkerLimits {
  /** The thread is ended when nobody has asked it for so long, in milliseconds. */
  idleMs: number;
  /** A request that takes longer, in milliseconds, ends the thread, since that may hang. */
  limitMs: number;
  /** The error that a person reads then. */
  late: () => Error;
  clock: Pick<Runtime, "sleep" | "log">;
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

/** A running thread and who waits for it. */
interface Running<Value> {
  worker: Worker;
  waiting: Map<number, Waiting<Value>>;
  idle: AbortController;
}

/** A thread that starts at the first request, and again after it has ended or died. */
export function createWorkerClient<Request, Value>(plan: WorkerPlan): WorkerClient<Request, Value> {
  const { limits } = plan;
  let running: Running<Value> | undefined;
  let asked = 0;

  const close = async (): Promise<void> => {
    const { worker, idle } = running ?? {};
    running = undefined;
    idle?.abort();
    await worker?.terminate();
  };
  const end = ({ clock }: WorkerLimits) => {
    close().catch((error: unknown) => clock.log.error("a thread did not end", { script: plan.script.pathname, error }));
  };
  const rest = (current: Running<Value>): void => {
    if (!limits) return;
    current.idle = new AbortController();
    limits.clock.sleep(limits.idleMs, current.idle.signal).then(
      () => end(limits),
      () => undefined,
    );
  };
  const within = (answered: Promise<Value>, given: WorkerLimits, signal: AbortSignal | undefined) => {
    const late = () => {
      // Ending the thread fails whoever waits for it; this one hears the true reason first.
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
    // A thread keeps the process alive while someone waits for it, and only then.
    current.worker.ref();
    const id = asked++;
    const answered = new Promise<Value>((resolve, reject) => current.waiting.set(id, { resolve, reject }));
    current.worker.postMessage({ id, request } satisfies WorkerRequest<Request>, []);
    try {
      return await (limits ? within(answered, limits, signal) : abortable(answered, signal));
    } finally {
      current.waiting.delete(id);
      if (current.waiting.size === 0) current.worker.unref();
      if (running === current && current.waiting.size === 0) rest(current);
    }
  };

  return { ask, close, isBusy: () => running !== undefined && running.waiting.size > 0 };
}

function start<Value>(plan: WorkerPlan, onEnd: (ended: Running<Value>) => void): Running<Value> {
  const worker = new Worker(plan.script, { workerData: plan.data });
  const started: Running<Value> = { worker, waiting: new Map(), idle: new AbortController() };
  const fail = (cause: Error) => {
    onEnd(started);
    started.idle.abort();
    for (const waiting of started.waiting.values()) waiting.reject(plan.broken(cause));
    started.waiting.clear();
  };
  worker.on("message", (response: WorkerResponse<Value>) => {
    const waiting = started.waiting.get(response.id);
    if ("value" in response) waiting?.resolve(response.value);
    else if ("failure" in response) waiting?.reject(plan.broken(response.failure));
    else waiting?.reject(new BotError(response.refusal.code, response.refusal.phrase, response.refusal));
  });
  worker.on("error", fail);
  worker.on("exit", (code) => fail(new Error(`the thread ended with status ${code}`)));
  return started;
}

/** Inside the thread: answers each request with what the work makes of it. `never` lets the work say what a request is. */
export function serveRequests<Value>(work: (request: never) => Promise<Value>): void {
  parentPort!.on("message", (message: WorkerRequest<never>) => void respond(message, work));
}

async function respond<Value>({ id, request }: WorkerRequest<never>, work: (request: never) => Promise<Value>) {
  const response: WorkerResponse<Value> = await work(request).then(
    (value) => ({ id, value }),
    (error: unknown) =>
      error instanceof BotError
        ? { id, refusal: { code: error.code, phrase: error.phrase, cause: error.cause && inspect(error.cause) } }
        : { id, failure: inspect(error) },
  );
  parentPort!.postMessage(response, []);
}
