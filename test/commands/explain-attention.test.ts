// The command around the views: what it asks for, what it says, and where its buttons lead.

import { describe, expect, test } from "@jest/globals";
import { explainAttention } from "../../src/commands/explain-attention.ts";
import type { AttentionRequest, Explanation } from "../../src/core/attention.ts";
import type { Call, Toolbox } from "../../src/core/command.ts";
import type { Reply } from "../../src/core/reply.ts";

async function run(given: Record<string, unknown>, more: Partial<Explanation> = {}) {
  const asked: AttentionRequest[] = [];
  const explanation: Explanation = {
    view: "overview",
    reading: "`it` looks.",
    text: "a # a it",
    notes: ["small print"],
    at: { layer: 1, head: 3, token: 0, pieces: false },
    choices: { layers: 2, heads: 4, tokens: ["it"] },
    ...more,
  };
  const attention = {
    explain: (request: AttentionRequest) => {
      asked.push(request);
      return Promise.resolve(explanation);
    },
    embed: () => Promise.reject(new Error("not asked")),
    close: () => Promise.resolve(),
  };
  const tools = { attention, world: { now: () => 0 } } as unknown as Toolbox;
  const args = explainAttention.args.parse(given);
  const signal = new AbortController().signal;
  const call = {
    args,
    tools,
    language: "en",
    say: (phrase: { en: string }) => phrase.en,
    signal,
  } as unknown as Call<never>;
  const replies: Reply[] = [];
  for await (const reply of explainAttention.run(call)) replies.push(reply);
  const actions = replies.flatMap((reply) => (reply.type === "actions" ? reply.actions : []));
  return { asked: asked[0]!, replies, actions };
}

describe("/explain-attention", () => {
  test("says what was seen, then shows it", async () => {
    const { replies, asked } = await run({ text: "it", view: "head", layer: 1 });
    expect(asked).toEqual({ text: "it", language: "en", view: "head", layer: 1 });
    expect(replies.find(({ type }) => type === "text")).toEqual({
      type: "text",
      text: "`it` looks.\n\n```\na # a it\n```",
    });
    expect(replies).toContainEqual({ type: "note", text: "small print" });
  });

  test("explains itself without a text", async () =>
    expect((await run({})).asked).toEqual({ text: "", language: "en" }));

  test("takes the numbers of a toy from the text", async () => {
    const { asked, actions } = await run({ text: "a=1 b=2", toy: true, wq: "1", causal: true }, { view: "toy" });
    expect(asked.toy).toEqual({ embeddings: "a=1 b=2", wq: "1", causal: true });
    expect(actions).toEqual([]);
  });

  test.each(["overview", "head", "token", "steps", "heads", "rollout", "pieces", "guide"] as const)(
    "has at most five ways on from %s, none of them back to it",
    async (view) => {
      const { actions } = await run({ text: "it", view, model: "a/b", pieces: true }, { view });
      expect(actions.length).toBeGreaterThan(2);
      expect(actions.length).toBeLessThanOrEqual(5);
      expect(new Set(actions.map(({ label }) => label)).size).toBe(actions.length);
      for (const { command, options } of actions) {
        expect(command).toBe(explainAttention.name);
        expect(explainAttention.args.safeParse(options).success).toBe(true);
        expect(options).toMatchObject({ text: "it", model: "a/b", pieces: true });
      }
    },
  );

  test("walks to the next head, and from the last to the first", async () => {
    expect((await run({ text: "it" })).actions[0]).toMatchObject({
      label: "L0H0",
      options: { layer: 0, head: 0, view: "head" },
    });
    const { actions } = await run({ text: "it" }, { at: { layer: 0, head: 1, token: 0, pieces: false } });
    expect(actions[0]).toMatchObject({ label: "L0H2" });
  });
});
