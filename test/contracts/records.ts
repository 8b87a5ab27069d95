// What every place of records must do.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { OpenRecords } from "../../src/runtime/records.ts";
import { eventually, pause } from "./queue.ts";

export function describeRecords(open: () => Promise<OpenRecords>): void {
  let records: OpenRecords;
  beforeEach(async () => void (records = await open()));
  afterEach(async () => {
    for (const { key } of await records.list("", 1000)) await records.delete(key);
    await records.close();
  });

  test("what was set is there, the newest, until it is deleted", async () => {
    expect(await records.get("a")).toBeUndefined();
    await records.set("a", { text: "繁體 🙂", list: [1, null, true] });
    await records.set("b", null);
    expect(await records.get("a")).toEqual({ text: "繁體 🙂", list: [1, null, true] });
    expect(await records.get("b")).toBeNull();
    await records.set("a", 2);
    expect(await records.get("a")).toBe(2);
    await records.delete("a");
    await records.delete("a");
    expect(await records.get("a")).toBeUndefined();
  });

  test("a record is gone after its time, and may be claimed again", async () => {
    await records.set("late", 1, 60_000);
    expect(await records.claim("late", 2)).toBe(false);
    await records.delete("late");
    await records.set("soon", 1, 60);
    await eventually(async () => (await records.get("soon")) === undefined);
    expect(await records.list("", 10)).toEqual([]);
    expect(await records.claim("soon", 3, 60_000)).toBe(true);
    expect(await records.get("soon")).toBe(3);
  });

  test("setting a record again without a time keeps it", async () => {
    await records.set("a", 1, 60);
    await records.set("a", 2);
    await pause(120);
    expect(await records.get("a")).toBe(2);
  });

  test("of many who claim at once, one gets it", async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, (_, i) => records.claim("seat", i)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await records.get("seat")).toBe(claims.indexOf(true));
  });

  test("no change is lost when many change one record at once", async () => {
    const votes = Array.from({ length: 15 }, () =>
      records.update("votes", (count) => (typeof count === "number" ? count : 0) + 1),
    );
    await Promise.all(votes);
    expect(await records.get("votes")).toBe(15);
  });

  test("lists what begins with a prefix, in order, no more than asked", async () => {
    for (const key of ["vote/2", "vote/1", "vote/10", "voter", "install/T1", "vote/文"]) await records.set(key, key);
    expect((await records.list("vote/", 10)).map(({ key }) => key)).toEqual(["vote/1", "vote/10", "vote/2", "vote/文"]);
    expect(await records.list("vote/", 2)).toEqual([
      { key: "vote/1", value: "vote/1" },
      { key: "vote/10", value: "vote/10" },
    ]);
    expect(await records.list("nothing", 10)).toEqual([]);
  });
}
