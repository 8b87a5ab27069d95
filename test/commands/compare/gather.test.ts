// All models at once: the time for all, what is kept, and what a late one leaves behind.

import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { gather } from "../../../src/commands/compare/round/gather.ts";
import type { Outcome } from "../../../src/core/run-model.ts";
import type { Model } from "../../../src/core/model.ts";
import { openEmbeddedRecords } from "../../../src/world/records-embedded.ts";
import { HANG, player } from "../../fakes/compare-rig.ts";
import { liveWorld } from "../../fakes/vendor.ts";

const prompt = { messages: [{ role: "user" as const, text: "Why?" }], passages: [], language: "en" as const };

async function outcomesOf(
  models: readonly Model[],
  patience: number,
  records = openEmbeddedRecords(":memory:", () => 0),
) {
  const { signal } = new AbortController();
  const round = {
    id: "q1",
    workspace: "w",
    keptFor: 60_000,
    models,
    prompt,
    records,
    world: liveWorld(),
    signal,
    patience,
  };
  const outcomes: Outcome[] = [];
  for await (const heard of gather(round)) if (heard.type === "ended") outcomes[heard.index] = heard.outcome;
  return outcomes;
}

describe("gather", () => {
  test("loading a vendor's package is in nobody's time", async () => {
    const prepare = () => sleep(150);
    const [one] = await outcomesOf([player("a/1", ["Yes."], { prepare }), player("b/2", ["No."])], 5000);
    expect(one!.total).toBeLessThan(120);
  });

  test("when the time for all is up, a late model is late, with what it had said", async () => {
    const models = [player("a/1", ["All of it."]), player("b/2", ["Half of", HANG]), player("c/3", [HANG])];
    const outcomes = await outcomesOf(models, 80);
    expect(outcomes.map(({ end, text }) => [end, text])).toEqual([
      ["end", "All of it."],
      ["late", "Half of"],
      ["late", ""],
    ]);
  });

  test("a model that does not even listen to the end of time is left behind", async () => {
    const deaf: Model = {
      ...player("d/4", []),
      async *generate() {
        await sleep(600);
        yield { type: "text", text: "Sorry, what?" };
      },
    };
    const [first, second] = await outcomesOf([player("a/1", ["Here."]), deaf], 60);
    expect([first?.end, second?.end]).toEqual(["end", "late"]);
    expect(second?.total).toBeLessThan(500);
  });

  test("only what was paid for is kept: who failed or was late is asked again", async () => {
    const records = openEmbeddedRecords(":memory:", () => 0);
    const models = [player("a/1", ["Done."]), player("b/2", [new Error("broken")]), player("c/3", [HANG])];
    await outcomesOf(models, 60, records);
    await outcomesOf(models, 60, records);
    expect(models.map(({ prompts }) => prompts.length)).toEqual([1, 2, 2]);
  });

  test("a wait in line is nobody's slowness", async () => {
    const queued: Model = {
      ...player("a/1", []),
      async *generate() {
        yield { type: "waiting", place: 1 };
        await sleep(150);
        yield { type: "waiting", place: 0 };
        yield { type: "text", text: "My turn." };
        yield { type: "stop", reason: "end" };
      },
    };
    const [outcome] = await outcomesOf([queued], 5000);
    expect(outcome?.firstToken).toBeLessThan(120);
  });
});
