import { afterAll, describe, expect, test } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { PassThrough } from "node:stream";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terminal } from "../../../adapters/terminal/index.ts";
import { commands } from "../../../src/commands/index.ts";
import { BotError } from "../../../src/core/errors.ts";
import type { Invocation } from "../../../src/core/invocation.ts";
import { emptyPost, fail, finish, fold, type Post } from "../../../src/core/post.ts";
import type { Reply } from "../../../src/core/reply.ts";
import { createTestRuntime } from "../../fakes/test-runtime.ts";
import { PATIENCE_MS } from "../../fakes/wait.ts";

const folder = mkdtempSync(join(tmpdir(), "heed-terminal-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const settle = () => new Promise((resolve) => setTimeout(resolve, 20));
const postOf = (...replies: Reply[]): Post => replies.reduce(fold, emptyPost("en"));
const text = (words: string): Reply => ({ type: "text", text: words });

const theAnswer = () => finish(postOf(text("The answer.")));

/** A Heed whose queue is a list, and whose worker answers at once by `answer`. */
interface Situation {
  answer?: (asked: Invocation) => Post;
  lines?: string;
  isTTY?: boolean;
}

async function talk(args: readonly string[], { answer = theAnswer, lines, isTTY = false }: Situation = {}) {
  const runtime = createTestRuntime({ args, isTTY });
  const input = runtime.console.input as PassThrough & { isTTY?: boolean };
  if (isTTY) input.isTTY = true;
  const adapter = terminal.create({ HEED_DATA_DIR: folder, LANG: "en_US.UTF-8" }, runtime, undefined as never);
  const asked: Invocation[] = [];
  await adapter.start({
    async enqueue(invocation) {
      asked.push(invocation);
      const post = answer(invocation);
      setTimeout(() => void adapter.open(invocation.address).show(post, AbortSignal.timeout(PATIENCE_MS)), 1);
    },
    stop: async () => {},
    recall: async () => undefined,
    commands,
  });
  if (lines !== undefined) input.end(lines);
  const ended = await adapter.ended;
  await adapter.close();
  await settle();
  return { asked: asked.map(({ command, input }) => [command, "text" in input ? input.text : ""]), ended, runtime };
}

describe("words after the program's name", () => {
  test.each([
    [["ask", "What is LoRA?"], "ask", "What is LoRA?"],
    [["What is LoRA?"], "ask", "What is LoRA?"],
    [["What", "is", "LoRA?"], "ask", "What is LoRA?"],
    [["什麼是", "LoRA"], "ask", "什麼是 LoRA"],
    [["LoRA"], "ask", "LoRA"],
    [["ASK", "hello"], "ask", "hello"],
    [["/aks", "hello"], "aks", "hello"],
    [["models", "differ", "how?"], "ask", "models differ how?"],
    [["/ask hello"], "ask", "hello"],
    [["kb", "add", "my file.md"], "kb", "add my file.md"],
    [["ask", "--model", "a b", "hello"], "ask", '--model "a b" hello'],
    [["help"], "help", ""],
    [["--help"], "help", ""],
    [["-h"], "help", ""],
  ])("%j", async (args, command, words) => {
    const { asked, ended, runtime } = await talk(args);
    expect(asked).toEqual([[command, words]]);
    expect(ended).toBe(0);
    expect(runtime.output()).toBe("The answer.\n");
  });

  test.each([
    [["stop"], /nothing to stop/],
    [["follow-ups", "off"], /switched off in channels only/],
  ])("%j has nothing to do here, and says so", async (args, sentence) => {
    const { asked, ended, runtime } = await talk(args);
    expect([asked, ended]).toEqual([[], 1]);
    expect(runtime.errors()).toMatch(sentence);
  });

  test("a picture is kept as a file, named below the answer", async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const picture = { name: "../heat map.png", alt: "A heatmap", mediaType: "image/png", bytes } as const;
    const answer = () => finish(postOf(text("Seen."), { type: "picture", picture }));
    const { runtime } = await talk(["explain-attention", "x"], { answer });
    const path = join(folder, "pictures", "..-heat-map.png");
    expect(runtime.output()).toBe(`Seen.\n\nPicture: ${path}\n`);
    expect(new Uint8Array(readFileSync(path))).toEqual(bytes);
  });

  test("--json gives one object, on a failure too", async () => {
    const { runtime, ended } = await talk(["ask", "hi", "--json"], {
      answer: () => fail(postOf(text("half")), "Broken."),
    });
    expect(ended).toBe(1);
    expect(JSON.parse(runtime.output())).toMatchObject({
      state: "failed",
      text: "half",
      error: "Broken.",
      sources: [],
    });
  });

  test("a queue that is away is said in the person's language, and the status tells", async () => {
    const { runtime, ended } = await talk(["ask", "hi"], {
      answer() {
        throw new BotError("unavailable", { en: "The queue is away.", "zh-TW": "佇列不在。" });
      },
    });
    expect([ended, runtime.output(), runtime.errors()]).toEqual([1, "", "The queue is away.\n"]);
  });
});

describe("lines", () => {
  test("are asked one after the other, empty ones passed over", async () => {
    const { asked, ended, runtime } = await talk([], { lines: "one\n\n  \n/kb list\n/\n" });
    expect(runtime.output()).toBe("The answer.\n\nThe answer.\n\nThe answer.\n");
    expect(asked).toEqual([
      ["ask", "one"],
      ["kb", "list"],
      ["help", ""],
    ]);
    expect(ended).toBe(0);
  });

  test("at the prompt, they are kept for the next time, until somebody leaves", async () => {
    const { asked, ended, runtime } = await talk([], { lines: "first question\r/exit\rnever asked\r", isTTY: true });
    expect(asked).toEqual([["ask", "first question"]]);
    expect(ended).toBe(0);
    expect(runtime.output()).toMatch(/The answer\./);
    expect(readFileSync(join(folder, "history"), "utf8")).toBe("first question\n");
  });
});

test("a script that is told to end stops its question, and asks no further one", async () => {
  const runtime = createTestRuntime();
  const adapter = terminal.create({ HEED_DATA_DIR: folder }, runtime, undefined as never);
  const asked: string[] = [];
  const stopped: string[] = [];
  await adapter.start({
    enqueue: async ({ id }) => void asked.push(id),
    async stop(id) {
      stopped.push(id);
      const address = {
        platform: "terminal",
        workspace: "local",
        channel: "terminal",
        privacy: "public" as const,
        data: { id, asked: "one" },
      };
      await adapter.open(address).show(fail(emptyPost("en"), "Stopped."), AbortSignal.timeout(PATIENCE_MS));
    },
    recall: async () => undefined,
    commands,
  });
  (runtime.console.input as PassThrough).end("one\ntwo\n");
  await settle();
  await adapter.close();
  expect(await adapter.ended).toBe(1);
  expect(stopped).toEqual(asked);
  expect(asked).toHaveLength(1);
  expect(runtime.errors()).toBe("Stopped.\n");
});
