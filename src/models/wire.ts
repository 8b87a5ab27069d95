// Exports a fetch that notes what the vendors' packages keep to themselves: the mark at a stream's end, errors inside it, answers that are no stream.

/** The longest event, or answer that is no stream, in UTF-16 units. */
const LONGEST_EVENT = 4_000_000;

/** One request as its bytes came. */
export interface Wire {
  /** For this one request. */
  fetch: typeof fetch;
  /** Call where the package sees the end. Throws what the vendor reported inside its stream, or that the stream was cut. */
  finish(): Finished;
}

export interface Finished {
  /** Whether `[DONE]` came. */
  isClosed: boolean;
  /** The JSON that came in place of a stream. */
  whole?: unknown;
}

/** An error that a vendor reported under status 200. `error` is its JSON. */
export class ReportedError extends Error {
  readonly error: unknown;

  constructor(error: unknown) {
    super("the vendor reported an error inside its answer");
    this.error = error;
  }
}

/** A stream that ended in the middle of an event. */
export class CutStreamError extends Error {
  constructor() {
    super("the stream ended in the middle of an event");
  }
}

/** One event, or an answer that is no stream, longer than anybody could read. */
export class OversizeError extends Error {
  constructor() {
    super(`more than ${LONGEST_EVENT} units without an end`);
  }
}

export function watchWire(inner: typeof fetch): Wire {
  const notes = new Notes();
  return {
    fetch: async (input, init) => {
      const response = await inner(input, init);
      if (!response.ok || !response.body) return response;
      const headers = new Headers(response.headers);
      // What is read here is told by `finish`; the package sees a stream without events.
      if (/json/i.test(headers.get("content-type") ?? "")) headers.set("content-type", "text/event-stream");
      const body = response.body
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new TransformStream(notes))
        .pipeThrough(new TextEncoderStream());
      return new Response(body, { status: response.status, headers });
    },
    finish: () => notes.finish(),
  };
}

/** Two line ends in a row. */
const EVENT_END = /\r\n(?:\r\n|\r|\n)|\n(?:\r\n|\n|\r)|\r(?!\n)(?:\r\n|\r|\n)/g;

/** Reads server-sent events on their way; passes on those that are whole and say something. */
class Notes {
  #rest = "";
  #isJson: boolean | undefined;
  #isClosed = false;
  #isCut = false;
  #whole: unknown;
  #failure: Error | undefined;

  transform(chunk: string, out: TransformStreamDefaultController<string>): void {
    const from = Math.max(0, this.#rest.length - 3);
    this.#rest += chunk;
    if (this.#rest.length > LONGEST_EVENT) {
      this.#failure = new OversizeError();
      this.#rest = "";
      return out.terminate();
    }
    // No line of an event stream begins with a brace.
    this.#isJson ??= /\S/.test(this.#rest) ? /^\s*[{[]/.test(this.#rest) : undefined;
    if (!this.#isJson) this.#passEvents(from, out);
  }

  flush(out: TransformStreamDefaultController<string>): void {
    const last = this.#rest.trim();
    if (!last || this.#failure) return;
    if (this.#isJson) this.#noteWhole(last);
    else if (isWholeEvent(last)) this.#pass(`${this.#rest}\n\n`, out);
    else this.#isCut ||= /^data:/m.test(last);
  }

  finish(): Finished {
    if (this.#failure) throw this.#failure;
    if (this.#isCut && !this.#isClosed) throw new CutStreamError();
    return { isClosed: this.#isClosed, ...(this.#whole !== undefined && { whole: this.#whole }) };
  }

  #passEvents(from: number, out: TransformStreamDefaultController<string>): void {
    let begin = 0;
    EVENT_END.lastIndex = from;
    for (let end = EVENT_END.exec(this.#rest); end && !this.#failure; end = EVENT_END.exec(this.#rest)) {
      this.#pass(this.#rest.slice(begin, EVENT_END.lastIndex), out);
      begin = EVENT_END.lastIndex;
    }
    this.#rest = this.#rest.slice(begin);
  }

  #pass(event: string, out: TransformStreamDefaultController<string>): void {
    const data = dataOf(event);
    if (data === "[DONE]") this.#isClosed = true;
    const error = mayBeError(data) ? reported(parse(data)) : undefined;
    if (error === undefined) {
      // Some packages end a stream at `null`, others skip it.
      if (data !== "null") out.enqueue(event);
      return;
    }
    this.#failure = new ReportedError(error);
    out.terminate();
  }

  #noteWhole(text: string): void {
    const value = parse(text);
    const error = reported(value);
    if (value === undefined) this.#failure = new SyntaxError("the answer is neither a stream nor JSON");
    else if (error !== undefined) this.#failure = new ReportedError(error);
    else this.#whole = value;
  }
}

function dataOf(event: string): string {
  const lines = event.split(/\r\n|\r|\n/).filter((line) => line.startsWith("data:"));
  return lines
    .map((line) => line.slice("data:".length))
    .join("\n")
    .trim();
}

/** The last event of a server that leaves out the line end behind it. */
function isWholeEvent(event: string): boolean {
  const data = dataOf(event);
  return data === "[DONE]" || parse(data) !== undefined;
}

/** Parsed only where it may be one. Inside a text, the quotes are escaped. */
function mayBeError(data: string): boolean {
  return data.includes('"error"');
}

/** An error in the words of any of the vendors; undefined for anything else, and for the `error: null` of an answer. */
function reported(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const { error, object, type } = (Array.isArray(value) ? (value[0] ?? {}) : value) as Record<string, unknown>;
  return object === "error" || (type === "error" && !error) ? value : error || undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
