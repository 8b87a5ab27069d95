// Several streams as one, each piece passed on the moment it comes, so that no stream waits for another.

/** A piece of the stream at `index`, or its end. */
export type Piece<Value> = { index: number; value: Value } | { index: number; ended: true };

/**
 * Yields in the order of arrival. The first stream to throw ends them all with its error, and so does whoever stops
 * reading. A stream that never answers is left behind rather than waited for.
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
    // Not awaited: a generator that hangs in an await would never come back from return().
    for (const iterator of iterators) iterator.return?.().catch(() => undefined);
  }
}
