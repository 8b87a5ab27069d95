// `/models`: what is there, what suits, and who answers.

import { describe, expect, test } from "@jest/globals";
import { BotError } from "../../src/core/errors.ts";
import { readCriteria } from "../../src/commands/models/criteria.ts";
import type { Listing, ModelCard } from "../../src/core/model.ts";
import { textOf } from "../../src/core/post.ts";
import { CARD, createChat, HANG, player, readable, type Player } from "../fakes/compare-rig.ts";

const price = (input: number, output: number) => ({ input, output, asOf: "2026-11-23" });
const dear: ModelCard = {
  ...CARD,
  openWeights: false,
  price: price(5, 25),
  strengths: ["reasoning", "code"],
  languages: ["mul", "en", "zh-TW"],
};
const small: ModelCard = {
  ...CARD,
  hosting: "local",
  openWeights: true,
  price: price(0, 0),
  strengths: ["writing"],
  languages: ["en"],
};
const cheap: ModelCard = {
  ...CARD,
  openWeights: false,
  price: price(0.1, 0.5),
  strengths: ["speed"],
  languages: ["mul", "zh-TW"],
};
const trio = () => [
  player("acme/big", ["ready"], { card: dear, contextWindow: 1_000_000 }),
  player("acme/mini", ["ready"], { card: cheap }),
  player("home/llama", [20, "ready", HANG], { card: small, contextWindow: 4096 }),
];

function chatWith(players: readonly Player[], listings?: readonly Listing[]) {
  const chat = createChat(players);
  if (listings) Object.assign(chat.tools.models, { list: async () => listings });
  return chat;
}

describe("/models", () => {
  test("shows what is known of each, by provider, and what is not", async () => {
    const chat = chatWith([...trio(), player("odd/one", ["x"], { card: CARD })]);
    const post = await chat.say("/models");
    expect(post.sections.map(({ title }) => title).slice(0, 3)).toEqual(["acme", "home", "odd"]);
    const text = textOf(post);
    expect(text).toMatch(
      /\*\*big\*\* — 1M tokens · \$5 \/ \$25 · closed · runs at its vendor · reasoning, code · many languages \(en, zh-TW\)/,
    );
    expect(text).toMatch(/\*\*llama\*\* — 4k tokens · free · open weights · runs locally/);
    expect(text).toMatch(/\*\*one\*\* — 100k tokens · price unknown · weights unknown/);
    expect(readable(post)).toMatch(/US dollars per million tokens.*as of 2026-11-23/);
  });

  test("adds what vendors list right now: windows, prices, ends, what is missing, and why a list is not there", async () => {
    const chat = chatWith(trio(), [
      {
        provider: "acme",
        configured: ["big", "mini"],
        live: [
          { id: "big", contextWindow: 2_000_000, retires: true },
          { id: "new-one" },
          { id: "going", retires: true },
        ],
      },
      { provider: "home", configured: ["llama"], failure: { en: "I cannot reach Home.", "zh-TW": "連不上。" } },
    ]);
    const text = readable(await chat.say("/models"));
    expect(text).toMatch(/\*\*big\*\* — 2M tokens.*⚠ its vendor is ending it/);
    expect(text).toMatch(/Not in the vendor's list.*: mini/);
    expect(text).toMatch(/The vendor lists 3 now; also: new-one …/);
    expect(text).toMatch(/No live list: I cannot reach Home\./);
  });

  test("Ollama's tag for the latest is the model itself", async () => {
    const chat = chatWith(trio(), [{ provider: "home", configured: ["llama"], live: [{ id: "llama:latest" }] }]);
    expect(readable(await chat.say("/models"))).not.toMatch(/Not in the vendor's list/);
  });

  test("speaks Chinese", async () => {
    const user = { id: "u", name: "u", isAdmin: false, isLocal: false, locale: "zh-TW" };
    expect(textOf(await chatWith(trio()).say("/models", { user }))).toMatch(/免費 · 開放權重 · 在本機執行/);
  });
});

describe("--for", () => {
  const order = async (wishes: string) => {
    const text = textOf(await chatWith(trio()).say(`/models --for "${wishes}"`));
    return [...text.matchAll(/\*\*(\S+)\*\*/g)].map(([, name]) => name);
  };

  test("recommends with reasons", async () => {
    const text = textOf(await chatWith(trio()).say('/models --for "cheap, traditional chinese, local"'));
    expect(text).toMatch(
      /^1\. \*\*home\/llama\*\* — ✓ free on your own machine · ✗ Traditional Chinese is not among its languages · ✓ what you ask stays on your own network/,
    );
    expect(text).not.toContain("acme");
  });

  test.each([
    ["cheap, traditional chinese", "acme/mini"],
    ["便宜、繁體中文", "acme/mini"],
    ["不要太貴、繁體中文", "acme/mini"],
    ["code and reasoning", "acme/big"],
    ["long context", "acme/big"],
    ["open weights", "home/llama"],
    ["offline", "home/llama"],
    ["fast", "acme/mini"],
  ])("%s: %s", async (wishes, best) => {
    expect((await order(wishes))[0]).toBe(best);
  });

  test("a model of many languages is not said to lack Chinese, and one of Taiwan's comes first", async () => {
    const card = (languages: string[]): ModelCard => ({ ...small, languages });
    const players = [
      player("home/llama", ["x"], { card: card(["en", "de"]) }),
      player("home/qwen", ["x"], { card: card(["en", "zh"]) }),
      player("home/gemma", ["x"], { card: card(["mul", "en"]) }),
      player("home/taide", ["x"], { card: card(["zh-TW", "zh", "en"]) }),
    ];
    const text = textOf(await chatWith(players).say('/models --for "繁體中文、本機"'));
    expect([...text.matchAll(/\*\*(\S+)\*\*/g)].map(([, name]) => name)).toEqual([
      "home/taide",
      "home/gemma",
      "home/qwen",
    ]);
    expect(text).toMatch(/gemma\*\* — ✓ 能寫多種語言/);
  });

  test("where nothing grants a must, says so before the closest", async () => {
    const chat = chatWith(trio().slice(0, 2));
    expect(textOf(await chat.say("/models --for local"))).toMatch(
      /^None of the configured models is local\. The closest:/,
    );
  });

  test("says what it does not understand, and gives up where that is all", async () => {
    expect(readable(await chatWith(trio()).say('/models --for "cheap, purple"'))).toMatch(/did not understand: purple/);
    const post = await chatWith(trio()).say("/models --for purple");
    expect(post).toMatchObject({
      state: "failed",
      status: expect.stringMatching(/look for "purple".*Traditional Chinese/),
    });
  });

  test("reads wishes apart, each once", () => {
    const { known, unknown } = readCriteria("便宜、cheap，本機; very purple");
    expect(known.map(({ name }) => name.en)).toEqual(["cheap", "local"]);
    expect(unknown).toEqual(["very purple"]);
  });

  test("an unknown price is neither cheap nor dear", async () => {
    const chat = chatWith([
      ...trio().slice(0, 1),
      player("odd/one", ["x"], { card: { ...CARD, price: price(100, 500) } }),
      player("odd/two", ["x"]),
    ]);
    const text = textOf(await chat.say("/models --for cheap"));
    expect(text).toMatch(/odd\/two\*\* — \? cheap: not known/);
    expect(text.indexOf("odd/two")).toBeLessThan(text.indexOf("odd/one"));
  });
});

describe("/models families", () => {
  test("shows the four families, dated", async () => {
    const post = await chatWith(trio()).say("/models families");
    expect(post.sections.map(({ title }) => title.split(" ")[0]).slice(0, 4)).toEqual([
      "GPT",
      "Claude",
      "Llama",
      "Mistral",
    ]);
    for (const { tables } of post.sections.slice(0, 4)) {
      const released = tables[0]!.rows.map((row) => row[1]!);
      expect(released.every((month) => /^20\d\d-\d\d$/.test(month))).toBe(true);
      expect(released).toEqual(released.toSorted().toReversed());
    }
    expect(readable(post)).toMatch(/As of 2026-/);
  });
});

describe("/models test", () => {
  test("asks each one tiny thing, at once, and shows who answered and why not", async () => {
    const broken = new BotError("bad-key", { en: "Odd does not accept the key.", "zh-TW": "金鑰不對。" });
    const players = [player("acme/big", [30, "ready"]), player("odd/one", [broken])];
    const chat = chatWith(players);
    const post = await chat.say("/models test");
    const rows = post.sections[0]!.tables[0]!.rows;
    expect(rows[0]).toEqual([
      "acme/big",
      "✓",
      expect.stringMatching(/^0\.\d s$/),
      expect.stringMatching(/^0\.\d s$/),
      "ready",
    ]);
    expect(rows[1]?.slice(0, 3)).toEqual(["odd/one", "✗ its key was not accepted", "–"]);
    expect(readable(post)).toMatch(/odd\/one: Odd does not accept the key/);
    expect(players[0]!.prompts[0]).toMatchObject({ maxTokens: 512, passages: [] });
    expect(chat.shown.some(({ status }) => /Trying 2 models, 1 done/.test(status))).toBe(true);
  });

  test("says so where there is none", async () => {
    const quotes = { ...player("extractive/quotes", []), isGenerative: false };
    expect(textOf(await chatWith([quotes]).say("/models test"))).toMatch(/nothing to test/);
  });
});
