// Conversations in Slack: threads that go on, questions that are edited or deleted, files, people, and who may do what.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startRig, type SlackRig } from "../fakes/slack/rig.ts";
import { wordOf } from "../fakes/word-of.ts";
import { until } from "./heed-process.ts";

let rig: SlackRig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const questions = () => rig.calls.map(({ args }) => args["question"]);
/** The earlier questions that each question came with. */
const said = () =>
  rig.calls.map(({ history }) => history.filter(({ role }) => role === "user").map((message) => wordOf(message.text)));
const file = (more = {}) => ({ id: "F9", name: "notes.txt", mimetype: "text/plain", size: 5, ...more });

describe("threads", () => {
  test("a follow-up goes on without a mention, in the same memory; talk among people is left alone", async () => {
    const root = await rig.mention("first?");
    await rig.say("and then?", { thread_ts: root });
    await rig.say("<@U2> did you see this?", { thread_ts: root });
    await rig.say("elsewhere?", { thread_ts: "1.2" });
    await rig.say("no mention at all");
    await rig.settle();
    expect(questions()).toEqual(["first?", "and then?"]);
    expect(new Set(rig.calls.map(({ invocation }) => invocation.address.thread))).toEqual(new Set([root]));
  });

  test("a channel can switch follow-ups off and on", async () => {
    const root = await rig.mention("first?");
    await rig.mention("follow off", { thread_ts: root });
    await rig.say("unheard", { thread_ts: root });
    await rig.mention("follow on", { thread_ts: root });
    await rig.say("heard", { thread_ts: root });
    await rig.settle();
    expect(questions()).toEqual(["first?", "heard"]);
  });

  test("a stop that nobody addressed to Heed, where nothing is answered, is left alone", async () => {
    const root = await rig.mention("first?");
    await rig.settle();
    await rig.say("stop", { thread_ts: root });
    await rig.settle();
    expect(rig.seen()).toHaveLength(1);
    await rig.mention("stop", { thread_ts: root });
    expect(rig.seen().at(-1)?.text).toMatch(/nothing to stop/);
  });

  test("a slash command's answer begins a thread of its own, which remembers it", async () => {
    await rig.slash("ask", "first?");
    await rig.settle();
    const root = rig.seen()[0]!.message.ts;
    await rig.say("and then?", { thread_ts: root });
    await rig.settle();
    expect(said()).toEqual([[], ["first?"]]);
    expect(rig.seen()[1]?.message.thread).toBe(root);
  });

  test("who asks again in the same channel, or writes directly, goes on; a private answer stays by itself", async () => {
    const direct = { channel: "DU1", channel_type: "im" };
    await rig.slash("ask", "first?");
    await rig.settle();
    await rig.slash("ask", "and then?");
    await rig.slash("ask", "secret? --private");
    await rig.settle();
    await rig.slash("ask", "for another?", { user_id: "U2" });
    await rig.slash("ask", "last?");
    await rig.say("hello?", direct);
    await rig.settle();
    await rig.say("and you?", direct);
    await rig.settle();
    expect(said()).toEqual([[], ["first?"], [], [], ["first?", "and then?"], [], ["hello?"]]);
  });

  test("what one was told privately in a thread is not remembered for the others, nor is the thread joined by it", async () => {
    const root = await rig.mention("first?");
    await rig.mention("secret? --private", { thread_ts: root });
    await rig.settle();
    await rig.say("and then?", { thread_ts: root, user: "U2" });
    const human = rig.slack.state.nextTs();
    await rig.mention("secret too? --private", { thread_ts: human });
    await rig.say("is Heed here?", { thread_ts: human });
    await rig.settle();
    expect(questions().map(String).toSorted()).toEqual(["and then?", "first?", "secret too?", "secret?"]);
    expect(rig.calls.find(({ args }) => args["question"] === "and then?")?.history.map(({ text }) => text)).toEqual([
      "first?",
      "Answer to: first?",
    ]);
  });

  test("a mention in the middle of a human thread brings that thread along", async () => {
    const { state } = rig.slack;
    const root = state.nextTs();
    const said = (user: string, text: string, thread?: string) =>
      state.messages.push({
        channel: "C1",
        ts: thread ? state.nextTs() : root,
        thread,
        text,
        blocks: [],
        only: undefined,
        streaming: "no",
        metadata: null,
        user,
        edits: 0,
      });
    said("U1", "the build fails &amp; nobody knows why");
    said("U2", "since &lt;Monday&gt;", root);
    await rig.mention("why?", { thread_ts: root });
    await rig.settle();
    expect(rig.calls[0]?.invocation.context).toEqual([
      { author: "Mei", text: "the build fails & nobody knows why" },
      { author: "Ken", text: "since <Monday>" },
    ]);
  });

  test("of a long human thread the newest part comes along", async () => {
    const { state } = rig.slack;
    const root = state.nextTs();
    for (let i = 0; i < 450; i++)
      state.messages.push({
        channel: "C1",
        ts: i === 0 ? root : state.nextTs(),
        thread: i === 0 ? undefined : root,
        text: `number ${i}`,
        blocks: [],
        only: undefined,
        streaming: "no",
        metadata: null,
        user: "U2",
        edits: 0,
      });
    await rig.mention("so?", { thread_ts: root });
    await rig.settle();
    const context = rig.calls[0]?.invocation.context ?? [];
    expect(context).toHaveLength(40);
    expect(context.at(-1)).toEqual({ author: "Ken", text: "number 449" });
  });

  test("direct messages need no mention; bots and joins are not people", async () => {
    const direct = { channel: "DU1", channel_type: "im" };
    await rig.say("hello?", direct);
    await rig.say("I am a bot", { ...direct, bot_id: "B2" });
    await rig.say("joined", { ...direct, subtype: "channel_join" });
    await rig.settle();
    expect(questions()).toEqual(["hello?"]);
    expect(rig.seen()).toHaveLength(1);
    expect(rig.seen()[0]?.message.channel).toBe("DU1");
  });
});

describe("a question that changes", () => {
  const change = (ts: string, text: string, old: string) =>
    rig.sender.event(
      rig.event({
        type: "message",
        subtype: "message_changed",
        channel: "C1",
        channel_type: "channel",
        ts: rig.slack.state.nextTs(),
        message: { type: "message", user: "U1", text, ts, edited: { user: "U1", ts: rig.slack.state.nextTs() } },
        previous_message: { type: "message", user: "U1", text: old, ts },
      }),
    );

  test("is answered in the message that answered it before", async () => {
    const ts = await rig.mention("waht?");
    await rig.settle();
    await change(ts, "<@UHEED> what?", "<@UHEED> waht?");
    await change(ts, "<@UHEED> what?", "<@UHEED> what?");
    await rig.settle();
    expect(questions()).toEqual(["waht?", "what?"]);
    expect(rig.seen()).toHaveLength(1);
    expect(rig.seen()[0]?.text).toContain("Answer to: what?");
    expect(rig.seen()[0]?.text).not.toContain("waht");
  });

  test("while it is being answered, leaves one answer", async () => {
    const { promise: go, resolve } = Promise.withResolvers<void>();
    rig.script(async function* ({ args, signal }) {
      yield { type: "text", text: `About ${wordOf(args["question"])}. It is a long story, so here it comes.` };
      if (args["question"] === "old?")
        await Promise.race([go, new Promise((_, no) => signal.addEventListener("abort", no))]);
    });
    const ts = await rig.mention("old?");
    await until(() => rig.seen().length > 0);
    await change(ts, "<@UHEED> new?", "<@UHEED> old?");
    await rig.settle();
    resolve();
    expect(rig.seen()).toHaveLength(1);
    expect(rig.seen()[0]?.text).toContain("About new?");
    expect(rig.seen()[0]?.text).not.toContain("Stopped");
  });

  // Slack turns a deleted message with replies, as of a streamed answer, into a tombstone, and tells of that as an edit.
  const deletions = {
    "is deleted": (ts: string) => ({ subtype: "message_deleted", deleted_ts: ts }),
    "leaves a tombstone": (ts: string) => ({
      subtype: "message_changed",
      message: {
        type: "message",
        subtype: "tombstone",
        user: "USLACKBOT",
        text: "This message was deleted.",
        hidden: true,
        ts,
        thread_ts: ts,
      },
      previous_message: { type: "message", user: "U1", text: "<@UHEED> gone?", ts, thread_ts: ts },
    }),
  };
  test.each(Object.entries(deletions))("and %s while it is being answered, stops the answer", async (_, deletion) => {
    const ended: string[] = [];
    rig.script(async function* ({ signal }) {
      yield { type: "text", text: "It is a long story, so here it comes." };
      await new Promise((_, no) => signal.addEventListener("abort", () => no(ended.push("stopped"))));
    });
    const ts = await rig.mention("gone?");
    await until(() => rig.seen().length > 0);
    const event = { type: "message", channel: "C1", channel_type: "channel", ts: rig.slack.state.nextTs() };
    await rig.sender.event(rig.event({ ...event, ...deletion(ts) }));
    await rig.settle();
    expect(ended).toEqual(["stopped"]);
    expect(questions()).toEqual(["gone?"]);
    expect(rig.seen()).toHaveLength(1);
  });

  test("becomes one when an edit calls Heed", async () => {
    const message = rig.message("what?");
    await rig.sender.event(rig.event(message));
    await change(wordOf(message["ts"]), "<@UHEED> what?", "what?");
    await rig.settle();
    expect(questions()).toEqual(["what?"]);
  });
});

describe("files", () => {
  test("come along although app_mention does not name them, and are read with Heed's token", async () => {
    rig.slack.state.files.set("F9", { bytes: Buffer.from("hello"), type: "text/plain" });
    rig.script(async function* ({ attachments, download }) {
      const bytes = await download(attachments[0]!);
      yield { type: "text", text: `${attachments[0]?.name}: ${Buffer.from(bytes).toString()}` };
    });
    await rig.say("<@UHEED> warm up");
    await rig.settle();
    rig.calls.length = 0;
    const files = [file({ url_private_download: `${rig.slack.url}/files/F9` })];
    await rig.mention("read this", { files, subtype: "file_share" });
    await rig.settle();
    expect(rig.calls[0]?.attachments).toHaveLength(1);
    expect(rig.seen().at(-1)?.text).toContain("notes.txt: hello");
  });

  test.each([
    ["from another company's workspace are looked up", file({ file_access: "check_file_info" }), "hello"],
    ["that are gone are named", file({ mode: "tombstone" }), "Slack no longer has it"],
    [
      "on other hosts are not fetched with Slack's key",
      file({ url_private: "https://evil.example/x" }),
      "It lies outside Slack",
    ],
    [
      "that are too large are named",
      file({ size: 99_000_000, url_private: "https://files.slack.com/x" }),
      "It is 94.5 MB; at most 25 MB fit",
    ],
  ])("%s", async (_, attached, expected) => {
    rig.slack.state.files.set("F9", { bytes: Buffer.from("hello"), type: "text/plain" });
    rig.script(async function* ({ attachments, download }) {
      yield { type: "text", text: Buffer.from(await download(attachments[0]!)).toString() };
    });
    await rig.say("<@UHEED> kb add", { user: "U2", files: [attached], subtype: "file_share" });
    await rig.settle();
    expect(rig.calls[0]?.args).toEqual({ action: "add" });
    expect(rig.seen().at(-1)?.text).toContain(expected);
  });

  test("behind a token without the right say what an admin can do", async () => {
    rig.slack.state.files.set("F9", { bytes: Buffer.from("hello"), type: "text/plain" });
    rig.script(async function* ({ attachments, download }) {
      rig.slack.state.tokens.clear();
      const bytes = await download(attachments[0]!).finally(() => rig.slack.state.tokens.add("xoxb-test"));
      yield { type: "text", text: wordOf(bytes) };
    });
    await rig.say("<@UHEED> read", { user: "U2", files: [file({ url_private: `${rig.slack.url}/files/F9` })] });
    await rig.settle();
    expect(rig.seen().at(-1)?.text).toContain("files:read");
  });
});

describe("people", () => {
  test("workspace admins and listed ids may, others get a polite no, guests from elsewhere too", async () => {
    await rig.close();
    rig = await startRig({ env: { SLACK_ADMINS: "U2, U7" } });
    rig.slack.state.people.set("UFAR", { name: "Far", isAdmin: true, team: "T2" });
    for (const user_id of ["U1", "U2", "UADMIN", "UFAR"]) await rig.slash("rebuild", "", { user_id });
    await rig.settle();
    expect(rig.calls.map(({ user }) => user.id)).toEqual(["U2", "UADMIN"]);
    // Whoever typed it is told, and nobody else.
    const told = rig.slack.responses.filter(({ body }) => body["response_type"] === "ephemeral");
    expect(told.filter(({ body }) => /Only admins|管理員/.test(JSON.stringify(body)))).toHaveLength(2);
    expect(rig.seen().filter(({ text }) => /Only admins|管理員/.test(text))).toEqual([]);
  });

  test("names, languages and the workspace come along", async () => {
    await rig.mention("hi");
    await rig.settle();
    expect(rig.calls[0]?.user).toMatchObject({ id: "U1", name: "Mei", isAdmin: false, locale: "zh-TW" });
    expect(rig.calls[0]?.workspace).toBe("T1");
  });

  test("who cannot be looked up is answered, and is nobody's admin", async () => {
    rig.slack.fail("users.info", { error: "missing_scope" }, 9);
    await rig.mention("hi", { user: "UADMIN" });
    await rig.settle();
    expect(rig.calls[0]?.user).toMatchObject({ id: "UADMIN", isAdmin: false });
  });
});

describe("other ways in", () => {
  test("commands can be named after a mention, also in Chinese threads; other words are questions", async () => {
    await rig.mention("kb list");
    await rig.mention("/kb list");
    await rig.mention("kb is slow today, why?");
    await rig.slash("heed", "kb list");
    await rig.slash("heed", "why is it slow?");
    await rig.settle();
    expect(rig.calls.map(({ args }) => args)).toEqual([
      { action: "list" },
      { action: "list" },
      { question: "kb is slow today, why?" },
      { action: "list" },
      { question: "why is it slow?" },
    ]);
  });

  const shortcut = (callback_id: string, message: object, more = {}) =>
    rig.sender.interactive({
      type: "message_action",
      callback_id,
      trigger_id: crypto.randomUUID(),
      response_url: `${rig.slack.url}/response/${crypto.randomUUID()}`,
      team: { id: "T1" },
      user: { id: "U1", name: "mei" },
      channel: { id: "C1" },
      message,
      ...more,
    });

  test("the message shortcut answers a message in its thread", async () => {
    const message = rig.message("what does RAG mean?", { user: "U2" });
    await shortcut("heed_ask_about", message);
    await rig.settle();
    expect(questions()).toEqual(["what does RAG mean?"]);
    expect(rig.seen()[0]?.message.thread).toBe(message["ts"]);
  });

  test("another shortcut loads a message's files, or the page it links to; without either it says so", async () => {
    await shortcut("heed_kb_add", rig.message("the handbook", { user: "U2", files: [file()] }));
    await shortcut("heed_kb_add", rig.message("see <https://example.com/a|our page>", { user: "U2" }));
    await shortcut("heed_kb_add", rig.message("thanks!", { user: "U2" }));
    await rig.settle();
    expect(rig.calls.map(({ args, attachments }) => [args, attachments.map(({ name }) => name)])).toEqual([
      [{ action: "add" }, ["notes.txt"]],
      [{ action: "add", target: "https://example.com/a" }, []],
    ]);
    expect(rig.slack.responses).toMatchObject([{ body: { text: "這則訊息沒有可以加入的檔案或連結。" } }]);
  });

  test("whoever opens the agent's conversation sees what to ask, in their language", async () => {
    await rig.sender.event(
      rig.event({ type: "app_home_opened", user: "U1", channel: "DU1", tab: "messages", event_ts: "1" }),
    );
    expect(rig.slack.state.prompts).toEqual([
      { channel: "DU1", prompts: expect.arrayContaining([{ title: "什麼是注意力？", message: "ask 什麼是注意力？" }]) },
    ]);
  });

  test("--private answers the asker alone, by slash command and by mention", async () => {
    const { body } = await rig.slash("ask", "secret? --private");
    expect(body).toMatchObject({ response_type: "ephemeral" });
    await rig.mention("--private me too?");
    await rig.settle();
    expect(questions()).toEqual(["secret?", "me too?"]);
    expect(rig.slack.responses).toMatchObject([{ body: { response_type: "ephemeral", replace_original: true } }]);
    expect(rig.seen().map(({ message }) => message.only)).toEqual(["U1"]);
  });
});

describe("pictures", () => {
  const picture = { name: "a.png", alt: "A matrix", mediaType: "image/png", bytes: new Uint8Array([1, 2, 3]) } as const;
  beforeEach(() =>
    rig.script(async function* () {
      yield { type: "text", text: "Look:" };
      yield { type: "picture", picture };
    }),
  );
  const uploads = () => rig.slack.state.uploads.map(({ channel, thread, bytes }) => [channel, thread, bytes.length]);

  test("hang in the answer's thread, once", async () => {
    const ts = await rig.mention("q");
    await rig.slash("ask", "q");
    await rig.settle();
    const posted = rig.seen().find(({ message }) => !message.thread)?.message.ts;
    const byPlace = (a: readonly unknown[], b: readonly unknown[]) => String(a).localeCompare(String(b));
    const expected = [
      ["C1", ts, 3],
      ["C1", posted, 3],
    ];
    expect(uploads().toSorted(byPlace)).toEqual(expected.toSorted(byPlace));
  });

  test("of a private answer come in a direct message, and the answer says so", async () => {
    await rig.slash("ask", "q --private", { user_id: "U2" });
    await rig.settle();
    expect(uploads()).toEqual([["DU2", undefined, 3]]);
    expect(JSON.stringify(rig.slack.responses)).toContain("in our direct messages");
  });

  test("whose upload is refused are named, once and without another try; one that fails in passing comes", async () => {
    rig.slack.fail("upload", { status: 404 }, 1);
    await rig.mention("q");
    await rig.settle();
    expect(rig.seen()[0]?.text).toMatch(/Look:[\s\S]*A file is left out: Slack refused it \(http_404\)/);
    expect(rig.calls).toHaveLength(1);
    rig.slack.fail("upload", { status: 503 }, 1);
    await rig.mention("again");
    await rig.settle();
    expect(uploads().at(-1)).toEqual(["C1", expect.any(String), 3]);
  });

  test("that Slack refuses are named, and the answer stays", async () => {
    rig.slack.fail("files.getUploadURLExternal", { error: "missing_scope", needed: "files:write" }, 9);
    await rig.mention("q?", { user: "U2" });
    await rig.slash("ask", "q --private", { user_id: "U2" });
    await rig.settle();
    expect(rig.seen()).toHaveLength(1);
    expect(rig.seen()[0]?.text).toMatch(/Look:[\s\S]*A file is left out: I lack the scope files:write/);
    expect(JSON.stringify(rig.slack.responses)).toContain("A file is left out");
  });
});
