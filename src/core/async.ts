// Waits, deadlines, retries and merged streams, each written once. Time comes from the caller's clock, so tests own it.

import type { Runtime } from "./runtime.ts";

type Clock = Pick<Runtime, "sleep">;

/** Resolves or rejects as the work does; rejects with the signal's reason as soon as that is aborted, however long the work goes on. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const leave = () => reject(signal.reason as Error);
  if (signal.aborted) leave();
  else signal.addEventListener("abort", leave, { once: true });
  // The loser of the race may reject as well, with nobody left to catch it.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

/** The work's result. Throws `late()` when it takes longer than `ms`, and the signal's reason as soon as that is aborted. */
export async function withTimeLimit<T>(
  work: Promise<T>,
  ms: number,
  late: () => Error,
  { sleep }: Clock,
  signal?: AbortSignal,
): Promise<T> {
  const done = new AbortController();
  const alarm = sleep(ms, signal ? AbortSignal.any([signal, done.signal]) : done.signal).then(() => {
    throw late();
  });
  try {
    return await Promise.race([work, alarm]);
  } finally {
    done.abort();
    void Promise.allSettled([work, alarm]);
  }
}

/** Whether the work, well ended or not, takes longer than `ms`. Never rejects; the work goes on. */
export async function isLate(work: Promise<unknown>, ms: number, { sleep }: Clock): Promise<boolean> {
  const done = new AbortController();
  const inTime = work.then(
    () => false,
    () => false,
  );
  const late = sleep(ms, done.signal).then(
    () => true,
    () => false,
  );
  return Promise.race([inTime, late]).finally(() => done.abort());
}

/** A signal that time alone aborts. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Frees the timer; the signal is then never aborted. */
  cancel(): void;
}

/** Begins to count: the deadline's signal is aborted with `reason` after `ms`. Whoever starts one cancels it. */
export function startDeadline(ms: number, { sleep }: Clock, reason: () => Error): Deadline {
  const over = new AbortController();
  const done = new AbortController();
  sleep(ms, done.signal).then(
    () => over.abort(reason()),
    () => undefined,
  );
  return { signal: over.signal, cancel: () => done.abort() };
}

/**
 * Runs the work until it succeeds. After a failure `waitAfter` says how many milliseconds to wait before the next try,
 * or undefined to throw that failure; `attempt` counts from 1. Throws the signal's reason once that is aborted.
 */
export async function retry<T>(
  work: (attempt: number) => Promise<T>,
  waitAfter: (error: unknown, attempt: number) => number | undefined,
  { sleep }: Clock,
  signal?: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await work(attempt);
    } catch (error) {
      signal?.throwIfAborted();
      const wait = waitAfter(error, attempt);
      if (wait === undefined) throw error;
      await sleep(wait, signal);
    }
  }
}

/** A stream that ends with the signal's reason as soon as that is aborted, even where its source hangs. */
export async function* untilAborted<T>(stream: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const source = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await abortable(source.next(), signal);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a source that hangs would never come back from return().
    source.return?.().catch(() => undefined);
  }
}

/** A piece of the stream at `index`, or its end. */
export type Piece<Value> = { index: number; value: Value } | { index: number; ended: true };

/**
 * Several streams as one, in the order of arrival. The first stream to throw ends them all with its error, and so does
 * whoever stops reading. A stream that never answers is left behind rather than waited for.
 */
export async function* mergeStreams<Value>(streams: readonly AsyncIterable<Value>[]): AsyncGenerator<Piece<Value>> {
  const arrived: Piece<Value>[] = [];
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  let failure: { error: unknown } | undefined;
  let bell = Promise.withResolvers<void>();
  const ring = () => bell.resolve();
  const pump = async (iterator: AsyncIterator<Value>, index: number) => {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      arrived.push({ index, value: next.value });
      ring();
    }
    arrived.push({ index, ended: true });
  };
  for (const [index, iterator] of iterators.entries())
    pump(iterator, index)
      .catch((error: unknown) => (failure ??= { error }))
      .finally(ring);
  let open = streams.length;
  try {
    while (open > 0) {
      for (let piece = arrived.shift(); piece; piece = arrived.shift()) {
        if ("ended" in piece) open--;
        yield piece;
      }
      if (failure) throw failure.error;
      if (open === 0) return;
      await bell.promise;
      bell = Promise.withResolvers<void>();
    }
  } finally {
    for (const iterator of iterators) iterator.return?.().catch(() => undefined);
  }
}
