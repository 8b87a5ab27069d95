// pdf.js's worker in this thread, over a port that turns an answer which cannot be sent into the failure of that one request.

import type { getResolvedPDFJS } from "unpdf";

type PdfJs = Awaited<ReturnType<typeof getResolvedPDFJS>>;
type Listener = (event: { data: unknown }) => void;
type WorkerSide = { initializeFromPort(port: object): void };

/** How pdf.js marks a message that answers a request. */
const ANSWER = 1;
const FAILURE = 2;

export function openPdfWorker({ PDFWorker }: PdfJs) {
  const port = new Port();
  // Its type names the browser's Worker, of which it uses no more than this port has.
  const worker = new PDFWorker({ port: port as never, verbosity: 0 });
  workerSide().initializeFromPort(port);
  return worker;
}

/** pdf.js puts its other half there when it is loaded. */
function workerSide(): WorkerSide {
  const { pdfjsWorker } = globalThis as { pdfjsWorker?: { WorkerMessageHandler: WorkerSide } };
  if (!pdfjsWorker) throw new Error("pdf.js has no worker to read with");
  return pdfjsWorker.WorkerMessageHandler;
}

/**
 * Both ends in one: who sends is told in the message. An outline that nests thousands of levels deep cannot be copied; pdf.js's
 * own port lets that error go unhandled, which ends the process, and the request waits for ever.
 */
class Port {
  readonly #listeners = new Set<Listener>();

  postMessage(message: unknown, transfer: readonly ArrayBuffer[] = []): void {
    const data = copy(message, transfer);
    queueMicrotask(() => {
      for (const listener of this.#listeners) listener({ data });
    });
  }

  addEventListener(_type: string, listener: Listener, { signal }: { signal?: AbortSignal } = {}): void {
    this.#listeners.add(listener);
    signal?.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }

  removeEventListener(_type: string, listener: Listener): void {
    this.#listeners.delete(listener);
  }

  terminate(): void {
    this.#listeners.clear();
  }
}

function copy(message: unknown, transfer: readonly ArrayBuffer[]): unknown {
  try {
    return structuredClone(message, { transfer: [...transfer] });
  } catch (error) {
    const isAnswer = typeof message === "object" && message !== null && "callback" in message;
    if (!isAnswer || message.callback !== ANSWER) throw error;
    return { ...message, callback: FAILURE, data: undefined, reason: error };
  }
}
