// The other end of a thread: reads letters, and sends back a value or the reason why there is none.

import { inspect } from "node:util";
import { parentPort } from "node:worker_threads";
import { BotError } from "../core/errors.ts";
import type { Answer, Letter } from "./thread.ts";

/** What a letter asks is settled by who starts the thread; `never` lets the work say it. */
type Work<Value> = (question: never) => Promise<Value>;

export function answerLetters<Value>(work: Work<Value>): void {
  parentPort!.on("message", (letter: Letter<never>) => void reply(letter, work));
}

async function reply<Value>({ id, question }: Letter<never>, work: Work<Value>): Promise<void> {
  const answer: Answer<Value> = await work(question).then(
    (value) => ({ id, value }),
    (error: unknown) =>
      error instanceof BotError
        ? { id, refusal: { code: error.code, phrase: error.phrase, cause: error.cause && inspect(error.cause) } }
        : { id, failure: String(error) },
  );
  parentPort!.postMessage(answer, []);
}
