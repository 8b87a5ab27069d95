// Reading apart: files of people are read in processes of their own, each with a clock, a limit of memory and one try.

import { extname } from "node:path";
import { abortable } from "../../core/async.ts";
import { BotError } from "../../core/errors.ts";
import type { Runtime } from "../../core/runtime.ts";
import { PeerDeath } from "../../core/worker-peer.ts";
import { createWorkerClient, type WorkerClient } from "../../core/worker-rpc.ts";
import type { Read, ReadUpload } from "../ingest/ingest.ts";
import type { ReaderRequest } from "./process.ts";

export interface IsolatedReader {
  read: Read;
  /** Ends its processes; a later file starts one again. */
  close(this: void): Promise<void>;
}

export interface ReaderLimits {
  /** How many files are read at once; a process is started when the others are busy. */
  processes: number;
  /** Of one process, in bytes. */
  memory: number;
  /** For one file, in milliseconds, counted from when its turn has come. */
  limitMs: number;
  /** How long a process stays warm without a file, in milliseconds. */
  idleMs: number;
}

const LIMITS: ReaderLimits = {
  // One file that takes all its time does not keep the next one waiting.
  processes: 2,
  // A document of 8 million characters, the most that is kept, takes less in every format.
  memory: 1024 * 1024 * 1024,
  limitMs: 30_000,
  idleMs: 5 * 60_000,
};

type Runs = Pick<Runtime, "sleep" | "log">;
type Client = WorkerClient<ReaderRequest, ReadUpload>;
type Reader = (request: ReaderRequest, signal: AbortSignal) => Promise<ReadUpload>;

/** Starts nothing before the first file. */
export function createIsolatedReader(runtime: Runs, limits: Partial<ReaderLimits> = {}): IsolatedReader {
  const all = { ...LIMITS, ...limits };
  const readers = Array.from({ length: all.processes }, () => createReader(runtime, all));
  const turns = createTurns(readers.map(({ read }) => read));
  return {
    read: async ({ name, bytes, mediaType }, limits, signal) => {
      // What is one's own to keep (an origin, an address) does not travel.
      const upload = { name, bytes, origin: name, ...(mediaType !== undefined && { mediaType }) };
      const read = await turns.acquire(signal);
      try {
        return await read({ upload, limits }, signal);
      } finally {
        turns.release(read);
      }
    },
    close: async () => void (await Promise.all(readers.map(({ client }) => client.close()))),
  };
}

function createReader(runtime: Runs, limits: ReaderLimits): { read: Reader; client: Client } {
  const { limitMs, idleMs, memory } = limits;
  let file = {};
  const ended = (refusal: BotError): BotError => {
    runtime.log.warn("a document ended its reader", { ...file, code: refusal.code, error: refusal });
    return refusal;
  };
  const client = createWorkerClient<ReaderRequest, ReadUpload>({
    script: new URL("./process.ts", import.meta.url),
    data: undefined,
    // A defect that nobody foresaw stays one.
    broken: (cause) => (typeof cause === "string" ? new Error(cause) : ended(refusalFor(cause))),
    limits: { idleMs, limitMs, memory, late: () => ended(tooSlow(limitMs)), clock: runtime },
  });
  const read: Reader = (request, signal) => {
    const { name, bytes } = request.upload;
    // Names of files are people's words.
    file = { ending: extname(name), bytes: bytes.length };
    return client.ask(request, signal);
  };
  return { read, client };
}

/** Hands each of these to one at a time, first come, first served; the one used last first, since it is warm. */
function createTurns<Value>(values: readonly Value[]) {
  const free = [...values];
  const waiting: ((value: Value) => void)[] = [];
  const release = (value: Value): void => {
    const next = waiting.shift();
    if (next) next(value);
    else free.unshift(value);
  };
  const acquire = async (signal: AbortSignal): Promise<Value> => {
    const value = free.shift();
    if (value !== undefined) return value;
    const { promise, resolve } = Promise.withResolvers<Value>();
    waiting.push(resolve);
    try {
      return await abortable(promise, signal);
    } catch (error) {
      const at = waiting.indexOf(resolve);
      if (at >= 0) waiting.splice(at, 1);
      // Its turn came in the same moment.
      else void promise.then(release);
      throw error;
    }
  };
  return { acquire, release };
}

function refusalFor(cause: Error): BotError {
  if (cause instanceof PeerDeath && cause.wasClosed) return interrupted(cause);
  if (!(cause instanceof PeerDeath) || !cause.hadStarted) return notStarted(cause);
  return cause.isOutOfMemory ? tooMuchMemory(cause) : tooBroken(cause);
}

function tooSlow(limitMs: number): BotError {
  const seconds = Math.ceil(limitMs / 1000);
  return new BotError("too-large", {
    en: `Reading it took longer than ${seconds} s, so I stopped. Split it into smaller files, or save its text alone, and add that.`,
    "zh-TW": `這個檔案讀了超過 ${seconds} 秒，我先停下來了。請拆成幾個較小的檔案，或只存下文字再加入。`,
  });
}

function tooMuchMemory(cause: Error): BotError {
  return new BotError(
    "too-large",
    {
      en: "Reading it takes more memory than one file may have, so I stopped. Split it into smaller files, or save its text alone, and add that.",
      "zh-TW": "讀這個檔案需要的記憶體超過上限，我先停下來了。請拆成幾個較小的檔案，或只存下文字再加入。",
    },
    { cause },
  );
}

function tooBroken(cause: Error): BotError {
  return new BotError(
    "unreadable",
    {
      en: "This file broke what I read files with, so I left it out. Open it, save it anew, and add it again.",
      "zh-TW": "這個檔案讓我的讀取程式中斷了，所以沒有讀取。請開啟後重新儲存，再加入一次。",
    },
    { cause },
  );
}

/** Retryable: the file had no part in it. */
function interrupted(cause: Error): BotError {
  return new BotError(
    "unavailable",
    {
      en: "I was interrupted while reading this file. Add it again.",
      "zh-TW": "讀取這個檔案時中斷了，請再加入一次。",
    },
    { cause },
  );
}

function notStarted(cause: Error): BotError {
  return new BotError(
    "unavailable",
    {
      en: "I could not start the process that reads files. Whoever runs me finds the reason in the log.",
      "zh-TW": "我無法啟動讀取檔案的程式，維運人員可以在記錄檔找到原因。",
    },
    { cause },
  );
}
