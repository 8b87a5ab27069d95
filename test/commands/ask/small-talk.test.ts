import { describe, expect, test } from "@jest/globals";
import { smallTalkIn } from "../../../src/commands/ask/small-talk.ts";
import type { KnowledgeBase } from "../../../src/core/knowledge.ts";
import { textOf } from "../../../src/core/post.ts";
import { collect } from "../../fakes/collect.ts";
import { createTestToolbox, hit, invocation, modelThatSays } from "../../fakes/toolbox.ts";

const SAID: Readonly<Record<string, readonly string[]>> = {
  greeting: [
    "hi",
    "Hello there!",
    "good morning everyone",
    "how are you?",
    "你好！",
    "嗨～",
    "大家早安",
    "在嗎？",
    "👍",
    ":tada:",
    ":)",
  ],
  thanks: [
    "thanks",
    "Thank you so much for your help!",
    "ok thx 🙏",
    "謝謝你",
    "太棒了，感恩",
    "that's great, thanks a lot",
  ],
  identity: [
    "who are you?",
    "Hi, what's your name?",
    "are you a bot",
    "你是誰？",
    "您好，請問你叫什麼名字",
    "你是機器人嗎？",
  ],
  abilities: [
    "what can you do for me?",
    "Who are you and what can you do?",
    "how do I use this bot?",
    "哈囉，你會做什麼？",
    "我可以問你什麼問題？",
  ],
  adding: [
    "how do I add my documents?",
    "Hi! Where can we upload our own files to you?",
    "怎麼加文件",
    "請問要怎麼上傳公司的檔案給你？",
    "我們的文件要怎麼放進來",
  ],
  listing: ["which documents do you have?", "what do you know?", "你有哪些文件"],
  help: ["help me", "can you help me please?", "救命！", "你可以幫我嗎"],
  praise: ["good job!", "Nice work, well done", "ok", "做得好", "了解！"],
  farewell: ["bye!", "see you tomorrow", "掰掰", "晚安，明天見"],
};

/** What people ask of documents, in words that small talk has too. */
const QUESTIONS = [
  "hi, what is LoRA?",
  "Hello team! How many vacation days do we get? Thanks!",
  "good morning, where do I park",
  "help desk phone number",
  "help with onboarding",
  "who are you to contact for IT?",
  "what can an admin do in a team",
  "what can you do in a team as a viewer?",
  "how do I add a document to SharePoint?",
  "how do I upload a receipt",
  "how do I share files with a client",
  "can I upload files larger than 5 MB?",
  "which documents do you have about parental leave?",
  "what documents do you need for a visa?",
  "what do you know about LoRA?",
  "how can you help customers with a refund?",
  "how do I use the VPN",
  "what does the bot do on an error?",
  "who made the logo?",
  "who is the CEO?",
  "are you allowed to work from home?",
  "are you open on Sunday?",
  "is there help for new hires?",
  "I'm new here, where do I get a badge?",
  "thank you letter",
  "thanks giving holiday",
  "Thanksgiving?",
  "good practice",
  "nice value of a process",
  "bye-bye policy",
  "yo-yo",
  "GM",
  "how does it work?",
  "how do I get started?",
  "what is the name of the bot account?",
  "ok, and for interns?",
  "no, the other one",
  "notice period?",
  "Boxing Day?",
  "How do I boil an egg",
  "你好，特休有幾天？",
  "謝謝，那住宿呢",
  "早安，請問幾點打卡",
  "好的文件怎麼寫？",
  "晚安曲的歌詞",
  "怎麼新增資料",
  "怎麼上傳發票",
  "怎麼用 VPN",
  "怎麼請假",
  "可以問誰？",
  "公司文件怎麼歸檔",
  "文件要保存幾年？",
  "幫我訂一個便當",
  "幫我整理 LoRA 的重點",
  "誰做了這個網站的設計",
  "你好市集在哪裡",
  "方便",
  "早餐",
  "讚助方案",
  "特休？",
  "新人要帶什麼",
  "你們公司在哪",
  "慶功宴？",
  "自我介紹要講多久",
];

describe("small talk", () => {
  test.each(Object.entries(SAID).flatMap(([kind, messages]) => messages.map((message) => [message, kind] as const)))(
    "%s is %s",
    (message, kind) => {
      expect(smallTalkIn(message)).toBe(kind);
    },
  );

  test.each(QUESTIONS)("%s asks something", (question) => {
    expect(smallTalkIn(question)).toBeUndefined();
  });

  test("a greeting before a question of each kind leaves a question", () => {
    const before = ["hi, ", "thanks! ", "你好，", "謝謝，"];
    const all = before.flatMap((words) => QUESTIONS.map((question) => words + question));
    expect(all.filter((message) => smallTalkIn(message))).toEqual([]);
  });

  test("marks alone say nothing, and what is long says more than a greeting", () => {
    expect(["???", "...", "。", ""].map(smallTalkIn)).toEqual([undefined, undefined, undefined, undefined]);
    expect(smallTalkIn("hi ".repeat(60))).toBeUndefined();
  });

  test("no repetition keeps it busy", () => {
    const hard = ["我們", "真的", "謝", "hi ", "the my ", "好", "you help ", "可以"].map(
      (part) => part.repeat(40).slice(0, 119) + "x",
    );
    const startedAt = performance.now();
    expect(hard.map((message) => smallTalkIn(`怎麼加${message}`) ?? smallTalkIn(message))).toEqual(
      hard.map(() => undefined),
    );
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

describe("/ask, spoken to itself", () => {
  const document = (title: string, workspace: string, addedAt: number) =>
    ({ id: title, title, workspace, addedAt, passages: 1 }) as Awaited<ReturnType<KnowledgeBase["list"]>>[number];
  const rig = (documents: readonly ReturnType<typeof document>[], answered: (question: string) => boolean) => {
    const searched: string[] = [];
    const { model, prompts } = modelThatSays("I made this up [1].");
    const knowledge: Partial<KnowledgeBase> = {
      list: async () => documents,
      search: async (question) => {
        searched.push(question);
        return { hits: [hit("Cats", "Cats purr.")], confidence: 1, answerable: answered(question) };
      },
    };
    return { tools: createTestToolbox({ model, knowledge }), searched, prompts };
  };
  const bundled = document("Attention", "*", 1);

  test.each(Object.values(SAID).map(([message]) => message!))(
    "%s asks neither the documents nor a model",
    async (message) => {
      const { tools, searched, prompts } = rig([bundled], () => true);
      const { post } = await collect(invocation(message), tools);
      expect(textOf(post)).not.toBe("");
      expect(textOf(post).split("\n").length).toBeLessThan(4);
      expect(searched).not.toContain(message);
      expect([prompts, post.sources]).toEqual([[], []]);
    },
  );

  test("its example is one that the documents answer: the team's own before the bundled ones", async () => {
    const own = [document("Old Rules", "w1", 2), document("Travel `Policy`", "w1", 3), bundled];
    const say = async (answered: (question: string) => boolean, documents = own) =>
      textOf((await collect(invocation("hi"), rig(documents, answered).tools)).post);
    expect(await say(() => true)).toContain('`/ask What is in "Travel Policy"?`');
    expect(await say((question) => question.includes("Old"))).toContain('`/ask What is in "Old Rules"?`');
    expect(await say((question) => question.includes("attention"))).toContain("`/ask What is multi-head attention?`");
    expect(await say(() => false, [])).toMatch(/`\/kb list`.*`\/help`/);
  });

  test("a title in the asker's language goes before a newer one in another", async () => {
    const own = [document("Old Rules", "w1", 2), document("員工手冊", "w1", 3)];
    const { tools } = rig(own, () => true);
    expect(textOf((await collect(invocation("hi"), tools)).post)).toContain("Old Rules");
    expect(textOf((await collect(invocation("嗨"), tools)).post)).toContain("員工手冊");
  });

  test("is greeted in the asker's language, and even where the store is away", async () => {
    const tools = createTestToolbox({
      knowledge: { list: () => Promise.reject(new Error("away")) },
    });
    const { post } = await collect(invocation("你好"), tools);
    expect(textOf(post)).toContain("我是 Heed");
  });

  test("tells admins how to add documents, and others whom to ask", async () => {
    const { tools } = rig([bundled], () => true);
    const user = { id: "u2", name: "bo", isAdmin: false, isLocal: false };
    expect(textOf((await collect(invocation("how do I add files?"), tools)).post)).toContain("`/kb add https://");
    expect(textOf((await collect(invocation("怎麼加文件", { user }), tools)).post)).toContain("管理員");
  });

  test("a plea below what others wrote is about their words, and so are emoji", async () => {
    const context = [{ author: "Mei", text: "What do cats do when they are calm?" }];
    for (const message of ["can you help?", "👀"]) {
      const { tools, searched } = rig([bundled], () => true);
      await collect(invocation(message, { context }), tools);
      expect(searched[0]).toContain(message);
    }
  });
});
