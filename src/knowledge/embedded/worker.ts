// The thread that a large keeper lives in: it answers letters one after the other.

import { parentPort, workerData } from "node:worker_threads";
import { BotError } from "../../core/errors.ts";
import { openDatabase } from "./database.ts";
import { createKeeper, type Keeper } from "./keeper.ts";
import type { Answer, Letter } from "./thread.ts";

const directory = String(workerData);
let keeper: Keeper | undefined;

parentPort?.on("message", (letter: Letter) => parentPort?.postMessage(answer(letter), []));

function answer({ id, name, args }: Letter): Answer {
  try {
    // Opened by the first letter, so that a file that cannot be opened is told to whoever asks.
    keeper ??= createKeeper(openDatabase(directory), directory);
    const method = keeper[name] as (...given: readonly unknown[]) => unknown;
    return { id, value: method(...args) };
  } catch (error) {
    if (!(error instanceof BotError))
      return { id, failure: error instanceof Error ? (error.stack ?? "") : String(error) };
    const { code, phrase, cause } = error;
    return { id, refusal: { code, phrase, cause: String(cause) } };
  }
}
