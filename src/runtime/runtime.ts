// Creates the real outside of a process: network, clock, terminal and log.

import type { Console, Log, Runtime, Fields } from "../core/runtime.ts";
import { pino } from "pino";
import { sleep } from "./sleep.ts";

export function createRuntime(log: Log): Runtime {
  return {
    fetch: (input, init) => globalThis.fetch(input, init),
    now: () => Date.now(),
    sleep,
    log,
    console: processConsole(),
  };
}

function processConsole(): Console {
  return { input: process.stdin, output: process.stdout, errors: process.stderr, args: process.argv.slice(2) };
}

/** Names of fields that never reach a log, wherever they stand. */
const SECRETS = ["authorization", "apiKey", "token", "password", "secret"];

/** `file` undefined logs to standard error. */
export function createLog(level: string, file?: string): Log {
  const to = pino.destination({ dest: file ?? 2, mkdir: true, sync: true });
  const logger = pino(
    {
      level,
      base: null,
      redact: SECRETS.flatMap((name) => [name, `*.${name}`]),
      serializers: { error: serializeError },
    },
    to,
  );
  const write =
    (name: "debug" | "info" | "warn" | "error") =>
    (event: string, fields: Fields = {}) =>
      logger[name](fields, event);
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

/** An error with everything that led to it. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack } = error;
  const code = "code" in error ? { code: error.code } : {};
  return { name, message, ...code, stack, ...(error.cause !== undefined && { cause: serializeError(error.cause) }) };
}
