import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFakeVendor } from "../fakes/chat-completions.ts";
import { runHeed } from "./heed-process.ts";

const folder = mkdtempSync(join(tmpdir(), "heed-"));
const env = { HEED_DATA_DIR: join(folder, "data") };
const documents = join(folder, "documents");
const HANDBOOK = `# Handbook

## Remote work for employees

Employees may work remotely up to two days a week. HR replies to a request within five working days.

## Remote work for interns

Interns may work remotely up to three days a week, once they have been here for three months.
`;

beforeAll(async () => {
  mkdirSync(documents);
  writeFileSync(join(documents, "handbook.md"), HANDBOOK);
  writeFileSync(join(documents, "手冊.md"), "# 宿舍\n\n實習生宿舍在三號樓，每月租金四千元，押金為一個月租金。\n");
  await runHeed(env, ["kb", "add", documents]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a conversation at the prompt", () => {
  test("goes on from line to line, is forgotten on request, and does not outlive the process", async () => {
    const lines = [
      "How many days a week may employees work remotely?",
      "and for interns?",
      "宿舍每月租金是多少？",
      "押金呢？",
      "/forget",
      "why?",
    ];
    const answers = await ask(lines);
    expect(answers.map(({ state }) => state)).toEqual(["done", "done", "done", "done", "done", "done"]);
    expect(answers[0].sources[0].quote).toMatch(/Employees may/);
    expect(answers[1].sources[0].quote).toMatch(/Interns may work remotely up to three days/);
    expect(answers[3].sources[0].quote).toMatch(/押金為一個月租金/);
    expect(answers[4].text).toMatch(/Forgotten/);
    expect(answers[5].sources).toEqual([]);
    const [later] = await ask(["and for interns?"]);
    expect(later.text).not.toMatch(/two days/);
  });

  test("an answer is judged, a question is kept, and whoever runs Heed sees both", async () => {
    const { status, output } = await runHeed(
      env,
      [],
      [
        "How many days a week may interns work remotely?",
        "/feedback bad",
        "/feedback",
        "/kb keep Is there a canteen?",
        "/kb questions",
      ].join("\n"),
    );
    expect(status).toBe(0);
    expect(output).toMatch(/0 👍 and 1 👎[^]*How many days a week may interns work remotely\?/);
    expect(output).toMatch(/1 question that the documents did not answer[^]*q[0-9a-f]{5}\s+Is there a canteen\?/);
  });
});

describe("with a model", () => {
  test("earlier turns reach it, a wrong number is marked, and a number that names nothing is told", async () => {
    const vendor = await startFakeVendor((stream, _asked, n) => {
      if (n === 1) stream.say("HR replies within three ").say("working days [1][42].").end();
      else stream.say("Interns too [1].").end();
    });
    const configured = { ...env, OPENAI_API_KEY: "key", OPENAI_BASE_URL: vendor.url, OPENAI_MODEL: "fake" };
    try {
      const lines = ["When does HR reply to a request for remote work by employees?", "and for interns?"];
      const { output } = await runHeed(configured, [], lines.join("\n"));
      expect(output).toContain("HR replies within three working days [1][42]. (⚠ the source says five working days)");
      expect(output).toContain("[42] names no passage that the model was given.");
      expect(vendor.asked[1]).toMatch(
        /When does HR reply[^]*within three working days\[42\]\. \(the source says five working days\)[^]*Question:\\nand for interns\?/,
      );
      expect(vendor.asked[1]).not.toContain("⚠");
      const alone = await runHeed(configured, ["ask", "--plain", "What is a canteen?"]);
      expect(alone.output).toMatch(/Not from your documents/);
    } finally {
      await vendor.close();
    }
  });
});

/** Each line's finished post, as a script reads it. */
async function ask(lines: readonly string[]) {
  const { output } = await runHeed(env, ["--json"], lines.join("\n"));
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}
