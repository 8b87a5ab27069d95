// Structured logs by pino: one JSON object a line, to standard error or to a file.

import { pino } from "pino";
import type { Fields, Log } from "../core/world.ts";

/** Names of fields that never reach a log, wherever they stand. */
const SECRETS = ["authorization", "apiKey", "token", "password", "secret"];

/** `file` undefined logs to standard error. */
export function createLog(level: string, file?: string): Log {
  const to = pino.destination({ dest: file ?? 2, mkdir: true, sync: true });
  const logger = pino(
    { level, base: null, redact: SECRETS.flatMap((name) => [name, `*.${name}`]), serializers: { error: describe } },
    to,
  );
  const write =
    (name: "debug" | "info" | "warn" | "error") =>
    (event: string, fields: Fields = {}) =>
      logger[name](fields, event);
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

/** An error with everything that led to it. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack } = error;
  const code = "code" in error ? { code: error.code } : {};
  return { name, message, ...code, stack, ...(error.cause !== undefined && { cause: describe(error.cause) }) };
}
