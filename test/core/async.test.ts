// Waits and retries by a clock of the test's own: nothing here takes time.

import { describe, expect, test } from "@jest/globals";
import { abortable, isLate, retry, startDeadline, untilAborted, withTimeLimit } from "../../src/core/async.ts";

/** A clock whose sleepers wake when the test says so. */
function createClock() {
  const sleepers: { ms: number; wake: () => void }[] = [];
  return {
    sleepers,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const leave = () => reject(signal?.reason as Error);
        if (signal?.aborted) return leave();
        signal?.addEventListener("abort", leave, { once: true });
        sleepers.push({ ms, wake: resolve });
      }),
  };
}

const never = new Promise<never>(() => {});
const late = () => new Error("late");

describe("abortable", () => {
  test("gives the work's result or its error, and leaves the signal's reason to whoever aborts", async () => {
    const { signal } = new AbortController();
    await expect(abortable(Promise.resolve(1), signal)).resolves.toBe(1);
    await expect(abortable(Promise.reject(new Error("broken")), signal)).rejects.toThrow("broken");
    await expect(abortable(Promise.resolve(2), undefined)).resolves.toBe(2);
  });

  test("does not wait for work that hangs, aborted before or after it began", async () => {
    const stop = new AbortController();
    const waiting = abortable(never, stop.signal);
    stop.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
    await expect(abortable(never, stop.signal)).rejects.toThrow("stopped");
  });

  test("work that fails after it was left behind is nobody's unhandled rejection", async () => {
    const stop = new AbortController();
    const { promise, reject } = Promise.withResolvers<void>();
    const waiting = abortable(promise, stop.signal);
    stop.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", note);
    reject(new Error("too late"));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});

describe("withTimeLimit", () => {
  test("throws what it is given once the time is up", async () => {
    const clock = createClock();
    const waiting = withTimeLimit(never, 50, late, clock);
    expect(clock.sleepers.map(({ ms }) => ms)).toEqual([50]);
    clock.sleepers[0]!.wake();
    await expect(waiting).rejects.toThrow("late");
  });

  test("frees its timer when the work is over, and when the signal is aborted", async () => {
    const freed: unknown[] = [];
    const sleep = (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((_, reject) =>
        signal?.addEventListener("abort", () => {
          freed.push(true);
          reject(signal.reason as Error);
        }),
      );
    const stop = new AbortController();
    await expect(withTimeLimit(Promise.resolve("done"), 50, late, { sleep }, stop.signal)).resolves.toBe("done");
    expect(freed).toHaveLength(1);
    const waiting = withTimeLimit(never, 50, late, { sleep }, stop.signal);
    stop.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
    expect(freed).toHaveLength(2);
  });
});

describe("isLate", () => {
  test.each([
    ["work that ended well", Promise.resolve(), false],
    ["work that failed", Promise.reject(new Error("broken")), false],
  ])("%s is not late", async (_, work, expected) => {
    await expect(isLate(work, 50, createClock())).resolves.toBe(expected);
  });

  test("work that goes on is", async () => {
    const clock = createClock();
    const asked = isLate(never, 50, clock);
    clock.sleepers[0]!.wake();
    await expect(asked).resolves.toBe(true);
  });
});

describe("startDeadline", () => {
  test("aborts with its reason when the time is up, and never once it is cancelled", async () => {
    const clock = createClock();
    const [kept, cancelled] = [startDeadline(50, clock, late), startDeadline(50, clock, late)];
    cancelled.cancel();
    for (const { wake } of clock.sleepers) wake();
    await new Promise((resolve) => setImmediate(resolve));
    expect(kept.signal.reason).toEqual(new Error("late"));
    expect(cancelled.signal.aborted).toBe(false);
  });
});

describe("retry", () => {
  const clock = () => {
    const waits: number[] = [];
    return { waits, sleep: async (ms: number) => void waits.push(ms) };
  };

  test("tries again for as long as it is told to, and throws the last failure", async () => {
    const { waits, sleep } = clock();
    const tries: number[] = [];
    const work = async (attempt: number) => {
      tries.push(attempt);
      throw new Error(`failure ${attempt}`);
    };
    const waitAfter = (_: unknown, attempt: number) => (attempt < 3 ? attempt * 10 : undefined);
    await expect(retry(work, waitAfter, { sleep })).rejects.toThrow("failure 3");
    expect({ tries, waits }).toEqual({ tries: [1, 2, 3], waits: [10, 20] });
  });

  test("gives the first success", async () => {
    const { sleep } = clock();
    const work = async (attempt: number) => {
      if (attempt === 1) throw new Error("once");
      return attempt;
    };
    await expect(retry(work, () => 0, { sleep })).resolves.toBe(2);
  });

  test("an abort ends it: before the first try, and between two", async () => {
    const { sleep } = clock();
    const stop = new AbortController();
    let tries = 0;
    const work = async () => {
      tries++;
      stop.abort(new Error("stopped"));
      throw new Error("broken");
    };
    await expect(retry(work, () => 0, { sleep }, stop.signal)).rejects.toThrow("stopped");
    await expect(retry(work, () => 0, { sleep }, stop.signal)).rejects.toThrow("stopped");
    expect(tries).toBe(1);
  });
});

describe("untilAborted", () => {
  test("passes everything on, and closes its source when its reader leaves", async () => {
    let isClosed = false;
    async function* source() {
      try {
        yield 1;
        yield 2;
        yield 3;
      } finally {
        isClosed = true;
      }
    }
    const seen: number[] = [];
    for await (const value of untilAborted(source(), new AbortController().signal)) {
      seen.push(value);
      if (value === 2) break;
    }
    expect({ seen, isClosed }).toEqual({ seen: [1, 2], isClosed: true });
  });

  test("leaves a source that hangs", async () => {
    const stop = new AbortController();
    async function* source() {
      yield 1;
      await never;
    }
    const seen: number[] = [];
    const reading = (async () => {
      for await (const value of untilAborted(source(), stop.signal)) {
        seen.push(value);
        setImmediate(() => stop.abort(new Error("stopped")));
      }
    })();
    await expect(reading).rejects.toThrow("stopped");
    expect(seen).toEqual([1]);
  });
});
