// What remains of comparisons: rankings that know what they do not know, a picture of them, and pairs to train on.

import { describe, expect, test } from "@jest/globals";
import { costOf, dollars } from "../../../src/core/figures.ts";
import { preferencesOf, withoutPeople, type Pair } from "../../../src/commands/compare/scores/export.ts";
import { drawRanking, paintRanking } from "../../../src/commands/compare/scores/picture.ts";
import { keys, type Ballot } from "../../../src/commands/compare/records.ts";
import { toJson } from "../../../src/core/json.ts";
import { topicOf } from "../../../src/commands/compare/messages.ts";
import { createPainter } from "../../../src/attention/picture/paint.ts";
import type { Privacy } from "../../../src/core/privacy.ts";
import type { Phrase } from "../../../src/core/language.ts";
import { textOf, type Post } from "../../../src/core/post.ts";
import { createTestRuntime } from "../../fakes/test-runtime.ts";
import { by, createChat, letterOf, player, readable, type Chat } from "../../fakes/compare-rig.ts";

const duo = () => [
  player("acme/one", ["The first answer."]),
  player("bolt/two", ["The second answer."]),
  player("cobra/three", ["The third answer."]),
];

async function fill(chat: Chat, number: number, more: (i: number) => Partial<Ballot> = () => ({})): Promise<void> {
  const { records } = chat.tools;
  for (let i = 0; i < number; i++) {
    const ballot: Ballot = {
      channel: "c1",
      language: "en",
      topic: "code",
      models: ["acme/one", "bolt/two"],
      letters: ["A", "B"],
      at: i,
      after: 1,
      until: 1,
      votes: { u: i % 4 === 0 ? "B" : "A" },
      casts: 1,
      ...more(i),
    };
    await records.set(keys.ballot("w1", `b${i}`), toJson(ballot));
  }
}

describe("--scores", () => {
  test("says so where there are no votes", async () => {
    expect(textOf(await createChat(duo()).say("/compare --scores"))).toMatch(/no votes yet/);
  });

  test("ranks the channel and the workspace apart, with intervals, and paints it", async () => {
    const chat = createChat(duo());
    await fill(chat, 60, (i) => ({ channel: i < 40 ? "c1" : "c2", language: i < 30 ? "en" : "zh-TW" }));
    const post = await chat.say("/compare --scores");
    expect(post.sections.map(({ title }) => title).slice(0, 3)).toEqual([
      "This channel",
      "The whole workspace",
      "By language and topic",
    ]);
    const [here, all] = post.sections.map(({ tables }) => tables[0]?.rows);
    expect(here?.map((row) => row.slice(0, 2))).toEqual([
      ["1", "acme/one"],
      ["2", "bolt/two"],
    ]);
    expect([here![0]![4], all![0]![4]]).toEqual(["40", "60"]);
    expect(here![0]![3]).toMatch(/^\d+–\d+$/);
    expect(readable(post)).toMatch(/separate every model from the next/);
    expect(textOf(post)).toMatch(/\*\*English\*\* \(30\).*\*\*Traditional Chinese\*\* \(30\).*\*\*code\*\* \(60\)/s);
    expect(post.pictures[0]).toMatchObject({
      mediaType: "image/png",
      alt: expect.stringMatching(/acme\/one \d+ \(\d+–\d+\)/),
    });
  });

  test("admits what the votes do not tell", async () => {
    const chat = createChat(duo());
    await fill(chat, 3, (i) => ({ votes: { u: i === 0 ? "B" : "A" } }));
    const post = await chat.say("/compare --scores");
    expect(readable(post)).toMatch(/do not separate acme\/one from bolt\/two yet \(difference -\d+ to \d+\)/);
    expect(post.sections.map(({ title }) => title)).not.toContain("By language and topic");
    await fill(chat, 3, () => ({ votes: { u: "A" } }));
    expect(readable(await chat.say("/compare --scores"))).toMatch(/lean on a weak prior/);
  });

  test("counts no comparison whose names are still hidden", async () => {
    const chat = createChat(duo());
    const board = await chat.say("/compare Which is best?");
    await chat.press("A", board, by("mei"));
    expect(textOf(await chat.say("/compare --scores"))).toMatch(/no votes yet/);
    await chat.press("Reveal", board);
    expect(readable(await chat.say("/compare --scores"))).toMatch(/acme\/one/);
  });

  test("another workspace's votes are another's", async () => {
    const chat = createChat(duo());
    await fill(chat, 5);
    const address = { platform: "test", workspace: "w", channel: "c1", privacy: "public" as const, data: null };
    expect(textOf(await chat.say("/compare --scores", { address }))).toMatch(/no votes yet/);
  });
});

describe("the picture", () => {
  const rating = (name: string, at: number) => ({ name, rating: at, low: at - 90, high: at + 90, games: 3, wins: 1 });

  test("is a PNG of a size that fits a chat", async () => {
    const painter = createPainter({ ...createTestRuntime(), sleep: () => new Promise(() => {}) });
    const call = { tools: { painter }, say: ({ en }: Phrase) => en, signal: new AbortController().signal };
    const { bytes } = await paintRanking([rating("acme/one", 1050), rating("bolt/二", 950)], call);
    await painter.close();
    const view = Buffer.from(bytes);
    expect(view.toString("latin1", 1, 4)).toBe("PNG");
    expect(view.readUInt32BE(16)).toBe(1520);
    expect(bytes.length).toBeLessThan(200_000);
  });

  test("holds every interval, and names as they are, escaped", () => {
    const svg = drawRanking([rating("a<b>&二", 1000.4), rating("b", -300), rating("c", 2222)]);
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(svg).toContain(">a&lt;b&gt;&amp;二</text>");
    const across = [...svg.matchAll(/<circle cx="([\d.]+)"/g)].map(([, x]) => Number(x));
    expect(Math.min(...across)).toBeGreaterThan(20);
    expect(Math.max(...across)).toBeLessThan(740);
    expect(across[1]).toBeLessThan(across[0]!);
  });

  test("one model alone with nothing to tell can be drawn", () => {
    expect(drawRanking([{ ...rating("a", 1000), low: 1000, high: 1000 }])).not.toMatch(/NaN|Infinity/);
  });
});

const fileOf = ({ files = [] }: Post) => Buffer.from(files[0]?.bytes ?? []).toString("utf8");

describe("--export", () => {
  const parse = (text: string) =>
    text
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Pair);

  test("gives admins pairs without names, from this channel unless they say everywhere", async () => {
    const chat = createChat(duo());
    const ken = { user: { id: "U777", name: "Ken Chen", isAdmin: true, isLocal: false } };
    const board = await chat.say("/compare Which is best, <@U123>? Write to ken@example.org", ken);
    const [best, worse] = [letterOf(board, "first answer"), letterOf(board, "second answer")];
    for (const [name, letter] of [
      ["mei", best],
      ["lin", best],
      ["zoe", worse],
    ] as const)
      await chat.press(letter, board, by(name));
    const post = await chat.say("/compare --export", ken);
    expect(textOf(post)).toMatch(/Preference pairs 1 to 3/);
    const text = fileOf(post);
    const pairs = parse(text);
    expect(pairs).toHaveLength(3);
    expect(pairs).toContainEqual({
      prompt: "Which is best, @someone? Write to someone@example.com",
      chosen: "The first answer.",
      rejected: "The second answer.",
      chosen_model: "acme/one",
      rejected_model: "bolt/two",
      votes: { chosen: 2, rejected: 1 },
      language: "en",
      topic: "writing",
    });
    for (const name of ["Ken", "U777", "mei", "lin", "zoe"]) expect(text).not.toContain(name);
    const elsewhere = {
      ...ken,
      address: { platform: "test", workspace: "w1", channel: "other", privacy: "public" as const, data: null },
    };
    expect(parse(fileOf(await chat.say("/compare --export", elsewhere)))).toEqual([]);
    expect(parse(fileOf(await chat.say("/compare --export --everywhere", elsewhere)))).toHaveLength(3);
  });

  test("holds no words that were asked in private, and those of a closed place for whoever is in there", async () => {
    const chat = createChat(duo());
    const lin = { user: { id: "lin", name: "Lin", isAdmin: true, isLocal: false } };
    const at = (channel: string, privacy: Privacy) => ({
      address: { platform: "test", workspace: "w1", channel, privacy, data: null },
    });
    const [alone, closed, open] = [at("c1", "private"), at("d1", "closed"), at("c1", "public")];
    for (const [words, where] of [
      ["alone", alone],
      ["closed", closed],
      ["open", open],
    ] as const) {
      const board = await chat.say(`/compare Which is best ${words}? --votes 1`, { ...lin, ...where });
      await chat.press("A", board, { ...lin, ...where });
    }
    const exported = async (where: object, line = "") => {
      const post = await chat.say(`/compare --export${line}`, { ...lin, ...where });
      return { prompts: [...new Set(parse(fileOf(post)).map(({ prompt }) => prompt))], words: readable(post) };
    };
    const everywhere = await exported(open, " --everywhere");
    expect(everywhere.prompts).toEqual(["Which is best open?"]);
    expect(everywhere.words).toMatch(/2 comparisons that were asked in private or in a closed place are left out/);
    expect((await exported(alone)).prompts).toEqual(["Which is best open?"]);
    expect((await exported(closed)).prompts).toEqual(["Which is best closed?"]);
    expect((await exported(at("d2", "closed"))).prompts).toEqual([]);
  });

  test("what one file does not hold is counted, and can be asked for from there", async () => {
    const chat = createChat([player("acme/one", ["字".repeat(39_000)]), player("bolt/two", ["詞".repeat(39_000)])]);
    await chat.say("/compare Which? --votes 1");
    const [question] = await chat.tools.records.list("compare/question/", 1);
    const answers = await chat.tools.records.list("compare/answer/", 2);
    const [ballot] = await chat.tools.records.list("compare/ballot/", 1);
    const names = (question!.value as { models: string[] }).models;
    for (let i = 0; i < 40; i++) {
      const id = `made${String(i).padStart(3, "0")}`;
      await chat.tools.records.set(keys.question("w1", id), { ...(question!.value as object), id });
      for (const [at, name] of names.entries())
        await chat.tools.records.set(keys.answer("w1", id, name), answers[at]!.value);
      const made = { ...(ballot!.value as object), at: i, revealed: "votes", votes: { u: "A" } };
      await chat.tools.records.set(keys.ballot("w1", id), made);
    }
    const lin = { user: { id: "lin", name: "Lin", isAdmin: true, isLocal: false } };
    const first = await chat.say("/compare --export", lin);
    const [, left, from] = /(\d+) more did not fit.*--from (\d+)/.exec(readable(first)) ?? [];
    expect(parse(fileOf(first)).length + Number(left)).toBe(40);
    const rest = await chat.say(`/compare --export --from ${from}`, lin);
    expect(parse(fileOf(rest))).toHaveLength(Number(left));
    expect(textOf(await chat.say("/compare --export --from 41", lin))).toMatch(/nothing is left/);
  });

  test("is for admins alone", async () => {
    const post = await createChat(duo()).say("/compare --export", by("mei"));
    expect(post).toMatchObject({ state: "failed", status: expect.stringMatching(/Only admins/) });
  });

  test("at the machine itself, it is nothing but lines", async () => {
    const chat = createChat(duo());
    const board = await chat.say("/compare Which is best? --votes 1");
    await chat.press("A", board, by("mei"));
    const text = textOf(await chat.say("/compare --export"));
    for (const line of text.trim().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
  });

  test("no preference, no pair", () => {
    const of = (...votes: string[]) =>
      preferencesOf({ letters: ["A", "B"], votes: Object.fromEntries(votes.map((vote, i) => [i, vote])) });
    expect(of("tie", "bad")).toEqual([]);
    expect(of("A", "B")).toEqual([]);
    expect(of("B", "B", "A")).toEqual([{ chosen: "B", rejected: "A", votes: { chosen: 2, rejected: 1 } }]);
  });

  test.each([
    ["ask <@U0ABC|ken> or <@!123>", "ask @someone or @someone"],
    ["mail a.b+c@ex-ample.co.uk now", "mail someone@example.com now"],
    ["a <b> c @ d", "a <b> c @ d"],
    ["ask @ken.chen and @陳大文, not a/b@2x", "ask @someone and @someone, not a/b@2x"],
    [
      "~~~py\n@dataclass\n~~~\n- ```\n  @a\n  ```\n@ken ``@b` `` ```\n@c",
      "~~~py\n@dataclass\n~~~\n- ```\n  @a\n  ```\n@someone ``@b` `` ```\n@someone",
    ],
    ["why `@property` and\n```\n@dataclass\n```?", "why `@property` and\n```\n@dataclass\n```?"],
  ])("%s is %s", (text, clean) => {
    expect(withoutPeople(text)).toBe(clean);
  });
});

describe("cost", () => {
  const price = { input: 2, output: 10, above: { tokens: 100_000, input: 4, output: 15 }, asOf: "2026-11-23" };
  test.each([
    [{ input: 1_000_000 / 2, output: 0 }, 2],
    [{ input: 1000, output: 1000 }, 0.012],
    [{ input: 100_000, output: 0 }, 0.2],
    [{ input: 100_001, output: 1_000_000 }, 15.400004],
  ])("%j costs %d", (usage, cost) => {
    expect(costOf(usage, price)).toBeCloseTo(cost, 9);
  });

  test.each([
    [0, "$0"],
    [0.0061, "$0.0061"],
    [0.00039, "$0.00039"],
    [1.5, "$1.50"],
    [12.345, "$12.35"],
    [0.000001, "< $0.00001"],
  ])("%d is %s", (amount, text) => {
    expect(dollars(amount)).toBe(text);
  });
});

test.each([
  ["Fix this python function", false, "code"],
  ["請翻譯成英文", false, "translation"],
  ["什麼是注意力？", false, "explanation"],
  ["什麼是注意力？", true, "documents"],
  ["Hello", false, "other"],
])("%s is about %s", (prompt, kb, topic) => {
  expect(topicOf(prompt, kb)).toBe(topic);
});
