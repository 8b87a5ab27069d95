// Deletes the messages that an answer left behind elsewhere, or edits them into a sentence.

import { z } from "zod";
import { isRetryable } from "../../../src/core/errors.ts";
import type { Runtime } from "../../../src/core/runtime.ts";
import { TOKEN_LIFE_MS, type Destination, type Part, type Receipt } from "../destination.ts";
import { isRefused, Refusal } from "../failures.ts";
import type { Request, Send } from "../rest.ts";
import { deleteRequest, originalRequest, settleRequest } from "./request.ts";

const Found = z.object({ id: z.string() });

interface Tools {
  send: Send;
  runtime: Pick<Runtime, "log" | "now">;
}

/** Empties `receipt.left`. Never throws a refusal: what cannot be changed is told to the log. `words`: where the answer is. */
export async function clearLeft(
  receipt: Receipt,
  words: string,
  to: Destination,
  { send, runtime }: Tools,
  signal: AbortSignal,
): Promise<void> {
  const { interaction } = to;
  const isTokenOver = !interaction || runtime.now() > interaction.at + TOKEN_LIFE_MS;
  const gone = receipt.parts.length > 0 ? receipt.left.find(({ channel }) => channel !== receipt.channel) : undefined;
  for (const part of receipt.left) {
    // Where nobody but the asker sees a message, nobody but the token reaches it.
    if (part.isByToken && isTokenOver && (to.isPrivate || !part.message)) continue;
    const own: Part = part.isByToken && isTokenOver ? { ...part, isByToken: false, isOriginal: false } : part;
    if (await isTheAnswer(own, receipt, to, send, signal)) continue;
    // A channel that the answer has left is told where it went; beside the answer an empty place says enough.
    await clear(own, part === gone, { words, to, send, runtime }, signal);
  }
  receipt.left = [];
}

/** The first message that follows a deferred answer takes its place, so the two may be one. */
async function isTheAnswer(part: Part, receipt: Receipt, to: Destination, send: Send, signal: AbortSignal) {
  const isStanding = (id: string) => receipt.parts.some(({ message }) => message === id);
  if (part.message) return isStanding(part.message);
  if (!part.isOriginal) return true;
  try {
    const { id } = Found.parse((await send({ ...originalRequest(to), signal })).body);
    return isStanding(id);
  } catch {
    signal.throwIfAborted();
    // Nobody knows: the answer must not be taken away.
    return true;
  }
}

interface Clearing extends Tools {
  words: string;
  to: Destination;
}

async function clear(
  part: Part,
  isTold: boolean,
  { words, to, send, runtime }: Clearing,
  signal: AbortSignal,
): Promise<void> {
  const away = { ...deleteRequest(part, to), signal };
  const settled = { ...settleRequest(words, part, to), signal };
  const tries: Request[] = isTold ? [settled, away] : [away, settled];
  let failure: unknown;
  for (const request of tries) {
    try {
      await send(request);
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (isRefused(error, Refusal.unknownMessage)) return;
      failure = error;
      if (isRetryable(error)) break;
    }
  }
  runtime.log.error("discord: a message of an answer that is elsewhere cannot be taken away", {
    job: to.job,
    message: part.message,
    error: failure,
  });
}
