// Runs a process: what it starts with, what it does with a failure that nobody caught, and how it ends.

import { inspect } from "node:util";
import { BotError } from "../core/errors.ts";
import { languageOfLocale, type Phrase } from "../core/language.ts";
import type { Log, Env, Runtime } from "../core/runtime.ts";
import { createLog, createRuntime } from "./runtime.ts";
import { PRIVATE_UMASK } from "./private-folder.ts";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readEnvironment, readSettings, requireSharedQueue, type Settings } from "./config.ts";
import { reachRedis } from "./reach-redis.ts";

/** After being asked to leave, a process that has not ended by itself is ended. */
const LONGEST_LEAVING_MS = 30_000;
/** What keeps failing while the process leaves is said so often and no more. */
const MOST_SAID = 100;

const BROKEN: Phrase = {
  en: "Something broke in Heed that nobody caught, so it has ended; the log says what. Start it again: questions that were taken are kept.",
  "zh-TW": "Heed 內部發生沒有處理到的錯誤，因此結束執行，原因在記錄檔裡。請重新啟動；已收下的問題都有保留。",
};

/**
 * Runs `main` until it returns an exit status. `leaving` resolves when the process is asked to end, or has to.
 * What nobody caught goes to standard error until `main` names a log by `logTo`.
 */
export async function runProcess(
  main: (leaving: Promise<void>, logTo: (log: Log) => void) => Promise<number>,
  longestLeavingMs = LONGEST_LEAVING_MS,
): Promise<void> {
  process.umask(PRIVATE_UMASK);
  const life = new Life(longestLeavingMs);
  try {
    process.exitCode = await main(life.leaving, (log) => (life.log = log));
  } catch (error) {
    process.stderr.write(`${errorLine(error)}\n`);
    process.exitCode = 1;
  }
  if (life.isBroken) life.confess();
  // Sockets that a library keeps open must not keep a process that is done.
  process.stdout.write("", () => process.exit());
}

/** What comes from outside of `main`: signals, and failures that nobody caught. */
class Life {
  readonly leaving: Promise<void>;
  isBroken = false;
  log: Log | undefined;
  readonly #leave: () => void;
  readonly #longestLeavingMs: number;
  #isLeaving = false;
  #said = 0;

  constructor(longestLeavingMs: number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.leaving = promise;
    this.#leave = resolve;
    this.#longestLeavingMs = longestLeavingMs;
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => this.#end());
    // Whoever read what this process writes is gone, and so is its reason to run.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => this.#end());
    process.on("uncaughtException", (error) => this.#break("a failure was not caught", error));
    process.on("unhandledRejection", (error) => this.#onFailure(error));
  }

  confess(): void {
    process.stderr.write(`${inOwnLanguage(BROKEN)}\n`);
    process.exitCode = process.exitCode || 1;
  }

  /**
   * A rejected promise that nobody waits for has unwound nothing but its own chain. Where that chain is a library's, or
   * a connection's, or ends because the process leaves, what is missing is seen and put right by whoever watches the
   * connection or the job. Where it is Heed's own, one of its loops may have ended unseen: a deaf process that looks
   * alive is worse than one that is started again.
   */
  #onFailure(error: unknown): void {
    const event = "a promise was left without anyone to catch it";
    if (this.#isLeaving || isOthersFailure(error)) this.#say("warn", event, error);
    else this.#break(event, error);
  }

  /**
   * An exception broke out through callers that did not expect it: what they were in the middle of stays half done, and
   * nobody can say what. So no more work is taken, what runs may end, and a supervisor starts a whole process.
   */
  #break(event: string, error: unknown): void {
    this.isBroken = true;
    this.#say("error", event, error);
    this.#end();
  }

  #end(): void {
    this.#leave();
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    setTimeout(() => {
      if (this.isBroken) this.confess();
      process.exit(1);
    }, this.#longestLeavingMs).unref();
  }

  /** The log itself may be what broke, a full disk or a closed pipe: then there is nothing left to say it to. */
  #say(level: "warn" | "error", event: string, error: unknown): void {
    if (++this.#said > MOST_SAID) return;
    try {
      (this.log ??= createLog("info"))[level](event, { error });
    } catch {
      this.isBroken = true;
    }
  }
}

function errorLine(error: unknown): string {
  if (error instanceof BotError) return inOwnLanguage(error.phrase);
  return error instanceof Error ? (error.stack ?? error.message) : inspect(error);
}

function inOwnLanguage(phrase: Phrase): string {
  return phrase[languageOfLocale(Intl.DateTimeFormat().resolvedOptions().locale)];
}

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

/** Throws BotError "misconfigured", naming the fix, where the process could not work with the others. */
export async function beginApart(): Promise<{ env: Env; settings: Settings; runtime: Runtime }> {
  const env = readEnvironment();
  const settings = readSettings(env);
  requireSharedQueue(settings);
  await reachRedis(settings);
  return { env, settings, runtime: createRuntime(createLog(settings.LOG_LEVEL)) };
}
