// All models at once: the time for all, what is kept, and what a late one leaves behind.

import { describe, expect, test } from "@jest/globals";
import { runModels } from "../../../src/commands/compare/run-models.ts";
import type { Outcome } from "../../../src/core/run-model.ts";
import { abortable } from "../../../src/core/async.ts";
import type { Model } from "../../../src/core/model.ts";
import { openEmbeddedRecords } from "../../../src/runtime/records-embedded.ts";
import { HANG, player } from "../../fakes/compare-rig.ts";
import { liveRuntime } from "../../fakes/vendor.ts";
import { until } from "../../fakes/wait.ts";

const prompt = { messages: [{ role: "user" as const, text: "Why?" }], passages: [], language: "en" as const };

/** A clock that moves when a test says so; the time for all is up when it says that. */
function clock() {
  let [now, expire] = [0, () => {}];
  const over = new Promise<void>((resolve) => (expire = resolve));
  const sleep = (_ms: number, signal?: AbortSignal) => abortable(over, signal);
  return { runtime: { ...liveRuntime(), now: () => now, sleep }, pass: (ms: number) => void (now += ms), expire };
}

async function outcomesOf(
  models: readonly Model[],
  { runtime } = clock(),
  records = openEmbeddedRecords(":memory:", () => 0),
) {
  const { signal } = new AbortController();
  const round = {
    id: "q1",
    workspace: "w",
    ttlMs: 60_000,
    models,
    prompt,
    records,
    runtime,
    signal,
    patience: 5000,
  };
  const outcomes: Outcome[] = [];
  for await (const heard of runModels(round)) if (heard.type === "ended") outcomes[heard.index] = heard.outcome;
  return outcomes;
}

describe("gather", () => {
  test("loading a vendor's package is in nobody's time", async () => {
    const time = clock();
    const prepare = async () => time.pass(150);
    const [one] = await outcomesOf([player("a/1", ["Yes."], { prepare }), player("b/2", ["No."])], time);
    expect(one!.total).toBe(0);
  });

  test("when the time for all is up, a late model is late, with what it had said", async () => {
    const models = [player("a/1", ["All of it."]), player("b/2", ["Half of", HANG]), player("c/3", [HANG])];
    const time = clock();
    const gathered = outcomesOf(models, time);
    await until(() => models.every(({ done, silent }) => done + silent === 1));
    time.expire();
    const outcomes = await gathered;
    expect(outcomes.map(({ end, text }) => [end, text])).toEqual([
      ["end", "All of it."],
      ["late", "Half of"],
      ["late", ""],
    ]);
  });

  test("a model that does not even listen to the end of time is left behind", async () => {
    const time = clock();
    const quick = player("a/1", ["Here."]);
    const deaf: Model = {
      ...player("d/4", []),
      async *generate() {
        await until(() => quick.done === 1);
        time.expire();
        await new Promise<never>(() => {});
        yield { type: "text", text: "Sorry, what?" };
      },
    };
    const [first, second] = await outcomesOf([quick, deaf], time);
    expect([first?.end, second?.end]).toEqual(["end", "late"]);
  });

  test("only what was paid for is kept: who failed or was late is asked again", async () => {
    const records = openEmbeddedRecords(":memory:", () => 0);
    const models = [player("a/1", ["Done."]), player("b/2", [new Error("broken")]), player("c/3", [HANG])];
    for (let times = 1; times <= 2; times++) {
      const time = clock();
      const gathered = outcomesOf(models, time, records);
      await until(() => models[2]!.silent === times);
      time.expire();
      await gathered;
    }
    expect(models.map(({ prompts }) => prompts.length)).toEqual([1, 2, 2]);
  });

  test("a wait in line is nobody's slowness", async () => {
    const time = clock();
    const queued: Model = {
      ...player("a/1", []),
      async *generate() {
        yield { type: "waiting", place: 1 };
        time.pass(150);
        yield { type: "waiting", place: 0 };
        yield { type: "text", text: "My turn." };
        yield { type: "stop", reason: "end" };
      },
    };
    const [outcome] = await outcomesOf([queued], time);
    expect(outcome?.firstToken).toBe(0);
  });
});
