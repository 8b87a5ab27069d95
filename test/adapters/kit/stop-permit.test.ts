// Who may stop an answer, by the permit in its button.

import { expect, test } from "@jest/globals";
import { writeReference } from "../../../adapters/discord/render/reference.ts";
import { sealKeyOf, signStopPermit, verifyStopPermit } from "../../../adapters/kit/stop-permit.ts";
import { readPress, writePress } from "../../../adapters/slack/render/blocks.ts";
import { createMemoryRecords } from "../../fakes/memory-records.ts";

const asked = { job: "discord-1574543591835959304", asker: "mei", workspace: "guild" };
const permit = signStopPermit(asked, "key");
const may = (who: Partial<typeof asked>, isAdmin = false, own = permit) =>
  verifyStopPermit(own, { ...asked, ...who }, isAdmin, "key");

test("is the asker, wherever they are, and the workspace's own admins", () => {
  expect(may({})).toBe(true);
  expect(may({ workspace: "dm-mei" })).toBe(true);
  expect(may({ asker: "bob" }, true)).toBe(true);
});

test("is nobody else, nor anyone for another answer, nor with a permit of their own", () => {
  expect(may({ asker: "bob" })).toBe(false);
  expect(may({ asker: "bob", workspace: "dm-bob" }, true)).toBe(false);
  expect(may({ job: "discord-2" }, true)).toBe(false);
  const guessed = signStopPermit({ ...asked, asker: "bob" }, "guess");
  for (const own of ["bob", "bob~guild", "mei", "mei~guild", guessed, "~", ""])
    expect(may({ asker: "bob" }, true, own)).toBe(false);
});

test("fits each platform's button, and comes back from it as it was", () => {
  expect(writeReference("stop", asked.job, permit).length).toBeLessThanOrEqual(100);
  const press = { kind: "stop", argument: permit, id: "slack-T1-C1-1700000000.000100" } as const;
  expect(readPress(writePress(press))).toEqual(press);
});

test("every process signs with the same key, which is nobody else's", async () => {
  const records = createMemoryRecords();
  const keys = await Promise.all([1, 2, 3].map(() => sealKeyOf("slack", records)));
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]!.length).toBeGreaterThan(40);
  expect(await sealKeyOf("other", records)).not.toBe(keys[0]);
  expect(await sealKeyOf("slack", createMemoryRecords())).not.toBe(keys[0]);
});
