// What was asked in private, from the wire of each platform to everything that anybody else is shown.

import { afterEach, describe, expect, test } from "@jest/globals";
import { sealKeyOf, signStopPermit } from "../../adapters/kit/stop-permit.ts";
import { commands } from "../../src/commands/index.ts";
import { createRig, eventually, type Rig } from "../fakes/discord/rig.ts";
import { labelsOf, mention, type Who } from "../fakes/discord/server.ts";
import { CHANNEL, GUILD, OWNER, type FakeInteraction } from "../fakes/discord/state.ts";
import { startRig, type SlackRig } from "../fakes/slack/rig.ts";
import { createTestToolbox, hit, modelThatSays } from "../fakes/toolbox.ts";
import { until } from "./heed-process.ts";

const SECRET = /Carol|laid off|Tainan/i;

/** Two models that answer, and documents that do not. */
function app() {
  const { model } = modelThatSays("That is for the board to say.", "acme/one");
  const { model: other } = modelThatSays("I would not know.", "acme/two");
  const tools = createTestToolbox({
    model,
    others: [other],
    hits: [hit("Handbook", "Three days of leave.")],
    answerable: false,
  });
  const knowledge = { ...tools.knowledge, list: async () => [], get: async () => undefined };
  return { commands, models: tools.models, knowledge };
}

describe("in Slack", () => {
  let rig: SlackRig;
  afterEach(() => rig.close());
  const begin = async () => (rig = await startRig({ app: app() }));

  /** All that people of a channel read there. */
  const inChannel = (channel = "C1") =>
    [
      ...rig.seen().flatMap(({ text, message }) => (message.channel === channel && !message.only ? [text] : [])),
      ...rig.slack.responses.flatMap(({ body }) =>
        body["response_type"] === "in_channel" ? [JSON.stringify(body)] : [],
      ),
    ].join("\n");
  /** What one person alone was told there. */
  const aside = () =>
    JSON.stringify([
      rig.slack.responses.filter(({ body }) => body["response_type"] === "ephemeral"),
      rig.seen().filter(({ message }) => message.only === "UADMIN"),
    ]);
  const typed = async (command: string, text: string, user_id: string, more = {}) => {
    await rig.slash(command, text, { user_id, ...more });
    await rig.settle();
  };
  const directly = async (text: string) => {
    await rig.say(text, { user: "U1", channel: "DU1", channel_type: "im" });
    await rig.settle();
  };
  const press = async (label: string, by = "U1") => {
    await rig.press(label, by);
    await rig.settle();
  };

  test("a question of a direct message counts in the admins' sum, without its words, for the admin alone", async () => {
    await begin();
    await directly("can we dismiss Carol? --plain");
    await press("👎");
    for (const ask of [
      () => typed("heed", "feedback", "UADMIN"),
      () => rig.mention("feedback", { user: "UADMIN" }).then(() => rig.settle()),
    ]) {
      const before = aside();
      await ask();
      expect(aside().slice(before.length - 2)).toContain("1 more that did not help was asked privately");
    }
    expect(inChannel()).toBe("");
    expect(aside()).not.toMatch(SECRET);
    expect(JSON.stringify(await rig.records.list("feedback/", 9))).not.toMatch(SECRET);
  });

  test.each([
    ["a direct message", { channel: "DU1", channel_type: "im" }],
    ["a group's messages", { channel: "C7", channel_type: "mpim" }],
    ["a private channel", { channel: "C7", channel_type: "group" }],
  ])("a question kept from %s is one more, without words and name", async (_, where) => {
    await begin();
    rig.slack.state.joined.add("C7");
    await rig.say("<@UHEED> who will be laid off in Tainan next month?", { user: "U1", ...where });
    await rig.settle();
    await press("把這題留給管理員").catch(() => press("Keep this question for the admins"));
    await typed("kb", "questions", "UADMIN");
    expect(aside()).toContain("(asked privately)");
    expect(inChannel()).toBe("");
    const told = rig.slack.responses.filter(({ body }) => JSON.stringify(body).includes("Left by"));
    expect(told).toHaveLength(1);
    expect(JSON.stringify([told, await rig.records.list("questions/", 9)])).not.toMatch(/laid off|Tainan|Mei/);
  });

  test("a question kept in a channel is told to the admin alone", async () => {
    await begin();
    await rig.mention("who will be laid off in Tainan next month?", { user: "U2" });
    await rig.settle();
    await press("Keep this question for the admins", "U2");
    const before = inChannel();
    await typed("kb", "questions", "UADMIN");
    expect(aside()).toMatch(/laid off in Tainan/);
    expect(inChannel()).toBe(before);
  });

  test.each([
    ["beside the chat", ["chat.postEphemeral"], true],
    ["anywhere", ["chat.postEphemeral", "conversations.open"], false],
  ])("what cannot be shown to an admin alone %s never goes to the channel", async (_, closed, isTold) => {
    await begin();
    await rig.mention("who will be laid off in Tainan next month?", { user: "U2" });
    await rig.settle();
    await press("Keep this question for the admins", "U2");
    for (const method of closed) rig.slack.fail(method, { error: "user_not_in_channel" }, 99);
    const before = inChannel().match(/laid off/g)?.length;
    await rig.mention("kb questions", { user: "UADMIN" });
    await rig.settle();
    expect(inChannel().match(/laid off/g)?.length).toBe(before);
    expect(/laid off in Tainan/.test(inChannel("DUADMIN"))).toBe(isTold);
  });

  test("a private comparison is shown to nobody else, by the latest, by its id or by its buttons", async () => {
    await begin();
    await typed("compare", "Who is being laid off in May? --private", "U1");
    const [{ key } = { key: "" }] = await rig.records.list("compare/question/", 9);
    const id = decodeURIComponent(key.split("/").at(-1)!);
    const before = rig.slack.responses.length;
    for (const look of [
      "--board",
      "--full",
      "--reveal",
      "--vote A",
      `--board --of ${id}`,
      `--full --of ${id} --private`,
    ])
      for (const by of ["U2", "UADMIN"]) await typed("compare", look, by);
    await typed("compare", "--export --everywhere", "UADMIN");
    await typed("compare", "--board", "U1");
    expect(inChannel()).toBe("");
    expect(JSON.stringify(rig.slack.responses.slice(before))).not.toMatch(SECRET);
    expect(rig.slack.state.uploads).toEqual([]);
    await typed("compare", "--board --private", "U1");
    expect(JSON.stringify(rig.slack.responses.at(-1))).toContain("That is for the board to say.");
  });

  test("a comparison by mention is the channel's, one in somebody's thread that thread's", async () => {
    await begin();
    const board = () => rig.slack.responses.at(-1)!.body;
    const root = await rig.mention("/compare Which is best?", { user: "U2" });
    await rig.settle();
    const shown = inChannel().split("That is for the board to say.").length;
    await typed("compare", "--board", "UADMIN");
    expect(inChannel().split("That is for the board to say.")).toHaveLength(shown + 1);
    await rig.mention("/compare --board", { user: "UADMIN", thread_ts: root });
    await rig.settle();
    expect(inChannel().split("That is for the board to say.")).toHaveLength(shown + 2);
    const elsewhere = await rig.say("a remark", { user: "U2" }).then(() => rig.slack.state.nextTs());
    await rig.mention("/compare Shall Carol go?", { user: "U2", thread_ts: elsewhere });
    await rig.settle();
    await typed("compare", "--full", "UADMIN");
    expect(JSON.stringify(board())).not.toMatch(SECRET);
    await rig.mention("/compare --vote A", { user: "UADMIN", thread_ts: elsewhere });
    await rig.settle();
    const ballots = await rig.records.list("compare/ballot/", 9);
    expect(ballots.map(({ value }) => Object.keys((value as { votes: object }).votes).length)).toEqual([0, 1]);
  });

  test("a button that carries another's private answer opens nothing of it", async () => {
    await begin();
    await typed("ask", "can we dismiss Carol? --plain --private", "U1");
    const kept = rig.slack.responses.at(-1)!.body["blocks"];
    const value = /"value":"(act\.[^"]+)"/.exec(JSON.stringify(kept))?.[1] ?? "";
    expect(value).not.toBe("");
    for (const [user, channel] of [
      ["U2", "C1"],
      ["UADMIN", "C1"],
      ["U2", "C2"],
    ] as const)
      for (const forged of [value, value.replace(/^act/, "quote")]) {
        const response = `/response/forged-${user}-${channel}-${forged.slice(0, 3)}`;
        await rig.sender.interactive({
          type: "block_actions",
          trigger_id: "9",
          response_url: rig.slack.url + response,
          team: { id: "T1" },
          user: { id: user, username: user, team_id: "T1" },
          channel: { id: channel },
          container: { type: "message", message_ts: "1.1", channel_id: channel, is_ephemeral: false },
          message: { ts: "1.1", text: "" },
          actions: [{ action_id: "heed-1", block_id: "b", value: forged, type: "button", action_ts: "1.2" }],
        });
      }
    await rig.settle();
    expect(rig.queue.jobs.size).toBe(1);
    expect(JSON.stringify(rig.seen())).not.toMatch(SECRET);
  });

  test("a button that names another workspace's answer stops nothing", async () => {
    await begin();
    const stopped: string[] = [];
    rig.queue.stop = async (id) => void stopped.push(id);
    const press = (value: string) =>
      rig.sender.interactive({
        type: "block_actions",
        trigger_id: "9",
        response_url: `${rig.slack.url}/response/stop`,
        team: { id: "T1" },
        user: { id: "U1", username: "mei", team_id: "T1" },
        channel: { id: "C1" },
        container: { type: "message", message_ts: "1.1", channel_id: "C1", is_ephemeral: false },
        message: { ts: "1.1", text: "" },
        actions: [{ action_id: "heed-1", block_id: "b", value, type: "button", action_ts: "1.2" }],
      });
    const key = await sealKeyOf("slack", rig.records);
    const [own, other] = ["slack-T1-C1-1.1", "slack-T2-C1-1.1"];
    const permitOf = (job: string, workspace: string) =>
      signStopPermit({ job, asker: `${workspace}/U1`, workspace }, key);
    await press(`stop.${permitOf(other, "T2")}.${other}`);
    await press(`stop.${permitOf(own, "T1")}.${other}`);
    await press(`stop.U1.${own}`);
    await press(`stop.${permitOf(own, "T1")}.${own}`);
    await until(() => stopped.length > 0);
    expect(stopped).toEqual([own]);
  });

  test.each([
    ["help", "", /what I can do|\/ask/],
    ["kb", "list", /no document|empty|documents/i],
    ["ask", "", /still need|請/],
    ["kb", "add https://example.com/", /Only admins/],
    ["kb", "remove xyz", /Only admins|no document/],
    ["ask", "x --model nonsense --modle y", /no option|--modle/],
    ["compare", "", /Compare what/],
  ])("/%s %s is for whoever typed it", async (command, text, words) => {
    await begin();
    rig.slack.state.people.set("U9", { name: "Ann", locale: "en-US" });
    await typed(command, text, "U9");
    expect(inChannel()).toBe("");
    expect(JSON.stringify([rig.slack.responses, rig.seen()])).toMatch(words);
  });
});

describe("on Discord", () => {
  let rig: Rig;
  afterEach(() => rig.close());
  const KEN: Who = { user: "400000000000000002", name: "Ken" };
  const ADMIN: Who = { user: OWNER, name: "Lin", permissions: "32" };
  const begin = async () => {
    const { commands, ...tools } = app();
    rig = await createRig({ tools: { ...createTestToolbox({}), ...tools, commands }, commands });
  };
  const inChannel = (channel = CHANNEL) =>
    rig.discord.state
      .byBot(channel)
      .filter(({ flags }) => (flags & 64) === 0)
      .map(({ content }) => content)
      .join("\n");
  const done = async (interaction: FakeInteraction) => {
    await eventually(() => interaction.answered);
    await rig.queue.settle();
    return rig.discord.answer(interaction);
  };
  const press = async (label: string, under: FakeInteraction, who: Who = {}) => {
    const message = await eventually(() => {
      const answer = rig.discord.answer(under);
      return answer && labelsOf(answer).includes(label) && answer;
    });
    return done(rig.discord.press(message, label, who));
  };

  test("what was asked in private counts in the admins' views without its words, for the admin alone", async () => {
    await begin();
    const asked = rig.discord.slash("/ask", { question: "can we dismiss Carol?", plain: true, private: true });
    await done(asked);
    await press("👎", asked);
    const missed = rig.discord.slash("/ask", { question: "who will be laid off in Tainan?", private: true });
    await done(missed);
    await press("Keep this question for the admins", missed);
    const views = [
      await done(rig.discord.slash("/feedback", {}, ADMIN)),
      await done(rig.discord.slash("/kb questions", {}, ADMIN)),
    ];
    for (const view of views) expect(view).toMatchObject({ flags: expect.any(Number) });
    expect(views.map((view) => (view?.flags ?? 0) & 64)).toEqual([64, 64]);
    for (const words of ["feedback", "kb questions"]) rig.discord.say(`${mention} ${words}`, ADMIN);
    const direct = await eventually(() => rig.discord.state.directs.get(OWNER));
    await eventually(() => rig.discord.state.byBot(direct).length === 2);
    await rig.queue.settle();
    const told = [...views, ...rig.discord.state.byBot(direct)].map((each) => each?.content).join("\n");
    expect(told.match(/asked privately|私下問的/g)).toHaveLength(4);
    expect(told).not.toMatch(SECRET);
    expect(inChannel()).toBe("");
    const kept = [...(await rig.records.list("feedback/", 9)), ...(await rig.records.list("questions/", 9))];
    expect(JSON.stringify(kept)).not.toMatch(/Carol|laid off|Tainan|Mei/);
  });

  test("a private answer that came as a direct message stays the server's, and its asker no admin of that", async () => {
    await begin();
    const asker = { user: "400000000000000001", guild: undefined };
    const withButton = (label: string) =>
      eventually(() =>
        rig.discord.state
          .byBot(rig.discord.state.directs.get(asker.user) ?? "")
          .find((each) => labelsOf(each).includes(label)),
      );
    rig.discord.say(`${mention} /compare Who is being laid off in May? --private`);
    const board = await withButton("A");
    await done(rig.discord.press(board, "A", { ...asker, channel: board.channel_id }));
    await done(rig.discord.press(board, "Reveal", { ...asker, channel: board.channel_id }));
    await eventually(() => board.content.includes("acme/one"));
    rig.discord.say(`${mention} who will be laid off in Tainan? --private`);
    const missed = await withButton("Keep this question for the admins");
    await done(rig.discord.press(missed, "Keep this question for the admins", { ...asker, channel: board.channel_id }));
    expect((await rig.records.list("questions/", 9)).map(({ key }) => key)).toEqual([`questions/${GUILD}`]);
    expect(inChannel()).toBe("");
  });

  test("a channel that not everyone may view is closed, and so are its threads, however one asks there", async () => {
    await begin();
    const HIDDEN = "300000000000000055";
    const overwrites = [{ id: GUILD, type: 0, allow: "0", deny: String(1 << 10) }];
    const channel = { id: HIDDEN, type: 0, guild_id: GUILD, name: "hr", permission_overwrites: overwrites };
    rig.discord.gateway.dispatch("CHANNEL_CREATE", channel);
    const thread: Who = { channel: "300000000000000056", channelType: 11, parent: HIDDEN };
    const privacyIn = async (ask: () => unknown) => {
      const before = rig.queue.jobs.size;
      ask();
      await eventually(() => rig.queue.jobs.size > before);
      const { invocation } = [...rig.queue.jobs.values()].at(-1)!;
      return (JSON.parse(invocation) as { address: { privacy: string } }).address.privacy;
    };
    const question = { question: "who?" };
    expect(await privacyIn(() => rig.discord.slash("/ask", question))).toBe("public");
    expect(await privacyIn(() => rig.discord.say(`${mention} who?`))).toBe("public");
    expect(await privacyIn(() => rig.discord.slash("/ask", question, { channel: HIDDEN }))).toBe("closed");
    expect(await privacyIn(() => rig.discord.say(`${mention} who?`, { channel: HIDDEN }))).toBe("closed");
    expect(await privacyIn(() => rig.discord.slash("/ask", question, thread))).toBe("closed");
    expect(await privacyIn(() => rig.discord.slash("/ask", question, { ...thread, channelType: 12 }))).toBe("closed");
    expect(await privacyIn(() => rig.discord.slash("/ask", question, { guild: undefined }))).toBe("closed");
    expect(await privacyIn(() => rig.discord.slash("/ask", { ...question, private: true }))).toBe("private");
  });

  test("a private comparison is its asker's alone, and one of a thread that thread's", async () => {
    await begin();
    const thread: Who = { channel: "300000000000000077", channelType: 12, parent: CHANNEL };
    await done(rig.discord.slash("/compare", { prompt: "Who is being laid off in May?", private: true }));
    await done(rig.discord.slash("/compare", { prompt: "Shall Carol go?" }, thread));
    const inThread = inChannel(thread.channel);
    expect(inThread).toContain("That is for the board to say.");
    for (const look of [{ board: true }, { full: true }, { reveal: true }, { vote: "A" }])
      for (const who of [KEN, ADMIN, {}, { ...KEN, channel: "300000000000000078", channelType: 12, parent: CHANNEL }]) {
        const seen = await done(rig.discord.slash("/compare", look, who));
        expect(seen?.content).toMatch(/no longer have that comparison/);
      }
    await done(rig.discord.slash("/compare", { export: true, everywhere: true }, ADMIN));
    expect(inChannel()).not.toMatch(/That is for|I would not know/);
    const own = await done(rig.discord.slash("/compare", { board: true, private: true }));
    expect(own).toMatchObject({ content: expect.stringContaining("That is for the board to say.") });
    expect((own?.flags ?? 0) & 64).toBe(64);
    await done(rig.discord.slash("/compare", { board: true }, { ...KEN, ...thread }));
    expect(inChannel(thread.channel).split("That is for the board to say.")).toHaveLength(3);
  });
});
