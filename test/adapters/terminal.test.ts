import { afterAll, describe, expect, test } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { PassThrough } from "node:stream";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createScreen } from "../../adapters/terminal/send.ts";
import { terminal } from "../../adapters/terminal/index.ts";
import { commands } from "../../src/commands/index.ts";
import { BotError } from "../../src/core/errors.ts";
import type { Invocation } from "../../src/core/invocation.ts";
import { emptyPost, fail, finish, fold, type Post } from "../../src/core/post.ts";
import type { Reply } from "../../src/core/reply.ts";
import { createTestWorld } from "../fakes/test-world.ts";

const folder = mkdtempSync(join(tmpdir(), "heed-terminal-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const settle = () => new Promise((resolve) => setTimeout(resolve, 20));
const postOf = (...replies: Reply[]): Post => replies.reduce(fold, emptyPost("en"));
const text = (words: string): Reply => ({ type: "text", text: words });
const status = (words: string): Reply => ({ type: "status", text: words });

const ESCAPE = String.fromCharCode(0x1b);
const SEQUENCE_OR_UNIT = new RegExp(`${ESCAPE}\\[(?:1A|2K|[\\d;]*m)|[\\s\\S]`, "g");
const OUR_STYLES = new RegExp(`${ESCAPE}\\[(?:1|2|22|36|39)m`, "g");

/** What a person sees after all that was written: rows of a screen that only grows. */
function rowsOf(written: string): string[] {
  const rows = [""];
  let at = 0;
  for (const [part] of written.matchAll(SEQUENCE_OR_UNIT)) {
    if (part === "\u001B[1A") at -= 1;
    else if (part === "\u001B[2K") rows[at] = "";
    else if (part === "\n") rows[(at += 1)] ??= "";
    else if (part.length === 1 && part !== "\r") rows[at] += part;
  }
  return rows.map((row) => row.trimEnd());
}

const LIVE = { asJson: false, colours: true, locale: "en", language: "en", isScript: false, historyFile: "" } as const;

async function watch(...posts: Post[]): Promise<string[]> {
  const world = createTestWorld({ isTTY: true });
  const view = createScreen(world.console, LIVE).open();
  for (const post of posts) view.show(post, "q");
  await settle();
  return rowsOf(world.output());
}

describe("an answer on a screen", () => {
  test("a status is wiped by the text, which is not written twice", async () => {
    const rows = await watch(
      postOf(status("Searching")),
      postOf(status("Reading"), text("One **bold** ")),
      postOf(status("Reading"), text("One **bold** word.\nTwo")),
      finish(postOf(text("One **bold** word.\nTwo."), { type: "note", text: "small print" })),
    );
    expect(rows).toEqual(["One bold word.", "Two.", "small print", ""]);
  });

  test("a broken-off attempt stays, its wait is told below it, and the next begins on a line of its own", async () => {
    const half = postOf(status("Reading"), text("Half of the"));
    const waiting = fold(half, status("Trying again …"));
    expect(await watch(half, waiting)).toEqual(["Half of the", "Trying again …"]);
    const again = [postOf(status("Searching")), finish(postOf(text("The whole.")))];
    expect(await watch(half, waiting, ...again)).toEqual(["Half of the", "", "The whole.", "", ""]);
  });

  test("what happens after a finished line is told until there is more", async () => {
    const first = [status("Reading a"), text("✓ a\n")];
    expect(await watch(postOf(...first))).toEqual(["✓ a", ""]);
    expect(await watch(postOf(...first), postOf(...first, status("Reading b")))).toEqual(["✓ a", "Reading b …"]);
    const both = finish(postOf(...first, status("Reading b"), text("✓ b\n")));
    expect(await watch(postOf(...first), postOf(...first, status("Reading b")), both)).toEqual(["✓ a", "✓ b", "", ""]);
  });

  test("a failure stands below what was said", async () => {
    expect(await watch(fail(postOf(text("half")), "It broke."))).toEqual(["half", "It broke.", "", ""]);
  });

  test("a document cannot move the cursor or colour the screen, not even from a source's title", async () => {
    const world = createTestWorld({ isTTY: true });
    const evil = "\u001B[2J\u001B]0;mine\u0007\u0008\u009B31mname";
    const source = { number: 1, documentId: "d", title: evil, place: evil, start: 0, end: 1, quote: evil };
    const table = { columns: [evil], rows: [[evil]] };
    const post = postOf(text(evil), { type: "source", source }, { type: "table", table }, { type: "note", text: evil });
    createScreen(world.console, LIVE).open().show(finish(post), "q");
    await settle();
    expect(world.output().replaceAll(OUR_STYLES, "")).not.toMatch(/[^\P{Cc}\n]/u);
  });
});

const theAnswer = () => finish(postOf(text("The answer.")));

/** A Heed whose queue is a list, and whose worker answers at once by `answer`. */
interface Situation {
  answer?: (asked: Invocation) => Post;
  lines?: string;
  isTTY?: boolean;
}

async function talk(args: readonly string[], { answer = theAnswer, lines, isTTY = false }: Situation = {}) {
  const world = createTestWorld({ args, isTTY });
  const input = world.console.input as PassThrough & { isTTY?: boolean };
  if (isTTY) input.isTTY = true;
  const adapter = terminal.create({ HEED_DATA_DIR: folder, LANG: "en_US.UTF-8" }, world, undefined as never);
  const asked: Invocation[] = [];
  await adapter.start({
    async enqueue(invocation) {
      asked.push(invocation);
      const post = answer(invocation);
      setTimeout(() => void adapter.open(invocation.address).show(post, AbortSignal.timeout(1000)), 1);
    },
    stop: async () => {},
    recall: async () => undefined,
    commands,
  });
  if (lines !== undefined) input.end(lines);
  const ended = await adapter.ended;
  await adapter.close();
  await settle();
  return { asked: asked.map(({ command, input }) => [command, "text" in input ? input.text : ""]), ended, world };
}

describe("words after the program's name", () => {
  test.each([
    [["ask", "What is LoRA?"], "ask", "What is LoRA?"],
    [["What is LoRA?"], "ask", "What is LoRA?"],
    [["What", "is", "LoRA?"], "ask", "What is LoRA?"],
    [["什麼是", "LoRA"], "ask", "什麼是 LoRA"],
    [["LoRA"], "ask", "LoRA"],
    [["ASK", "hello"], "ASK", "hello"],
    [["aks", "hello"], "aks", "hello"],
    [["/ask hello"], "ask", "hello"],
    [["kb", "add", "my file.md"], "kb", "add my file.md"],
    [["ask", "--model", "a b", "hello"], "ask", '--model "a b" hello'],
    [["help"], "help", ""],
    [["--help"], "help", ""],
    [["-h"], "help", ""],
  ])("%j", async (args, command, words) => {
    const { asked, ended, world } = await talk(args);
    expect(asked).toEqual([[command, words]]);
    expect(ended).toBe(0);
    expect(world.output()).toBe("The answer.\n");
  });

  test("--json gives one object, on a failure too", async () => {
    const { world, ended } = await talk(["ask", "hi", "--json"], {
      answer: () => fail(postOf(text("half")), "Broken."),
    });
    expect(ended).toBe(1);
    expect(JSON.parse(world.output())).toMatchObject({ state: "failed", text: "half", error: "Broken.", sources: [] });
  });

  test("a queue that is away is said in the person's language, and the status tells", async () => {
    const { world, ended } = await talk(["ask", "hi"], {
      answer() {
        throw new BotError("unavailable", { en: "The queue is away.", "zh-TW": "佇列不在。" });
      },
    });
    expect([ended, world.output(), world.errors()]).toEqual([1, "", "The queue is away.\n"]);
  });
});

describe("lines", () => {
  test("are asked one after the other, empty ones passed over", async () => {
    const { asked, ended } = await talk([], { lines: "one\n\n  \n/kb list\n/\n" });
    expect(asked).toEqual([
      ["ask", "one"],
      ["kb", "list"],
      ["help", ""],
    ]);
    expect(ended).toBe(0);
  });

  test("at the prompt, they are kept for the next time, until somebody leaves", async () => {
    const { asked, ended, world } = await talk([], { lines: "first question\r/exit\rnever asked\r", isTTY: true });
    expect(asked).toEqual([["ask", "first question"]]);
    expect(ended).toBe(0);
    expect(world.output()).toMatch(/The answer\./);
    expect(readFileSync(join(folder, "history"), "utf8")).toBe("first question\n");
  });
});
