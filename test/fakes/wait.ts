// How tests wait: for a condition, never for a time that must suffice, and all with one patience.

/**
 * What a quiet machine does in a moment, a busy one may take this long for. It costs nothing where a test passes; only a
 * test that fails is told so late. Jest's own limit for a test is longer.
 */
export const PATIENCE_MS = 120_000;

const AGAIN_MS = 20;

/** Resolves with what `look` finds as soon as that is something; throws after `limitMs`, showing what it looked for. */
export async function eventually<T>(
  look: () => Promise<T> | T,
  limitMs = PATIENCE_MS,
): Promise<NonNullable<Exclude<T, false>>> {
  const end = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found) return found as NonNullable<Exclude<T, false>>;
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms for ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/** Resolves when `condition` holds. */
export async function until(condition: () => boolean, limitMs = PATIENCE_MS): Promise<void> {
  await eventually(condition, limitMs);
}

/** For what is asked again and again until it works. */
export const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );

/** Milliseconds of this process's own computing, which a busy machine does not stretch as it does time. */
export function computing(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
