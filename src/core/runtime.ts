// Defines the runtime: network, time, log and terminal, passed in as values.

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** Variables by name, as the process was given them. */
export type Env = Readonly<Record<string, string | undefined>>;
export type Fields = Record<string, unknown>;

/** Structured events. Never a secret, never the words of a message at `info`. */
export interface Log {
  debug: (event: string, fields?: Fields) => void;
  info: (event: string, fields?: Fields) => void;
  warn: (event: string, fields?: Fields) => void;
  error: (event: string, fields?: Fields) => void;
}

/** The terminal that the process was started in, and the words after its name. */
export interface Console {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  output: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  errors: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  args: readonly string[];
}

/** The outside of the process; tests pass one of their own. */
export interface Runtime {
  fetch: Fetch;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  log: Log;
  console: Console;
}
