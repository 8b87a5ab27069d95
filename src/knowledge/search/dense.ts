// The side of search that goes by meaning: which texts get a vector, and what becomes of a question when the embedder is away.

import { retry } from "../../core/async.ts";
import type { Embedder } from "../../core/knowledge.ts";
import type { Runtime } from "../../core/runtime.ts";
import { BotError, isRetryable, type ErrorCode } from "../../core/errors.ts";
import type { Query, Store } from "../stores/store.ts";

/** Texts a request: 16 passages are at most some 13,000 characters, which every vendor takes. */
const BATCH = 16;
/** Above this share of letters from another script, a text is not English. A term or a name in passing may be. */
const FOREIGN = 0.1;
/** How long a question waits for its vector, and how long it is asked without one after that was too long. */
const PATIENCE_MS = 5000;
const REST_MS = 30_000;

/** Whether the embedder was trained on such a text. One that knows no Chinese takes any two Chinese sentences for the same. */
export function knows({ languages }: Embedder, text: string): boolean {
  if (!languages || languages.includes("zh-TW")) return true;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return letters > 0 && letters - latin <= FOREIGN * letters;
}

/** What an embedder says of a text, not of itself: asking again would end the same. */
const OF_THE_TEXT: ReadonlySet<ErrorCode> = new Set(["context-too-long", "refused"]);

/** How often a batch is asked for, and the first and the longest wait for one that may pass by itself. */
const TRIES = 6;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** One for each text that the embedder knows and takes. Throws what it throws where it cannot be asked at all. */
export async function documentVectors(
  embedder: Embedder,
  texts: readonly string[],
  { sleep }: Pick<Runtime, "sleep">,
  signal: AbortSignal,
): Promise<readonly (Float32Array | undefined)[]> {
  const vectors: (Float32Array | undefined)[] = texts.map(() => undefined);
  const known = texts.flatMap((text, i) => (knows(embedder, text) ? [i] : []));
  for (let at = 0; at < known.length; at += BATCH) {
    const places = known.slice(at, at + BATCH);
    const batch = places.map((i) => texts[i]!);
    try {
      const made = await retry(() => embedder.embed(batch, signal), waitAfter, { sleep }, signal);
      made.forEach((vector, i) => (vectors[places[i]!] = vector));
    } catch (error) {
      if (!(error instanceof BotError && OF_THE_TEXT.has(error.code))) throw error;
    }
  }
  return vectors;
}

/** Milliseconds. A long document takes hundreds of requests, and one that comes too soon must not cost all the others. */
function waitAfter(error: unknown, tried: number): number | undefined {
  if (tried === TRIES || !(error instanceof BotError) || !isRetryable(error)) return undefined;
  return Math.min(error.retryAfterMs ?? FIRST_WAIT_MS * 2 ** (tried - 1), LONGEST_WAIT_MS);
}

/** A question as a vector, with what its embedder says of cosines. */
export type Asked = NonNullable<Query["dense"]> & Pick<Embedder, "minSimilarity">;

/** The question's vector; undefined where there is none to be had now. A question is answered with or without one. */
export type AskDense = (question: string, signal: AbortSignal) => Promise<Asked | undefined>;

export function createAskDense(
  embedder: Embedder | undefined,
  store: Pick<Store, "hasSpace">,
  { now, log }: Pick<Runtime, "now" | "log">,
): AskDense {
  let restsUntil = 0;
  return async (question, signal) => {
    if (!embedder || now() < restsUntil || !knows(embedder, question)) return undefined;
    if (!(await store.hasSpace(embedder.name))) return undefined;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    try {
      const [vector] = await embedder.embed([question], limit);
      const { name: space, minSimilarity } = embedder;
      return vector && { space, vector, ...(minSimilarity !== undefined && { minSimilarity }) };
    } catch (error) {
      signal.throwIfAborted();
      restsUntil = now() + REST_MS;
      log.warn("the embedder is away, so questions go by their words", { embedder: embedder.name, error });
      return undefined;
    }
  };
}
