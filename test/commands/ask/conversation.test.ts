// What was said before goes along: to the model as messages, to the search as words.

import { describe, expect, test } from "@jest/globals";
import { createMemory } from "../../../src/bot/memory.ts";
import { textOf } from "../../../src/core/post.ts";
import { collect } from "../../fakes/collect.ts";
import { createTestToolbox, hit, invocation, modelThatSays } from "../../fakes/toolbox.ts";

const hits = [hit("Handbook", "Interns may work remotely."), hit("Rules", "HR replies within five working days.")];

describe("a conversation", () => {
  test("goes to the model as messages, and the search gets the earlier words too", async () => {
    const { model, prompts } = modelThatSays("Yes [1].");
    const asked: string[] = [];
    const search = async (text: string) => {
      asked.push(text);
      return { hits, answerable: true, confidence: 1 };
    };
    const tools = createTestToolbox({ model, knowledge: { search } });
    const memory = createMemory(tools.records, tools.runtime);
    const first = invocation("/ask Can employees work remotely?");
    await memory.remember(first, { question: "Can employees work remotely?", answer: "Yes." });
    await collect(invocation("/ask and interns?"), tools, { memory });
    expect(prompts[0]?.messages).toEqual([
      { role: "user", text: "Can employees work remotely?" },
      { role: "assistant", text: "Yes." },
      { role: "user", text: "and interns?" },
    ]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/^and interns\?[^]*work remotely/);
  });

  test("what finds nothing with the earlier words is searched for alone", async () => {
    const asked: string[] = [];
    const search = async (text: string) => {
      asked.push(text);
      return { hits, answerable: asked.length === 2, confidence: 1 };
    };
    const tools = createTestToolbox({ model: modelThatSays("Yes [1].").model, knowledge: { search } });
    const memory = createMemory(tools.records, tools.runtime);
    await memory.remember(invocation("/ask x"), { question: "What is LoRA?", answer: "It is." });
    const { post } = await collect(invocation("/ask and the dormitory?"), tools, { memory });
    expect(asked[1]).toBe("and the dormitory?");
    expect(textOf(post)).toBe("Yes [1].");
  });

  test("asked again of another model, a question has the history it had the first time", async () => {
    const { model, prompts } = modelThatSays("Yes [1].");
    const tools = createTestToolbox({ hits, model });
    const memory = createMemory(tools.records, tools.runtime);
    await memory.remember(invocation("/ask x"), { question: "Can employees work remotely?", answer: "Yes." });
    await memory.remember(invocation("/ask x"), { question: "and interns?", answer: "No." });
    const input = { options: { question: "and interns?", model: "test/model" } };
    await collect(invocation("/ask", { input }), tools, { memory });
    expect(prompts[0]?.messages.map(({ text }) => text)).toEqual([
      "Can employees work remotely?",
      "Yes.",
      "and interns?",
    ]);
  });

  test("a memory that cannot be read costs the history, not the answer", async () => {
    const tools = createTestToolbox({ hits, model: modelThatSays("Yes [1].").model });
    const memory = {
      ...createMemory(tools.records, tools.runtime),
      recall: () => Promise.reject(new Error("the records are away")),
    };
    expect(textOf((await collect(invocation("/ask interns?"), tools, { memory })).post)).toBe("Yes [1].");
  });

  test("a message that was pointed at is the question where there is none, in its language", async () => {
    const { model, prompts } = modelThatSays("可以 [1]。");
    const context = [{ author: "Ken", text: "實習生可以遠端工作嗎？" }];
    await collect(invocation("/ask", { context }), createTestToolbox({ hits, model }));
    expect(prompts[0]).toMatchObject({
      messages: [{ role: "user", text: "實習生可以遠端工作嗎？" }],
      background: context,
      language: "zh-TW",
    });
    await expect(collect(invocation("/ask"), createTestToolbox({ hits, model }))).rejects.toThrow(/still need/);
  });
});
