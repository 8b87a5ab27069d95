// Whose failure a promise left behind: a library's or a connection's, which others watch, or Heed's own.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BotError } from "../core/errors.ts";

/** Stack frames name modules by their URL, CommonJS files by their path. */
const OWN = join(import.meta.dirname, "../../");
const OWN_URL = pathToFileURL(OWN).href;

/** Errors of Node and of fetch by their codes, the libraries' by what they are called or say. */
const CONNECTION_CODES =
  /^(?:ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|E(?:HOST|NET)\w+|UND_ERR_\w+|ERR_(?:STREAM|SOCKET)_\w+)$/;
const CONNECTION_NAMES: ReadonlySet<string> = new Set([
  "AbortError",
  "TimeoutError",
  "MaxRetriesPerRequestError",
  "ReplyError",
]);
const CONNECTION_WORDS = /connection is closed|isn't writeable|command timed out|wasn't connected/i;

/**
 * Whether an unhandled rejection is known to leave Heed's own state whole: it was foreseen, a connection's end, or none
 * of its frames is Heed's. ioredis rejects so when it subscribes again on a connection that ends, BullMQ when a
 * blocking call is cut, discord.js when it sends on a closed socket; each of them tries again by itself.
 */
export function isOthersFailure(error: unknown): boolean {
  if (!isErrorLike(error)) return false;
  return error instanceof BotError || isConnections(error) || !hasOwnFrame(error.stack ?? "");
}

/** By shape: an error may come from another realm. */
function isErrorLike(error: unknown): error is Error & { code?: unknown } {
  return typeof error === "object" && error !== null && "message" in error && "name" in error;
}

function isConnections({ name, message, code }: Error & { code?: unknown }): boolean {
  return (
    CONNECTION_NAMES.has(name) ||
    CONNECTION_WORDS.test(message) ||
    (typeof code === "string" && CONNECTION_CODES.test(code))
  );
}

function hasOwnFrame(stack: string): boolean {
  const frames = stack.split("\n").filter((line) => /^\s*at /.test(line));
  return frames.some((frame) => (frame.includes(OWN_URL) || frame.includes(OWN)) && !frame.includes("node_modules"));
}
