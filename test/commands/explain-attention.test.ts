// The command around the views: what it asks for, what it says, and where its buttons lead.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { explainAttention } from "../../src/commands/explain-attention/index.ts";
import { SECTIONS } from "../../src/commands/explain-attention/walk.ts";
import { BotError } from "../../src/core/errors.ts";
import type { AttentionRequest, Explanation } from "../../src/core/attention.ts";
import type { CommandContext, Toolbox } from "../../src/core/command.ts";
import type { Reply } from "../../src/core/reply.ts";

const EXPLANATION: Explanation = {
  view: "overview",
  reading: "`it` looks.",
  text: "a # a it",
  notes: ["small print"],
  at: { layer: 1, head: 3, token: 0, pieces: false },
  choices: {
    layers: 2,
    heads: 4,
    tokens: [
      { text: "it", letter: "a", piece: 0 },
      { text: "slept", letter: "b", piece: 1 },
    ],
    causal: false,
  },
};

async function run(given: Record<string, unknown>, more: Partial<Explanation> | BotError = {}) {
  const asked: AttentionRequest[] = [];
  const explain = (request: AttentionRequest) => {
    asked.push(request);
    return more instanceof BotError ? Promise.reject(more) : Promise.resolve({ ...EXPLANATION, ...more });
  };
  const sleep = () => new Promise<void>(() => {});
  const tools = { attention: { explain }, runtime: { now: () => 0, sleep } } as unknown as Toolbox;
  const args = explainAttention.args.parse(given);
  const { signal } = new AbortController();
  const say = (phrase: { en: string }) => phrase.en;
  const replies: Reply[] = [];
  let error: unknown;
  try {
    for await (const reply of explainAttention.run({
      args,
      tools,
      language: "en",
      say,
      signal,
    } as unknown as CommandContext<never>))
      replies.push(reply);
  } catch (caught) {
    error = caught;
  }
  const actions = replies.flatMap((reply) => (reply.type === "actions" ? reply.actions : []));
  return { asked: asked[0]!, replies, actions, error };
}

const textIn = (replies: readonly Reply[]) =>
  replies.map((reply) => (reply.type === "text" ? reply.text : "")).join("");

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

  test("explains itself without a text, by an example", async () => {
    const { asked, replies } = await run({});
    expect(asked).toEqual({ text: "", language: "en" });
    expect(textIn(replies)).toMatch(/^Give me a sentence.*`\/explain-attention The cat sat on the mat`.*`it` looks\./s);
    expect(textIn((await run({ toy: true })).replies)).toMatch(/^Give me tokens with numbers/);
    expect(textIn((await run({ view: "head" })).replies)).toMatch(/^`it` looks/);
  });

  test("takes the numbers of a toy from the text, and walks on with them", async () => {
    const { asked, actions } = await run({ text: "a=1 b=2", toy: true, wq: "1", causal: true }, { view: "toy" });
    expect(asked.toy).toEqual({ embeddings: "a=1 b=2", wq: "1", causal: true });
    expect(actions.map(({ label }) => label)).toEqual(["b slept", "Look both ways", "Picture", "How do I read this?"]);
    for (const { options } of actions) expect(options).toMatchObject({ text: "a=1 b=2", toy: true, wq: "1" });
    expect(actions[1]!.options).toMatchObject({ causal: false, token: "#0" });
  });

  test("takes numbers and matrices for a toy, whether or not that was said, and words for words", async () => {
    for (const text of ["cat=0.1,0.3 sat=0.5,0.7", "貓＝0.1，0.3　坐 = -0.5、 0.7", "a=1"])
      expect((await run({ text })).asked.toy).toEqual({ embeddings: text });
    expect((await run({ text: "a=x", wk: "1" })).asked.toy).toEqual({ embeddings: "a=x", wk: "1" });
    for (const text of ["The cat sat", "x=1 is an equation", "E=mc2", ""])
      expect((await run({ text })).asked.toy).toBeUndefined();
  });

  test.each(["overview", "head", "token", "steps", "heads", "rollout", "pieces"] as const)(
    "leads everywhere from %s: the nearest first, the guide among them, none back to it",
    async (view) => {
      const { actions } = await run({ text: "it", view, model: "a/b", pieces: true }, { view });
      const labels = actions.map(({ label }) => label);
      expect(labels.slice(3, 5)).toEqual(["How do I read this?", "Picture"]);
      expect(new Set(labels.slice(0, 5)).size).toBe(5);
      expect(labels).toEqual(expect.arrayContaining(["L0H0", "L0H3", "L1H0", "b slept", "Words instead of pieces"]));
      const views = new Set(actions.map(({ options }) => options["view"]));
      expect(views).toEqual(new Set(["overview", "head", "token", "steps", "heads", "rollout", "pieces", "guide"]));
      for (const { command, options, shows } of actions) {
        expect({ command, shows }).toEqual({ command: explainAttention.name, shows: "in-place" });
        expect(explainAttention.args.safeParse(options).success).toBe(true);
        expect(options).toMatchObject({ text: "it", model: "a/b" });
      }
    },
  );

  test("keeps the place that was looked at, and asks for a picture only once", async () => {
    const { actions } = await run({ text: "it", picture: "png" });
    const find = (name: string) => actions.find(({ label }) => label === name)?.options;
    expect(find("Worked example")).toEqual({
      text: "it",
      language: "en",
      view: "steps",
      layer: 1,
      head: 3,
      token: "#0",
    });
    expect(find("Picture")).toMatchObject({ picture: "png", view: "overview" });
    expect(find("L0H2")).toMatchObject({ layer: 0, head: 2, token: "#0", view: "head" });
  });

  test("walks to the next head, from the last to the first, and to the next word", async () => {
    const from = async (view: "head" | "token", head: number) => {
      const { actions } = await run({ text: "it", view }, { view, at: { layer: 1, head, token: 0, pieces: false } });
      return actions[0];
    };
    expect(await from("head", 1)).toMatchObject({ label: "L1H2", options: { layer: 1, head: 2, view: "head" } });
    expect(await from("head", 3)).toMatchObject({ label: "L0H0" });
    expect(await from("token", 3)).toMatchObject({ label: "b slept", options: { token: "#1", head: 3 } });
  });

  test("offers a bounded number of ways through a large model and a long text", async () => {
    const tokens = Array.from({ length: 128 }, (_, piece) => ({ text: "word", letter: String(piece), piece }));
    const at = { layer: 7, head: 7, token: 100, pieces: false };
    const choices = { layers: 48, heads: 40, tokens, causal: true };
    const { actions } = await run({ text: "long" }, { at, choices });
    expect(actions.length).toBeLessThan(80);
    expect(actions.map(({ label }) => label)).toEqual(
      expect.arrayContaining(["Leave the first token out", "L7H8", "L8H7", "101 word"]),
    );
  });

  test("goes on in the language it began in, whoever presses", async () => {
    const { asked, actions } = await run({ text: "it", language: "zh-TW" });
    expect(asked).toEqual({ text: "it", language: "zh-TW" });
    expect(actions[0]).toMatchObject({ label: "一個詞", options: { language: "zh-TW" } });
  });

  test("goes back from the guide to where it came from, and on into the primer", async () => {
    const { actions } = await run({ text: "it", layer: 1, token: "#0", view: "guide" }, { view: "guide" });
    expect(actions[0]!.options).toEqual({ text: "it", language: "en", layer: 1, token: "#0", view: "overview" });
    expect(actions.slice(2).map(({ command, options }) => [command, options["question"]])).toEqual([
      ["ask", "How is self-attention computed, step by step?"],
      ["ask", "What do attention heads learn?"],
      ["ask", "Do attention weights explain a model's decision?"],
    ]);
    const toy = await run({ text: "a=1", toy: true, view: "guide" }, { view: "guide" });
    expect(toy.actions[0]).toMatchObject({ label: "Back to the numbers", options: { text: "a=1", toy: true } });
  });

  test("opens sections that the primer has, in both languages", () => {
    for (const language of ["en", "zh-TW"] as const) {
      const folder = `src/knowledge/primer/${language}`;
      const headings = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"));
      for (const section of SECTIONS) expect(headings).toContain(`## ${section[language]}`);
    }
  });

  test("leads out of a text that cannot be read", async () => {
    const failure = new BotError("usage", { en: "No Chinese.", "zh-TW": "不懂中文。" });
    const { actions, error } = await run({ text: "這隻動物" }, failure);
    expect(error).toBe(failure);
    expect(actions[0]).toMatchObject({
      label: "Xenova/bert-base-chinese",
      options: { text: "這隻動物", model: "Xenova/bert-base-chinese" },
    });
    expect((await run({ text: "x", layer: 9 }, failure)).actions[0]).toMatchObject({ label: "Work one out by hand" });
  });
});
