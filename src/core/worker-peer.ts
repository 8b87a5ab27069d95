// A worker as its client sees it, a thread or a process of its own: what is sent to it, what it says, and its end.

import { fork } from "node:child_process";
import type { Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { truncate } from "./text.ts";

export interface Peer {
  post(message: unknown): void;
  /** Keeps this process alive. */
  ref(): void;
  unref(): void;
  /** Ends it, whatever it is doing. Resolves when it is gone. */
  end(): Promise<void>;
}

export interface PeerEvents {
  heard: (message: never) => void;
  /** It ended or could not be started; nothing is heard after that. May be called twice. */
  died: (cause: Error) => void;
}

interface Ending {
  status: number | null;
  signal: string | null;
  hadStarted: boolean;
  wasClosed: boolean;
  lastWords: string;
}

/** How a process ended. */
export class PeerDeath extends Error {
  override readonly name = "PeerDeath";
  /** It took more memory than it may, or was ended by another for its memory. */
  readonly isOutOfMemory: boolean;
  /** It was at work, and not still on its way to it. */
  readonly hadStarted: boolean;
  /** Its own client ended it. */
  readonly wasClosed: boolean;

  constructor(ending: Ending) {
    const { status, signal, hadStarted, wasClosed, lastWords } = ending;
    super(`the process ended with ${signal ?? `status ${status}`}${lastWords && `: ${lastWords}`}`);
    this.isOutOfMemory = !wasClosed && OUT_OF_MEMORY.has(signal ?? String(status));
    this.hadStarted = hadStarted;
    this.wasClosed = wasClosed;
  }
}

/** V8 aborts, seen as a status where there are no signals; whoever watches over memory kills. */
const OUT_OF_MEMORY: ReadonlySet<string> = new Set(["SIGABRT", "SIGTRAP", "SIGKILL", "134"]);
/** The share of its memory that is for buffers and the program itself, since V8 limits the heap alone. */
const BESIDE_HEAP = 0.4;
const MEBIBYTE = 1024 * 1024;
/** Of what it wrote before its end, in UTF-16 units. */
const LONGEST_LAST_WORDS = 1_000;

export function openThread(script: URL, data: unknown, { heard, died }: PeerEvents): Peer {
  const worker = new Worker(script, { workerData: data });
  worker.on("message", (message: unknown) => heard(message as never));
  worker.on("error", died);
  worker.on("exit", (code) => died(new Error(`the thread ended with status ${code}`)));
  return {
    post: (message) => worker.postMessage(message, []),
    ref: () => worker.ref(),
    unref: () => worker.unref(),
    end: async () => void (await worker.terminate()),
  };
}

/**
 * `memory` is the most it may take, in bytes: V8 holds the heap to a share of it, and the script, which is given the number, has
 * to watch over the whole. It is given no environment, so it knows no key.
 */
export function openProcess(script: URL, memory: number, { heard, died }: PeerEvents): Peer {
  const heap = Math.floor((memory * (1 - BESIDE_HEAP)) / MEBIBYTE);
  const child = fork(script, [String(memory)], {
    env: {},
    execArgv: [`--max-old-space-size=${heap}`, "--disable-warning=ExperimentalWarning"],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const gone = Promise.withResolvers<void>();
  let lastWords = "";
  let [hadStarted, wasClosed] = [false, false];
  child.stderr?.on("data", (bytes: Buffer) => {
    lastWords = truncate(lastWords + bytes.toString(), LONGEST_LAST_WORDS);
  });
  child.on("message", (message) => {
    hadStarted = true;
    heard(message as never);
  });
  child.on("error", (error) => {
    died(error);
    if (child.pid === undefined) gone.resolve();
  });
  child.on("close", (status, signal) => {
    died(new PeerDeath({ status, signal, hadStarted, wasClosed, lastWords }));
    gone.resolve();
  });
  const hold = (how: "ref" | "unref") => {
    child[how]();
    child.channel?.[how]();
    (child.stderr as Socket | null)?.[how]();
  };
  return {
    post: (message) => {
      // A process that is gone by now is told of by `died`.
      child.send(message as object, () => undefined);
    },
    ref: () => hold("ref"),
    unref: () => hold("unref"),
    end: async () => {
      // Whoever waits for its end is not to end first.
      hold("ref");
      wasClosed = true;
      child.kill("SIGKILL");
      await gone.promise;
    },
  };
}
