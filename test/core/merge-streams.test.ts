// Streams side by side: nothing lost, nothing held up, everything closed.

import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { mergeStreams } from "../../src/core/async.ts";
import { until } from "../fakes/wait.ts";

async function* slowly<Value>(steps: readonly (Value | Error)[], ms = 0): AsyncGenerator<Value> {
  for (const step of steps) {
    if (ms) await sleep(ms);
    if (step instanceof Error) throw step;
    yield step;
  }
}

async function take<Value>(stream: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of stream) all.push(value);
  return all;
}

describe("mergeStreams", () => {
  test("passes everything on, each stream in its own order, each end once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.nat(), { maxLength: 6 }), { maxLength: 5 }), async (lists) => {
        const pieces = await take(mergeStreams(lists.map((list) => slowly(list))));
        for (const [index, list] of lists.entries()) {
          const mine = pieces.filter((piece) => piece.index === index);
          expect(mine).toEqual([...list.map((value) => ({ index, value })), { index, ended: true }]);
        }
      }),
    );
  });

  test("a stream that says nothing does not hold up the others", async () => {
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    const seen: unknown[] = [];
    for await (const piece of mergeStreams<string>([silent, slowly(["a", "b"])])) {
      seen.push(piece);
      if ("ended" in piece) break;
    }
    expect(seen).toEqual([
      { index: 1, value: "a" },
      { index: 1, value: "b" },
      { index: 1, ended: true },
    ]);
  });

  test("the first error ends them all, after what had come before it", async () => {
    const closed: string[] = [];
    async function* endless(): AsyncGenerator<string> {
      try {
        for (;;) {
          await sleep(1);
          yield "tick";
        }
      } finally {
        closed.push("endless");
      }
    }
    const merged = mergeStreams<string>([endless(), slowly(["last words", new Error("broken")], 5)]);
    const seen: unknown[] = [];
    await expect(
      (async () => {
        for await (const piece of merged) seen.push(piece);
      })(),
    ).rejects.toThrow("broken");
    expect(seen).toContainEqual({ index: 1, value: "last words" });
    await until(() => closed.length > 0);
    expect(closed).toEqual(["endless"]);
  });

  test("whoever stops reading closes every stream", async () => {
    let closed = 0;
    async function* one(): AsyncGenerator<number> {
      try {
        for (;;) {
          yield 1;
          await sleep(1);
        }
      } finally {
        closed++;
      }
    }
    for await (const piece of mergeStreams([one(), one(), one()])) if (piece) break;
    await until(() => closed === 3);
  });
});
