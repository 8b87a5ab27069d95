import { expect, test } from "@jest/globals";
import { BotError } from "../../src/core/errors.ts";
import type { Adapter } from "../../src/core/platform.ts";
import { emptyPost, finish, textOf, type Post } from "../../src/core/post.ts";
import type { Attempt } from "../../src/core/queue.ts";
import { createHandler } from "../../workers/handle.ts";
import type { Runtime } from "../../src/core/runtime.ts";
import { createTestRuntime } from "../fakes/test-runtime.ts";
import { createTestToolbox, hit, invocation, scriptedModel } from "../fakes/toolbox.ts";

const busy = new BotError("overloaded", { en: "The model is busy.", "zh-TW": "模型忙碌中。" });

/** A handler on a chat that remembers what it showed, how it was opened, and what was kept with the job. */
function rig(
  events: Parameters<typeof scriptedModel>[0],
  more: Partial<Attempt> = {},
  { runtime, refuses }: { runtime?: Runtime; refuses?: Error } = {},
) {
  const shown: Post[] = [];
  const opened: unknown[] = [];
  const kept: unknown[] = [];
  const told: unknown[] = [];
  const adapter: Adapter = {
    start: async () => {},
    close: async () => {},
    open: (_address, receipt, maybePosted) => {
      opened.push({ receipt, maybePosted });
      return {
        pace: 0,
        show: async (post) => {
          if (refuses) throw refuses;
          shown.push(post);
          return 7;
        },
      };
    },
  };
  const { model, prompts } = scriptedModel(events);
  const toolbox = createTestToolbox({ hits: [hit("Handbook", "words")], model });
  const tools = runtime ? { ...toolbox, runtime } : toolbox;
  const metrics = {
    count: (name: string, labels: object) => void told.push([name, labels]),
    time: (name: string) => void told.push(name),
  };
  const attempt: Attempt = {
    number: 1,
    isLast: false,
    isExhausted: false,
    isFirst: true,
    signal: new AbortController().signal,
    receipt: undefined,
    finishedPost: undefined,
    keep: async (receipt) => void kept.push({ receipt }),
    saveFinished: async (post) => void kept.push({ post }),
    ...more,
  };
  const run = (line = "/ask words?") =>
    createHandler(new Map([["test", adapter]]), tools, metrics)(invocation(line), attempt);
  return { run, shown, opened, kept, told, prompts, tools, model };
}

test("the finished answer is kept before it is shown, where it took a while to make", async () => {
  const { run, shown, kept, told, model, tools } = rig([]);
  model.generate = async function* () {
    await tools.runtime.sleep(1000);
    yield { type: "text", text: "Yes [1]." };
  };
  const post = await run();
  expect(shown.at(-1)).toEqual(post);
  expect(kept).toEqual([{ receipt: 7 }, { post }]);
  expect(told).toEqual(expect.arrayContaining(["wait", "first_reply", "run", "retrieval"]));
  expect(told).toContainEqual(["answers", { command: "ask", platform: "test" }]);
});

test("an answer that an earlier attempt finished is shown, and the model is not asked again", async () => {
  const finishedPost = finish(emptyPost("en"));
  const { run, shown, prompts } = rig([], { finishedPost, receipt: 3, isFirst: false, number: 2 });
  expect(await run()).toBe(finishedPost);
  expect(shown).toEqual([finishedPost]);
  expect(prompts).toEqual([]);
});

test("where an earlier attempt may have posted without a receipt, the outbox is told to look", async () => {
  for (const [more, maybePosted] of [
    [{ isFirst: true }, false],
    [{ isFirst: false }, true],
    [{ isFirst: false, receipt: 7 }, false],
  ] as const) {
    const { run, opened } = rig([{ type: "text", text: "a" }], more);
    await run();
    expect(opened).toMatchObject([{ maybePosted }]);
  }
});

test("a failure that may pass is shown as waiting until the last attempt, then as it is", async () => {
  for (const [last, state] of [
    [false, "working"],
    [true, "failed"],
  ] as const) {
    const { run, shown, told } = rig([busy], { isLast: last });
    await expect(run()).rejects.toBe(busy);
    expect(shown.at(-1)).toMatchObject({ state, status: expect.stringContaining("The model is busy.") });
    expect(told).toContainEqual(["errors", { command: "ask", platform: "test", code: "overloaded" }]);
  }
});

test("when the attempts are spent the asker is told, and the command does not run", async () => {
  const { run, shown, prompts } = rig([], { isExhausted: true, isLast: true, number: 6, isFirst: false });
  await expect(run()).rejects.toMatchObject({ code: "unavailable" });
  expect(shown.at(-1)).toMatchObject({ state: "failed", status: expect.stringContaining("given up") });
  expect(prompts).toEqual([]);
});

test("a job that is handed over leaves the chat as it stands", async () => {
  const { run, shown, told } = rig([], { signal: AbortSignal.abort("handed-over") });
  await expect(run()).rejects.toBeDefined();
  expect(shown).toEqual([]);
  expect(told).toEqual(["wait", "run"]);
});

test("a stopped job says so, and is done", async () => {
  const { run, shown } = rig([], { signal: AbortSignal.abort("stopped") });
  expect(textOf(await run())).toBe("");
  expect(shown.at(-1)).toMatchObject({ state: "failed", status: "Stopped." });
});

test("an answer that the chat does not take is an error in the log; one that it may take later a warning", async () => {
  const levels: unknown[] = [];
  const cases = [
    ["forbidden", false],
    ["unavailable", false],
    ["unavailable", true],
  ] as const;
  for (const [code, last] of cases) {
    const runtime = createTestRuntime();
    const { run } = rig(
      [{ type: "text", text: "Yes [1]." }],
      { isLast: last },
      { runtime, refuses: new BotError(code, busy.phrase) },
    );
    await expect(run()).rejects.toMatchObject({ code });
    const said = runtime.events.find(({ event }) => event === "not shown");
    levels.push([said?.level, said?.fields["shown"]]);
  }
  expect(levels).toEqual([
    ["error", "failed"],
    ["warn", "failed"],
    ["error", "failed"],
  ]);
});

test("a model that does not begin is waited for twice, and then said not to", async () => {
  const late = new BotError("timeout", { en: "m did not begin. Ask another.", "zh-TW": "m 沒有開始。請改問。" });
  for (const [number, status] of [
    [1, "m did not begin. Trying again by myself …"],
    [2, "m did not begin. Ask another."],
  ] as const) {
    const { run, shown, model } = rig([], { number });
    model.generate = () => {
      throw late;
    };
    await expect(run()).rejects.toBe(late);
    expect(shown.at(-1)?.status).toBe(status);
  }
});

test("a wait that a vendor asked for is told", async () => {
  const away = new BotError(
    "rate-limited",
    { en: "Busy. Try later.", "zh-TW": "忙碌。請稍後。" },
    { retryAfterMs: 90_000 },
  );
  const { run, shown, model } = rig([]);
  model.generate = () => {
    throw away;
  };
  await expect(run()).rejects.toBe(away);
  expect(shown.at(-1)?.status).toBe("Busy. Trying again by myself in 90 s …");
});

test("a word that names no command is in the chat alone, not in the log or the metrics", async () => {
  const runtime = createTestRuntime();
  const { run, shown, told } = rig([], {}, { runtime });
  await run("/zebrafish will be laid off");
  expect(shown.at(-1)?.status).toContain("zebrafish");
  expect(JSON.stringify(runtime.events)).toContain('"command":"unknown"');
  expect(JSON.stringify([runtime.events, told])).not.toContain("zebrafish");
});
