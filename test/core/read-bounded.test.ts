// Bytes that are counted while they are read.

import { expect, test } from "@jest/globals";
import { readBounded } from "../../src/core/read-bounded.ts";

const tooLarge = () => new RangeError("too large");

async function* chunks(sizes: readonly number[], onRead: () => void = () => {}) {
  for (const size of sizes) {
    onRead();
    yield new Uint8Array(size).fill(size);
  }
}

test("come in order, up to the bound and no byte further", async () => {
  expect([...(await readBounded(chunks([1, 2, 0, 3]), 6, tooLarge))]).toEqual([1, 2, 2, 3, 3, 3]);
  await expect(readBounded(chunks([1, 2, 0, 4]), 6, tooLarge)).rejects.toThrow("too large");
  expect(await readBounded(chunks([]), 0, tooLarge)).toHaveLength(0);
});

test("are not asked for any more once there are too many", async () => {
  let asked = 0;
  await expect(
    readBounded(
      chunks(
        Array.from({ length: 1000 }, () => 10),
        () => asked++,
      ),
      35,
      tooLarge,
    ),
  ).rejects.toThrow();
  expect(asked).toBe(4);
});
