// The other end of a thread: reads letters, and sends back a value or the reason why there is none.

import { parentPort } from "node:worker_threads";
import type { Answer, Letter } from "./thread.ts";

/** What a letter asks is settled by who starts the thread; `never` lets the work say it. */
type Work<Value> = (question: never) => Promise<Value>;

export function answerLetters<Value>(work: Work<Value>): void {
  parentPort!.on("message", (letter: Letter<never>) => void reply(letter, work));
}

async function reply<Value>({ id, question }: Letter<never>, work: Work<Value>): Promise<void> {
  const answer: Answer<Value> = await work(question).then(
    (value) => ({ id, value }),
    (error: unknown) => ({ id, failure: String(error) }),
  );
  parentPort!.postMessage(answer, []);
}
