import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFakeVendor } from "../fakes/chat-completions.ts";
import { runHeed, startHeed, until } from "./heed-process.ts";

/** One data folder for all: creating the embedded queue takes seconds, and a second start must work anyway. */
const folder = mkdtempSync(join(tmpdir(), "heed-"));
const env = { HEED_DATA_DIR: join(folder, "data") };
const documents = join(folder, "documents");

beforeAll(async () => {
  mkdirSync(documents);
  writeFileSync(join(documents, "remote.md"), "# Remote work\n\nInterns may work remotely three days a week.\n");
  writeFileSync(join(documents, "宿舍.txt"), "實習生宿舍在三號樓，每月租金四千元。\n");
  writeFileSync(join(documents, "photo.pdf"), Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"));
  writeFileSync(join(documents, "empty.txt"), "");
  symlinkSync(documents, join(documents, "loop"));
  await runHeed(env, ["help"]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a single command", () => {
  test("puts the answer alone on standard output and tells success", async () => {
    const { status, output } = await runHeed(env, ["ask", "What is multi-head attention?"]);
    expect(status).toBe(0);
    expect(output).toMatch(/multi-head attention/i);
    expect(output).toMatch(/^\[1\] Multi-head attention/m);
    expect(output).not.toMatch(/Searching|Loading/);
  });

  test("as JSON: text, sources with true offsets, model, timings", async () => {
    const { output } = await runHeed(env, ["ask", "什麼是多頭注意力？", "--json"]);
    const post = JSON.parse(output);
    expect(post.state).toBe("done");
    expect(post.text).toMatch(/多頭注意力/);
    expect(post.model).toBe("extractive/quotes");
    expect(post.timings.total).toBeGreaterThan(0);
    for (const { documentId, title, start, end, quote } of post.sources) {
      expect(documentId).toBeTruthy();
      expect(title).toMatch(/注意力/);
      expect(quote).toHaveLength(end - start);
    }
  });

  test("a failure is one sentence on standard error and exit status 1", async () => {
    const { status, output, errors } = await runHeed(env, ["ask", "???"]);
    expect([status, output]).toEqual([1, ""]);
    expect(errors).toMatch(/I see no words in that to search for\./);
  });
});

describe("the knowledge base", () => {
  test("loads a folder, accounts for every file, answers from it, and forgets what is removed", async () => {
    const added = await runHeed(env, ["kb", "add", documents]);
    expect(added.status).toBe(0);
    expect(added.output).toMatch(/✓ remote\.md — added · 1 passage ·/);
    expect(added.output).toMatch(/✓ 宿舍\.txt — added/);
    expect(added.output).toMatch(/✗ photo\.pdf — .*PNG/);
    expect(added.output).toMatch(/✗ empty\.txt — .*no text/i);
    const answered = JSON.parse((await runHeed(env, ["ask", "實習生宿舍的租金是多少？", "--json"])).output);
    expect(answered.text).toMatch(/每月租金四千元/);
    const id = answered.sources[0].documentId;
    expect((await runHeed(env, ["kb", "add", join(documents, "宿舍.txt")])).output).toMatch(/already there|內容相同/);
    expect((await runHeed(env, ["kb", "remove", id])).output).toMatch(/Removed|已移除/);
    expect((await runHeed(env, ["ask", "實習生宿舍的租金是多少？"])).output).not.toMatch(/四千元/);
  });

  test("lists the primer and names a missing file", async () => {
    expect((await runHeed(env, ["kb", "list"])).output).toMatch(/Bundled course: \d+ documents|內建教材：/);
    const { status, errors } = await runHeed(env, ["kb", "add", join(folder, "missing.md")]);
    expect(status).toBe(1);
    expect(errors).toMatch(/nothing to read at .*missing\.md/);
  });
});

describe("lines on standard input", () => {
  test("are answered one after the other, and the status tells whether all were", async () => {
    const { status, output, errors } = await runHeed(env, [], "/help\n/hlep\n\n什麼是 LoRA？\n");
    expect(status).toBe(1);
    expect(output).toMatch(/\/ask question/);
    expect(errors).toMatch(/Did you mean `\/help`\?/);
    expect(output).toMatch(/LoRA/);
  });
});

describe("a start that cannot be", () => {
  test("a second instance on the same folder says so and stops", async () => {
    const first = startHeed(env, []);
    await until(() => first.errors().length > 0);
    const second = await runHeed(env, ["help"]);
    expect(second.status).toBe(1);
    expect(second.errors).toMatch(/Another Heed is already using/);
    first.child.stdin!.end();
    expect((await first.ended).status).toBe(0);
  });

  test.each([
    [{ HEED_DATA_DIR: "/dev/null/heed" }, /cannot write to the data folder \/dev\/null\/heed/],
    [{ ...env, REDIS_URL: "localhost" }, /REDIS_URL is wrong/],
    [{ ...env, OPENAI_API_KEY: "k", OPENAI_BASE_URL: "not a url" }, /OPENAI_BASE_URL is wrong/],
  ])("%p is named together with its fix", async (wrong, message) => {
    const { status, output, errors } = await runHeed(wrong, ["help"]);
    expect([status, output]).toEqual([1, ""]);
    expect(errors).toMatch(message);
    expect(errors).not.toMatch(/\n\s+at /);
  });
});

describe("with a model", () => {
  test("a busy one is asked again, and a killed process's question is finished by the next start", async () => {
    const vendor = await startFakeVendor((stream, _asked, n) => {
      if (n === 1) return stream.refuse(429, { "retry-after": "1" });
      if (n === 2) return void stream.say("Half of ");
      stream.say("The whole ").say("answer [1].").end();
    });
    const configured = { ...env, OPENAI_API_KEY: "key", OPENAI_BASE_URL: vendor.url, OPENAI_MODEL: "fake" };
    try {
      const first = startHeed(configured, ["ask", "What is self-attention?"]);
      await until(() => vendor.asked.length === 2);
      first.child.kill("SIGKILL");
      await first.ended;
      const next = await runHeed(configured, [], "");
      expect(next.output).toMatch(/^> ask What is self-attention\?$/m);
      expect(next.output).toMatch(/The whole answer \[1\]\./);
      expect(next.output.match(/The whole answer/g)).toHaveLength(1);
      expect(vendor.asked).toHaveLength(3);
      const after = await runHeed(configured, [], "");
      expect(after.output).toBe("");
    } finally {
      await vendor.close();
    }
  });

  test("a script that is ended before its answer does not tell success", async () => {
    const vendor = await startFakeVendor(() => {});
    const configured = {
      HEED_DATA_DIR: join(folder, "ended"),
      OPENAI_API_KEY: "key",
      OPENAI_BASE_URL: vendor.url,
      OPENAI_MODEL: "fake",
    };
    const run = startHeed(configured, ["ask", "What is self-attention?"]);
    await until(() => vendor.asked.length === 1);
    run.child.kill("SIGTERM");
    const { status, output } = await run.ended;
    await vendor.close();
    expect([status, output]).toEqual([1, ""]);
  });

  test("a bad key is told in one sentence, and nothing is tried again", async () => {
    const vendor = await startFakeVendor((stream) => stream.refuse(401));
    const configured = { ...env, OPENAI_API_KEY: "secret-key", OPENAI_BASE_URL: vendor.url, OPENAI_MODEL: "fake" };
    const { status, errors } = await runHeed(configured, ["ask", "What is self-attention?"]);
    await vendor.close();
    expect(status).toBe(1);
    expect(errors).toMatch(/OPENAI_API_KEY/);
    expect(errors).not.toContain("secret-key");
    expect(vendor.asked).toHaveLength(1);
  });
});
