// How a process lives and ends: signals ask it to leave, a foreseen error is one sentence, and the exit status tells.

import { inspect } from "node:util";
import { BotError } from "../core/errors.ts";
import { languageOfLocale } from "../core/language.ts";

/** After being asked to leave, a process that has not ended by itself is ended. */
const LONGEST_LEAVING_MS = 30_000;

/** Runs `main` until it returns an exit status. `leaving` resolves when the process is asked to end. */
export async function runProcess(main: (leaving: Promise<void>) => Promise<number>): Promise<void> {
  const leaving = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const)
      process.once(signal, () => {
        resolve();
        setTimeout(() => process.exit(1), LONGEST_LEAVING_MS).unref();
      });
  });
  try {
    process.exitCode = await main(leaving);
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    process.exitCode = 1;
  }
  // Sockets that a library keeps open must not keep a process that is done.
  process.stdout.write("", () => process.exit());
}

function describe(error: unknown): string {
  if (error instanceof BotError) return error.phrase[languageOfLocale(Intl.DateTimeFormat().resolvedOptions().locale)];
  return error instanceof Error ? (error.stack ?? error.message) : inspect(error);
}
