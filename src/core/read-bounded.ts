// Reads bytes as they come and stops at a limit, whatever length the sender claims.

/** The same chunks, up to `most` bytes together. Throws what `tooLarge` makes as soon as there are more. */
export async function* limitBytes(
  chunks: AsyncIterable<Uint8Array>,
  most: number,
  tooLarge: () => Error,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > most) throw tooLarge();
    yield chunk;
  }
}

/** All of them in one. Throws as `limitBytes` does, and whatever reading throws. */
export async function readBounded(
  chunks: AsyncIterable<Uint8Array>,
  most: number,
  tooLarge: () => Error,
): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  for await (const chunk of limitBytes(chunks, most, tooLarge)) read.push(chunk);
  return Buffer.concat(read);
}
