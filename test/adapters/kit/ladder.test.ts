// The ladder of last resorts: every rung once, in order, and a refusal that says why saves the rungs that would not help.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { descend, nextRung, topRung, type Blame, type Ladder, type Rung } from "../../../adapters/kit/ladder.ts";

type Part = "reference" | "files" | "buttons";
const ladder: Ladder<Part> = {
  stages: [
    { place: "channel", by: "token", verb: "edit" },
    { place: "channel", by: "token", verb: "post" },
    { place: "channel", by: "bot", verb: "edit" },
    { place: "direct", by: "bot", verb: "post" },
  ],
  parts: ["reference", "files", "buttons"],
};
const all = ladder.parts;
const next = (rung: Rung<Part>, blame?: Blame<Part>, held = all) => nextRung(ladder, rung, blame, held);

test("without a reason the parts go one by one, then the whole is tried elsewhere, then bare", () => {
  const taken: string[] = [];
  for (let rung: Rung<Part> | undefined = topRung; rung; rung = next(rung))
    taken.push([rung.stage, ...rung.without].join(" "));
  expect(taken).toEqual([
    "0",
    "0 reference",
    "0 reference files",
    "0 reference files buttons",
    "1",
    "1 reference files buttons",
    "2",
    "2 reference files buttons",
    "3",
    "3 reference files buttons",
  ]);
});

test("a part that a refusal names goes alone, and stays out in this place", () => {
  const rung = next(topRung, "files")!;
  expect(rung).toEqual({ stage: 0, without: ["files"], named: ["files"] });
  expect(next(rung, "verb")).toEqual({ stage: 1, without: ["files"], named: ["files"] });
});

test("a verb, a right and a place are left for one that differs", () => {
  expect([next(topRung, "verb"), next(topRung, "by"), next(topRung, "place")].map((rung) => rung?.stage)).toEqual([
    1, 2, 3,
  ]);
  expect(next({ ...topRung, stage: 3 }, "place")).toBeUndefined();
});

test("a part that was not in the message is not left out of it", () => {
  expect(next(topRung, undefined, ["buttons"])?.without).toEqual(["buttons"]);
  expect(next(topRung, "files", [])?.stage).toBe(1);
});

test("whatever is refused for whatever reason, it ends, and no rung is taken twice", async () => {
  const blames: Blame<Part>[] = [undefined, ...all, "verb", "by", "place"];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...blames)), fc.array(fc.subarray([...all])), async (said, helds) => {
      const taken: string[] = [];
      const attempt = async (rung: Rung<Part>) => {
        taken.push(JSON.stringify([rung.stage, [...rung.without].sort()]));
        throw new Error("no");
      };
      const judge = () => ({ blame: said[taken.length - 1], held: helds[taken.length - 1] ?? all });
      await expect(descend(ladder, topRung, { attempt, judge, tell: () => {} })).rejects.toThrow("no");
      expect(new Set(taken).size).toBe(taken.length);
      expect(taken.length).toBeLessThanOrEqual(16);
    }),
  );
});

test("what is no refusal is thrown at once", async () => {
  let tries = 0;
  const attempt = async () => {
    tries++;
    throw new Error("slow down");
  };
  await expect(descend(ladder, topRung, { attempt, judge: () => undefined, tell: () => {} })).rejects.toThrow("slow");
  expect(tries).toBe(1);
});
