// What can be completed while it is typed, from what the workers wrote down.

import { expect, test } from "@jest/globals";
import { commands } from "../../src/commands/index.ts";
import { publishDocuments, publishModels, suggest, suggestCommands } from "../../src/core/suggestions.ts";
import type { KnowledgeBase } from "../../src/core/knowledge.ts";
import { createMemoryRecords } from "../fakes/memory-records.ts";
import { createTestToolbox } from "../fakes/toolbox.ts";

const asked = (typed: string, workspace = "w1") => ({ typed, workspace });

test("models are found by a part of their name; in a list, the last one is completed", async () => {
  const records = createMemoryRecords();
  const models = { ...createTestToolbox({}).models, names: () => ["openai/gpt", "mistral/large"] };
  await publishModels({ ...createTestToolbox({}), models, records });
  expect(await suggest("model", asked("LAR"), records)).toEqual([{ value: "mistral/large", label: "mistral/large" }]);
  expect((await suggest("model", asked("openai/gpt, mi"), records)).map(({ value }) => value)).toEqual([
    "openai/gpt, mistral/large",
  ]);
  expect(await suggest("model", asked("nothing"), records)).toEqual([]);
});

test("documents are found by their title, in their own workspace only", async () => {
  const records = createMemoryRecords();
  const list: KnowledgeBase["list"] = async () =>
    [
      { id: "a1", title: "員工手冊", addedAt: 1 },
      { id: "b2", title: "Prices", addedAt: 2 },
    ] as never;
  await publishDocuments({ ...createTestToolbox({ knowledge: { list } }), records }, "w1");
  expect((await suggest("document", asked(""), records)).map(({ value }) => value)).toEqual(["b2", "a1"]);
  expect(await suggest("document", asked("手冊"), records)).toEqual([{ value: "a1", label: "員工手冊 · a1" }]);
  expect(await suggest("document", asked("", "w2"), records)).toEqual([]);
});

test("commands are suggested by the beginning of any of their names", () => {
  const values = (typed: string) => suggestCommands(commands, { typed }).map(({ value }) => value);
  expect(values("/co")).toEqual(["compare"]);
  expect(values("知")).toEqual(["kb"]);
  expect(values("")).toHaveLength(commands.length);
  expect(suggestCommands(commands, { typed: "kb" })[0]?.label).toBe("kb · 知識庫");
});
