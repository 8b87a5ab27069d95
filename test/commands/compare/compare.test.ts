// `/compare` as people live it: blind until the reveal, fair in what it asks, honest about whoever fails.

import { describe, expect, test } from "@jest/globals";
import { BotError } from "../../../src/core/errors.ts";
import type { Privacy } from "../../../src/core/privacy.ts";
import type { Json } from "../../../src/core/runtime.ts";
import { textOf } from "../../../src/core/post.ts";
import {
  actionOf,
  by,
  CARD,
  createChat,
  HANG,
  letterOf,
  player,
  pressed,
  readable,
  type Chat,
} from "../../fakes/compare-rig.ts";
import { hit, invocation } from "../../fakes/toolbox.ts";
import { eventually, until } from "../../fakes/wait.ts";

const busy = (retryAfterMs?: number) =>
  new BotError("rate-limited", { en: "Acme is busy.", "zh-TW": "Acme 忙碌中。" }, { retryAfterMs });
const NAMES = /acme|bolt|cobra|delta/;
const trio = () => [
  player("acme/one", ["Cats purr when they are calm and warm."]),
  player("bolt/two", ["Cats purr ", 5, "when they are calm."]),
  player("cobra/three", [10, "The moon is made of old green cheese, they say."]),
];

describe("blind", () => {
  test("all are asked the very same, and no name is seen before the reveal", async () => {
    const players = trio();
    const chat = createChat(players);
    const post = await chat.say("/compare Why do cats purr?", {
      user: { id: "k", name: "Ken", isAdmin: false, isLocal: false },
    });
    expect(players.map(({ prompts }) => prompts.length)).toEqual([1, 1, 1]);
    expect(new Set(players.map(({ prompts }) => JSON.stringify(prompts[0]))).size).toBe(1);
    for (const shown of chat.shown) expect(readable(shown)).not.toMatch(NAMES);
    expect(post.sections.map(({ title }) => title).slice(0, 3)).toEqual(["A", "B", "C"]);
    expect(post.actions.map(({ label }) => label)).toEqual(["A", "B", "C", "tie", "all bad", "Reveal"]);
    expect(readable(post)).toMatch(/0 votes so far · reveal after 3, in 24 h, or by Ken/);
  });

  test("answers appear together: no words before all have ended, only how many are done", async () => {
    const chat = createChat([player("acme/one", ["fast"]), player("bolt/two", [60, "slow"])]);
    await chat.say("/compare Who is faster?");
    const before = chat.shown.filter(({ state, sections }) => state === "working" && sections.length === 0);
    expect(before.map(({ status }) => status).join("\n")).toMatch(/2 models are writing.*●○/s);
    // Whatever shows words was drawn after the slow one had ended.
    const first = chat.shown.findIndex(({ sections }) => sections.some(({ text }) => text));
    expect(chat.shown.slice(0, first).every(({ sections }) => sections.length === 0)).toBe(true);
    expect(before.every(({ status }) => !status.includes("○●"))).toBe(true);
  });

  test("after enough votes the names are out, with figures, differences and the tally", async () => {
    const players = [
      ...trio().slice(0, 2),
      player("cobra/three", ["The moon is made of old green cheese, they say."], {
        card: { ...CARD, price: { input: 1, output: 5, asOf: "2026-11-23" } },
      }),
    ];
    const chat = createChat(players);
    const board = await chat.say("/compare Why do cats purr? --votes 2");
    const favourite = letterOf(board, "green cheese");
    const once = await chat.press(favourite, board, by("mei"));
    expect(readable(once)).toMatch(/1 vote so far/);
    expect(readable(once)).not.toMatch(NAMES);
    const out = await chat.press("tie", once, by("lin"));
    const titles = out.sections.map(({ title }) => title);
    expect(titles).toContain(`${favourite} · cobra/three`);
    expect(titles).toContain("How they differ");
    const cobra = out.sections.find(({ title }) => title.endsWith("cobra/three"))!;
    expect(cobra.notes.join()).toMatch(
      /s to first word · .* s · 100 → 40 tokens · \S+ tokens\/s · \$0\.00030 · finished · 1 vote$/,
    );
    expect(readable(out)).toMatch(/price unknown/);
    expect(readable(out)).toMatch(new RegExp(`Only ${favourite} says: "The moon is made`));
    expect(readable(out)).toMatch(new RegExp(`Votes: .*${favourite} 1.*tie 1 · all bad 0`));
    expect(out.actions.map(({ label }) => label)).toEqual(["Ranking"]);
  });

  test("a person has one vote, may change it, and not once the names are out", async () => {
    const chat = createChat(trio());
    const board = await chat.say("/compare Why do cats purr? --votes 2");
    await chat.press("A", board, by("mei"));
    const changed = await chat.press("B", board, by("mei"));
    expect(readable(changed)).toMatch(/1 vote so far/);
    const out = await chat.press("B", board, by("lin"));
    expect(readable(out)).toMatch(/Votes: A 0 · B 2 · C 0/);
    const late = await chat.press("C", board, by("zoe"));
    expect(readable(late)).toMatch(/Votes: A 0 · B 2 · C 0/);
    const typed = await chat.say("/compare --vote C", by("zoe"));
    expect(readable(typed)).toMatch(/votes no longer change/);
  });

  test("the asker reveals at once, others do not; the board stays whole either way", async () => {
    const chat = createChat(trio());
    const board = await chat.say("/compare Why do cats purr?", by("ken"));
    const refused = await chat.press("Reveal", board, by("mei"));
    expect(refused).toMatchObject({ state: "failed", sections: [], status: expect.stringMatching(/Only ken can/) });
    expect(readable(await chat.wait())).not.toMatch(NAMES);
    expect(readable(await chat.press("Reveal", board, by("ken")))).toMatch(NAMES);
  });

  test("the time reveals by itself, though nobody presses anything", async () => {
    const chat = createChat(trio());
    await chat.say("/compare Why do cats purr? --hours 0.01", by("ken"));
    expect(chat.due.map(({ at }) => at)).toEqual([expect.closeTo(Date.now() + 37_000, -3)]);
    await endTime(chat);
    const out = await chat.wait();
    expect(readable(out)).toMatch(/acme\/one/);
    expect(readable(out)).toMatch(/Votes: A 0/);
    expect(chat.due).toEqual([]);
  });

  test("a board that stands for days is drawn anew before its buttons grow too old", async () => {
    const chat = createChat(trio());
    await chat.say("/compare Why do cats purr? --hours 72", by("ken"));
    const hours = () => chat.due.map(({ at }) => Math.round((at - Date.now()) / 3_600_000));
    expect(hours()).toEqual([20]);
    await chat.run(chat.due.pop()!.invocation);
    expect(hours()).toContain(20);
  });

  test("of many presses at once one draws, and what stands in the end is the newest", async () => {
    const chat = createChat(trio());
    const board = await chat.say("/compare Why do cats purr? --votes 50", by("ken"));
    const before = chat.shown.length;
    const voters = Array.from({ length: 12 }, (_, i) => `voter${i}`);
    await Promise.all(voters.map((voter) => chat.run(pressed(actionOf(board, "A"), by(voter)))));
    const drawn = chat.shown.slice(before).filter(({ sections }) => sections.length > 0);
    expect(drawn.filter(({ state }) => state === "done")).toHaveLength(1);
    expect(readable(await chat.wait())).toMatch(/12 votes so far/);
  });

  test("a slow hand's older board does not stay over a newer one", async () => {
    const chat = createChat(trio());
    const board = await chat.say("/compare Why do cats purr?", by("ken"));
    // The one who draws first sees no vote of the others, and its board lands last.
    const slow = await chat.run(pressed(actionOf(board, "A"), by("mei")));
    const look = chat.due.splice(0).find(({ at }) => at < Date.now() + 60_000);
    await chat.run(pressed(actionOf(board, "Reveal"), by("ken")));
    await chat.wait();
    chat.shown.push(slow);
    await chat.run(look!.invocation);
    expect(readable(await chat.wait())).toMatch(NAMES);
  });

  test("typed without an id, a vote goes to the latest comparison here, and a wrong letter is told", async () => {
    const chat = createChat(trio());
    await chat.say("/compare Why do cats purr?");
    expect(readable(await chat.say("/compare --vote b", by("mei")))).toMatch(/1 vote so far/);
    expect(readable(await chat.say("/compare --vote q", by("lin")))).toMatch(
      /"q" cannot be voted for\. There are: A, B, C, tie, bad/,
    );
  });

  test("a model that says its name is covered until the reveal, in full and for the judge too", async () => {
    const players = [
      player("acme/one", ["As Claude, made by Anthropic, I say yes. GPT is a kind of model."]),
      player("bolt/two", ["我是 OpenAI 的 ChatGPT。是的。"]),
      player("cobra/three", ["Yes."]),
      player("judge/x", ['{"ranking": [[1], [2], [3]], "why": "ok"}']),
    ];
    const chat = createChat(players);
    const models = "--models acme,bolt,cobra --judge judge";
    const board = await chat.say(`/compare Well? ${models}`);
    const blind = [board, await chat.press("A", board, by("mei")), await chat.say("/compare --full")];
    for (const post of blind) {
      expect(textOf(post)).toContain("As ▒▒▒, made by ▒▒▒, I say yes. GPT is a kind of model.");
      expect(textOf(post)).toContain("我是 ▒▒▒ 的 ▒▒▒。");
    }
    expect(readable(board)).toMatch(/▒▒▒ covers the names/);
    expect(JSON.stringify(players[3]!.prompts)).not.toMatch(/Claude|ChatGPT/);
    expect(textOf(await chat.press("Reveal", board))).toContain("As Claude, made by Anthropic");
  });

  test("another channel does not see it either", async () => {
    const chat = createChat(trio());
    const board = await chat.say("/compare Why do cats purr?", by("ken"));
    const elsewhere = {
      ...by("mei"),
      address: { platform: "test", workspace: "w1", channel: "c2", privacy: "public" as const, data: null },
    };
    const { options } = actionOf(board, "A");
    for (const more of [options, { of: options["of"]!, full: true }, { of: options["of"]!, board: true }])
      expect(await chat.run(pressed({ ...actionOf(board, "A"), options: more }, elsewhere))).toMatchObject({
        state: "failed",
        sections: [],
      });
  });

  const place = (privacy: Privacy, channel = "c1", thread?: string) => ({
    address: { platform: "test", workspace: "w1", channel, privacy, data: null, ...(thread && { thread }) },
  });
  const LOOKS = ["--board", "--full", "--reveal", "--vote A"];
  const NOTHING = { state: "failed", sections: [], status: expect.stringMatching(/no longer have that comparison/) };

  test.each([
    ["another thread", place("public", "c1", "t2")],
    ["its channel", place("public")],
    ["another channel", place("public", "c2", "t1")],
    ["a private look from elsewhere", place("private")],
    ["direct messages", place("closed", "d1")],
  ])("what was asked in a thread is not seen from %s", async (_, there) => {
    const chat = createChat(trio());
    const asked = await chat.say("/compare Why do cats purr?", { ...by("ken"), ...place("public", "c1", "t1") });
    const { options } = actionOf(asked, "A");
    for (const look of LOOKS)
      for (const which of ["", ` --of ${String(options["of"])}`])
        expect(await chat.say(`/compare ${look}${which}`, { ...by("mei"), ...there })).toMatchObject(NOTHING);
    for (const label of asked.actions.map(({ label }) => label))
      expect(await chat.run(pressed(actionOf(asked, label), { ...by("mei"), ...there }))).toMatchObject(NOTHING);
  });

  test("what was asked in a channel is seen from its threads, where the thread's own latest comes first", async () => {
    const chat = createChat(trio());
    const inChannel = await chat.say("/compare Why do cats purr?", by("ken"));
    const of = String(actionOf(inChannel, "A").options["of"]);
    const there = { ...by("mei"), ...place("public", "c1", "t1") };
    expect(readable(await chat.say("/compare --board", there))).toContain(of);
    // Its answer stands in a thread that began with it; it was asked in the channel all the same.
    const begun = { ...by("ken"), ...place("public", "c1", "t2") };
    const rooted = await chat.say("/compare Why?", { ...begun, address: { ...begun.address, beginsThread: true } });
    const newer = String(actionOf(rooted, "A").options["of"]);
    expect(readable(await chat.say("/compare --board", by("mei")))).toContain(newer);
    const own = await chat.say("/compare And dogs?", there);
    expect(readable(await chat.say("/compare --board", there))).toContain(String(actionOf(own, "A").options["of"]));
    expect(readable(await chat.say("/compare --board", by("mei")))).toContain(newer);
  });

  test("what was asked in private is its asker's alone, and told to them only where nobody else reads it", async () => {
    const chat = createChat(trio());
    const alone = { ...by("ken"), ...place("private") };
    const before = await chat.say("/compare Why do dogs bark?", by("ken"));
    const asked = await chat.say("/compare Who is being laid off?", alone);
    const of = String(actionOf(asked, "A").options["of"]);
    const open = String(actionOf(before, "A").options["of"]);
    for (const look of LOOKS.slice(0, 3)) {
      for (const others of [by("mei"), { ...by("mei"), ...place("private") }, { ...by("lin"), ...place("closed") }])
        expect(await chat.say(`/compare ${look} --of ${of}`, others)).toMatchObject(NOTHING);
      expect(await chat.say(`/compare ${look} --of ${of}`, by("ken"))).toMatchObject({
        state: "failed",
        sections: [],
        status: expect.stringMatching(/asked it in private.*--private/),
      });
      expect((await chat.say(`/compare ${look}`, alone)).state).toBe("done");
    }
    // The latest here is what all could see; its asker's own latest is found in private.
    for (const person of ["ken", "mei"])
      expect(readable(await chat.say("/compare --board", by(person)))).toContain(open);
    expect(readable(await chat.say("/compare --board", { ...by("mei"), ...place("private") }))).toContain(open);
    expect(readable(await chat.say("/compare --board", alone))).toContain(of);
  });

  test("what an earlier version kept without its place is its asker's alone", async () => {
    const chat = createChat(trio());
    const board = await chat.say("/compare Why do cats purr?", by("ken"));
    const [kept] = await chat.tools.records.list("compare/question/", 1);
    const { place: _place, privacy: _privacy, ...old } = kept!.value as Record<string, Json>;
    await chat.tools.records.set(kept!.key, old);
    expect(await chat.run(pressed(actionOf(board, "A"), by("mei")))).toMatchObject(NOTHING);
    expect((await chat.run(pressed(actionOf(board, "A"), { ...by("ken"), ...place("private") }))).state).toBe("done");
  });

  test("another workspace sees nothing of it", async () => {
    const chat = createChat(trio());
    const board = await chat.say("/compare Why do cats purr?");
    const elsewhere = {
      address: { platform: "test", workspace: "w2", channel: "c1", privacy: "public" as const, data: null },
    };
    const post = await chat.run(pressed(actionOf(board, "A"), elsewhere));
    expect(post).toMatchObject({ state: "failed", status: expect.stringMatching(/no longer have that comparison/) });
    expect(JSON.stringify(await chat.tools.records.list("compare/ballot/", 10))).not.toContain("w2");
  });

  test("speaks the language of the question", async () => {
    const chat = createChat(trio());
    const board = await chat.say("/compare 貓為什麼會呼嚕？");
    expect(board.actions.map(({ label }) => label)).toEqual(["A", "B", "C", "平手", "都不好", "揭曉"]);
    const out = await chat.press("揭曉", board);
    expect(readable(out)).toMatch(/出現第一個字/);
  });

  test("long answers are cut, and shown whole to whoever asks", async () => {
    const long = `Start. ${"Word after word. ".repeat(400)}The very end.`;
    const chat = createChat([player("acme/one", [long]), player("bolt/two", ["Short."])]);
    const board = await chat.say("/compare Write much");
    expect(textOf(board)).not.toContain("The very end.");
    expect(actionOf(board, "Show all").shows).toBe("to-presser");
    const whole = await chat.press("Show all", board, by("mei"));
    expect(textOf(whole)).toContain("The very end.");
    expect(readable(whole)).not.toMatch(NAMES);
  });
});

/** The time for the votes is over. */
async function endTime({ tools: { records } }: Chat): Promise<void> {
  const [kept] = await records.list("compare/ballot/", 1);
  await records.set(kept!.key, { ...(kept!.value as object), until: Date.now() - 1 });
}

describe("open", () => {
  test("streams side by side under names, and has no vote", async () => {
    const chat = createChat(trio());
    const post = await chat.say("/compare Why do cats purr? --open");
    const titles = ["A · acme/one", "B · bolt/two", "C · cobra/three"];
    expect(post.sections.slice(0, 3).map(({ title }) => title)).toEqual(titles);
    expect(post.actions).toEqual([]);
    const working = chat.shown.filter(({ state }) => state === "working");
    expect(
      working.some(({ sections }) => sections.some(({ text }) => !text) && sections.some(({ text }) => text)),
    ).toBe(true);
    expect(working.map(({ status }) => status).join("\n")).toMatch(/● acme\/one · [◔●] bolt\/two · ○ cobra\/three/);
    expect(textOf(post)).toContain("Cats purr when they are calm.");
  });
});

describe("while it waits", () => {
  test("the board counts who waits, answers and is done, and the seconds", async () => {
    const chat = createChat([
      player("acme/one", ["Done."]),
      player("bolt/two", [{ type: "waiting", place: 2 }, 60, "At last."]),
      player("cobra/three", [new BotError("bad-key", { en: "No.", "zh-TW": "否。" })]),
    ]);
    await chat.say("/compare Hi");
    const seen = chat.shown.map(({ status }) => status).join("\n");
    expect(seen).toMatch(/3 models are writing: 1 done, 1 waiting, 1 without an answer {2}●○✗/);
    expect(seen).not.toMatch(NAMES);
    await chat.say("/compare Hi --open");
    expect(chat.shown.map(({ status }) => status).join("\n")).toMatch(/○ bolt\/two \(waiting, 2 in line\)/);
  });
});

describe("when models fail", () => {
  test("each is shown as what happened to it, none as an empty answer, and the rest stands", async () => {
    const chat = createChat([
      player("acme/one", ["A fine answer."]),
      player("bolt/two", [
        new BotError("bad-key", { en: "Bolt does not accept the key.", "zh-TW": "Bolt 不接受金鑰。" }),
      ]),
      player("cobra/three", [
        "Half an ans",
        new BotError("connection-lost", { en: "Cobra broke.", "zh-TW": "中斷。" }),
      ]),
      player("delta/four", [{ type: "stop", reason: "refused" }]),
      player("echo/five", [{ type: "stop", reason: "end" }]),
      player("fox/six", ["Cut of", { type: "stop", reason: "length" }]),
    ]);
    const board = await chat.say("/compare Try");
    const text = readable(board);
    expect(text).toMatch(/\*\*No answer:\*\* its key was not accepted/);
    expect(text).toMatch(/Incomplete: the connection broke/);
    expect(text).toMatch(/\*\*No answer:\*\* the model refused/);
    expect(text).toMatch(/\*\*No answer:\*\* it sent back nothing/);
    expect(text).toMatch(/cut off at its limit/);
    expect(text).not.toMatch(NAMES);
    const votable = [letterOf(board, "A fine answer."), letterOf(board, "Cut of")].toSorted();
    expect(board.actions.map(({ label }) => label).slice(0, 3)).toEqual([...votable, "tie"]);
    expect(board.sections.slice(0, 6).every(({ text }) => text.trim())).toBe(true);
    const out = await chat.press("Reveal", board);
    expect(readable(out)).toMatch(/Bolt does not accept the key/);
  });

  test("a busy vendor is asked once more", async () => {
    let tries = 0;
    const shy = player("bolt/two", []);
    shy.generate = async function* () {
      if (tries++ === 0) throw busy(30);
      yield { type: "text", text: "At the second try." };
      yield { type: "stop", reason: "end" };
    };
    const chat = createChat([player("acme/one", ["Hello."]), shy]);
    expect(textOf(await chat.say("/compare Hi"))).toContain("At the second try.");
    const stubborn = player("bolt/two", [busy(10)]);
    expect(readable(await createChat([player("acme/one", ["Hello."]), stubborn]).say("/compare Hi"))).toMatch(
      /vendor is busy/,
    );
    expect(stubborn.prompts).toHaveLength(2);
  });

  test("where only one answers there is nothing to vote on, and nothing to hide", async () => {
    const chat = createChat([player("acme/one", ["Hello."]), player("bolt/two", [busy(60_000)])]);
    const post = await chat.say("/compare Hi");
    expect(readable(post)).toMatch(/Only one model answered/);
    expect(readable(post)).toMatch(/acme\/one/);
    expect(post.actions.map(({ label }) => label)).toEqual(["Ranking"]);
  });

  test("where none answers, all reasons are told, and the queue may try again if one may pass", async () => {
    const players = [
      player("acme/one", [busy(60_000)]),
      player("bolt/two", [new BotError("bad-key", { en: "Bad key.", "zh-TW": "金鑰錯誤。" })]),
    ];
    const chat = createChat(players);
    await expect(chat.say("/compare Hi")).rejects.toMatchObject({ code: "rate-limited" });
    expect(chat.shown.at(-1)).toMatchObject({
      state: "failed",
      status: expect.stringMatching(/None of the models answered/),
    });
    for (const reason of ["acme/one: Acme is busy.", "bolt/two: Bad key."])
      expect(chat.shown.at(-1)!.status).toContain(reason);
  });

  test("a defect of one model is logged and does not hold up the others", async () => {
    const chat = createChat([
      player("acme/one", ["Hello."]),
      player("bolt/two", ["Hi."]),
      player("cobra/three", [new TypeError("secret internals")]),
    ]);
    const board = await chat.say("/compare Hi");
    expect(readable(board)).toMatch(/\*\*No answer:\*\* it failed/);
    expect(JSON.stringify(chat.shown)).not.toContain("secret internals");
  });

  test("Stop ends all", async () => {
    const players = [
      player("acme/one", ["Hello."]),
      player("bolt/two", ["Once upon", HANG]),
      player("cobra/three", [HANG]),
    ];
    const chat = createChat(players);
    const stop = new AbortController();
    const running = chat.run(invocation("/compare Tell me"), { signal: stop.signal });
    await until(() => players.every(({ done, silent }) => done + silent === 1));
    stop.abort("stopped");
    expect(await running).toMatchObject({ state: "failed", status: "Stopped." });
    await until(() => players.every(({ done, left }) => done + left === 1));
    expect(players.map(({ left }) => left)).toEqual([0, 1, 1]);
  });
});

describe("a job that is tried again", () => {
  test("asks no model that had answered, in the same order, and pays nobody twice", async () => {
    const players = [
      player("acme/one", ["Hello from one."]),
      player("bolt/two", ["Hi from two."]),
      player("cobra/three", [HANG]),
    ];
    const chat = createChat(players);
    const job = invocation("/compare Greet me");
    const dies = new AbortController();
    const running = chat.run(job, { signal: dies.signal });
    await eventually(async () => (await chat.tools.records.list("compare/answer/", 10)).length === 2);
    dies.abort("handed-over");
    await expect(running).rejects.toThrow();
    const [kept] = await chat.tools.records.list("compare/question/", 10);
    const recovered = player("cobra/three", ["Good day from three."]);
    players[2]!.generate = (prompt, signal) => recovered.generate(prompt, signal);
    const board = await chat.run(job, { number: 2, isFirst: false });
    expect(players.map(({ prompts }) => prompts.length)).toEqual([1, 1, 1]);
    expect(textOf(board)).toMatch(/from one/);
    expect(textOf(board)).toMatch(/from three/);
    const { models } = kept!.value as { models: string[] };
    const at = (name: string) => "ABC"[models.indexOf(name)];
    expect(letterOf(board, "from one")).toBe(at("acme/one"));
    expect(letterOf(board, "from three")).toBe(at("cobra/three"));
  });

  test("keeps the votes that were cast meanwhile", async () => {
    const players = trio();
    const chat = createChat(players);
    const job = invocation("/compare Why do cats purr?");
    const board = await chat.run(job);
    await chat.press("A", board, by("mei"));
    expect(readable(await chat.run(job, { number: 2 }))).toMatch(/1 vote so far/);
    expect(players.map(({ prompts }) => prompts.length)).toEqual([1, 1, 1]);
  });
});

describe("how it is asked", () => {
  const hits = [hit("Cats", "Cats purr when calm."), hit("Dogs", "Dogs bark at night.")];

  test("--kb searches once, gives all the same passages, and shows who cites what", async () => {
    const players = [
      player("acme/one", ["They purr [1]."]),
      player("bolt/two", ["They purr [1], dogs bark [2]."]),
      player("cobra/three", ["No idea."]),
    ];
    const chat = createChat(players, { hits });
    const board = await chat.say("/compare Why do cats purr? --kb");
    expect(chat.searches()).toBe(1);
    for (const { prompts } of players) expect(prompts[0]!.passages.map(({ title }) => title)).toEqual(["Cats", "Dogs"]);
    expect(board.sources.map(({ number }) => number)).toEqual([1, 2]);
    const out = await chat.press("Reveal", board);
    expect(readable(out)).toMatch(/cites \[1\]\[2\]/);
    expect(readable(out)).toMatch(/cites nothing/);
    expect(chat.searches()).toBe(1);
  });

  test("a sentence that its source contradicts is marked where it stands, on the board and in full", async () => {
    const answer = "Leave is granted within three days [1].";
    const chat = createChat([player("acme/one", [answer]), player("bolt/two", ["Within five days [1]."])], { hits });
    const checkCitations = (text: string) =>
      text === answer
        ? [{ start: 0, end: answer.length, cited: [1], verdict: "contradicted" as const, says: "five days" }]
        : [];
    Object.assign(chat.tools.knowledge, { checkCitations });
    const board = await chat.say("/compare How soon? --kb");
    const shown = [board, await chat.press("A", board, by("mei")), await chat.say("/compare --full")];
    shown.push(await chat.say("/compare How soon? --kb --open"));
    for (const post of shown) expect(textOf(post)).toContain("within three days [1]. (⚠ the source says five days)");
    const [kept] = await chat.tools.records.list("compare/answer/", 1);
    expect(JSON.stringify(kept)).not.toContain("⚠");
  });

  test("--kb without an answer in the documents says so", async () => {
    const chat = createChat(trio(), { hits, answerable: false });
    expect(readable(await chat.say("/compare Dormitory rules? --kb"))).toMatch(/does not seem to hold the answer/);
    expect(readable(await createChat(trio()).say("/compare Dormitory rules? --kb"))).toMatch(/holds nothing on this/);
  });

  test("--system, --temperature and --max-tokens are the same for all; what a vendor refuses is named after the reveal", async () => {
    const players = [
      player("acme/one", ["x y z"]),
      player("bolt/two", ["y z"], { card: { ...CARD, supportsTemperature: false } }),
    ];
    const chat = createChat(players);
    const board = await chat.say('/compare Hi there --system "Be brief" --temperature 0.2 --max-tokens 50');
    for (const { prompts } of players)
      expect(prompts[0]).toMatchObject({ system: "Be brief", temperature: 0.2, maxTokens: 50 });
    expect(readable(board)).toMatch(/1 of 2 models takes no temperature/);
    expect(readable(board)).not.toMatch(NAMES);
    expect(readable(await chat.press("Reveal", board))).toMatch(/left out there: bolt\/two/);
  });

  test("--models takes two to six different ones", async () => {
    const players = [...trio(), player("delta/four", ["Never asked."])];
    const chat = createChat(players);
    await chat.say("/compare Hi --models acme,cobra/three");
    expect(players.map(({ prompts }) => prompts.length)).toEqual([1, 0, 1, 0]);
    for (const wrong of ["acme", "acme,acme/one", "nobody,acme"])
      expect(await chat.say(`/compare Hi --models ${wrong}`)).toMatchObject({ state: "failed" });
    expect(await chat.say("/compare")).toMatchObject({
      state: "failed",
      status: expect.stringMatching(/Compare what\?/),
    });
  });

  test("with more than six configured, every vendor has a seat before any has two", async () => {
    const players = ["a/1", "a/2", "a/3", "b/1", "b/2", "c/1", "d/1"].map((name) => player(name, ["Yes."]));
    const chat = createChat(players);
    const board = await chat.say("/compare Hi");
    expect(players.filter(({ prompts }) => prompts.length > 0).map(({ name }) => name)).toEqual([
      "a/1",
      "a/2",
      "b/1",
      "b/2",
      "c/1",
      "d/1",
    ]);
    expect(readable(board)).toMatch(/left out: a\/3/);
  });

  test("with fewer than two configured, says what to set", async () => {
    const post = await createChat([player("acme/one", ["x"])]).say("/compare Hi");
    expect(post.status).toMatch(/Only acme\/one is configured.*OPENAI_API_KEY/);
  });
});
