// A map with a bound: never more than that, the newest kept, and quick however much passes through.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { BoundedMap } from "../../src/core/bounded-map.ts";

test("holds what a list of the newest keys would hold, whatever is set and deleted", () => {
  const step = fc.record({ key: fc.integer({ min: 0, max: 9 }), isDeleted: fc.boolean() });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step, { maxLength: 100 }), (most, steps) => {
      const map = new BoundedMap<number, number>(most);
      let kept: [number, number][] = [];
      steps.forEach(({ key, isDeleted }, i) => {
        const isHere = kept.some(([one]) => one === key);
        kept = kept.filter(([one]) => one !== key);
        if (isDeleted) expect(map.delete(key)).toBe(isHere);
        else {
          map.set(key, i);
          kept = [...kept, [key, i] as [number, number]].slice(-most);
        }
        expect(map.size).toBe(kept.length);
        for (let one = 0; one < 10; one++) {
          expect(map.get(one)).toBe(kept.find(([each]) => each === one)?.[1]);
          expect(map.has(one)).toBe(kept.some(([each]) => each === one));
        }
      });
    }),
  );
});

test("a million keys through a map of fifty thousand", () => {
  const map = new BoundedMap<number, true>(50_000);
  for (let i = 0; i < 1_000_000; i++) map.set(i, true);
  expect([map.size, map.has(949_999), map.has(950_000), map.has(999_999)]).toEqual([50_000, false, true, true]);
});
