// How a process lives and ends: signals ask it to leave, a foreseen error is one sentence, and the exit status tells.

import { inspect } from "node:util";
import { BotError } from "../core/errors.ts";
import { languageOfLocale, type Phrase } from "../core/language.ts";
import type { Log } from "../core/world.ts";
import { createLog } from "./log.ts";
import { PRIVATE_UMASK } from "./private-folder.ts";
import { isOthersFailure } from "./stray-failure.ts";

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
    process.stderr.write(`${describe(error)}\n`);
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
    process.on("unhandledRejection", (error) => this.#hear(error));
  }

  confess(): void {
    process.stderr.write(`${inOwnLanguage(BROKEN)}\n`);
    process.exitCode = process.exitCode || 1;
  }

  /**
   * A rejected promise that nobody waits for has unwound nothing but its own chain. Where that chain is a library's, or
   * a connection's, or ends because the process leaves, what is missing is seen and mended by who watches the
   * connection or the job. Where it is Heed's own, one of its loops may have ended unseen: a deaf process that looks
   * alive is worse than one that is started again.
   */
  #hear(error: unknown): void {
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

function describe(error: unknown): string {
  if (error instanceof BotError) return inOwnLanguage(error.phrase);
  return error instanceof Error ? (error.stack ?? error.message) : inspect(error);
}

function inOwnLanguage(phrase: Phrase): string {
  return phrase[languageOfLocale(Intl.DateTimeFormat().resolvedOptions().locale)];
}
