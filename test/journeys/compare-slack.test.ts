// A comparison in Slack, over the wire and through processes of their own: blind until the names are out, however they come out.

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { buildCompareHouse, NAMES, type CompareHouse } from "../fakes/compare-house.ts";
import { describeWithRedis } from "../fakes/redis-server.ts";
import { freePort } from "../fakes/free-port.ts";
import { pressOf, seenIn } from "../fakes/slack/rig.ts";
import { httpSender, SIGNING_SECRET, type Sender } from "../fakes/slack/sender.ts";
import { startSlack, type SlackServer } from "../fakes/slack/server.ts";
import { until, type HeedProcess } from "./heed-process.ts";

describeWithRedis("/compare in Slack", () => {
  let slack: SlackServer;
  let app: CompareHouse;
  let sender: Sender;
  let worker: HeedProcess;
  let asked = 0;

  beforeAll(async () => {
    slack = await startSlack();
    for (let i = 0; i < 100; i++) slack.state.people.set(`UV${i}`, { name: `Voter ${i}` });
    const port = await freePort();
    app = await buildCompareHouse({
      SLACK_BOT_TOKEN: "xoxb-test",
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
      SLACK_API_URL: `${slack.url}/api/`,
      PORT: String(port),
    });
    sender = httpSender(port);
    [, worker] = await Promise.all([app.listen(), app.hire()]);
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await slack.close();
  });

  /** What stands under the newest question, as people read it. */
  const newest = () => seenIn(slack).findLast(({ message }) => !message.only)?.text ?? "";
  /** What one person alone was told, whichever way. */
  const whispered = () =>
    JSON.stringify([seenIn(slack).filter(({ message }) => message.only === "U1"), slack.responses]);
  const press = (label: string, by: string) => sender.interactive(pressOf(label, by, slack));

  async function compare(text: string): Promise<void> {
    app.play("openai", "Heads attend in parallel [1]. As ChatGPT I say so.");
    app.play("anthropic", { pause: 300 }, "Each head looks for itself [1].");
    app.play("mistral", { pause: 600 }, "A long one. ".repeat(200));
    app.play("ollama", "Attention is a weighted mean [2].");
    await type(text, "U2");
    // The figures stand before the answers' end does; the buttons come with it.
    await until(() => newest().includes("0 votes so far") && !newest().includes("are writing"));
  }

  async function type(text: string, by: string): Promise<void> {
    const sent = {
      command: "/compare",
      text,
      trigger_id: `${++asked}.1.a`,
      response_url: `${slack.url}/response/${asked}`,
      team_id: "T1",
      channel_id: "C1",
      channel_name: "general",
      user_id: by,
      user_name: "someone",
    };
    expect(await sender.command(sent)).toMatchObject({ status: 200 });
  }

  test("nothing on the wire gives a model away before the reveal; then table, figures and differences stand there", async () => {
    await compare("What is multi-head attention? --kb");
    expect(newest()).toMatch(/\nA\n[^]*\nB\n[^]*\nC\n[^]*\nD\n/);
    expect(newest()).toContain("As ▒▒▒ I say so.");
    await press("B", "U1");
    await until(() => newest().includes("1 vote so far"));
    await press("Reveal", "U1");
    await until(() => whispered().includes("只有 Ken 可以揭曉"));
    await press("Show all", "U1");
    await until(() => whispered().includes("A long one. A long one."));
    // Whole, and to the presser alone.
    expect(whispered().match(/A long one\./g)?.length).toBeGreaterThan(150);
    await sleep(2000);
    expect(newest()).toContain("1 vote so far");
    expect(JSON.stringify([slack.calls, slack.responses])).not.toMatch(NAMES);
    await press("Reveal", "U2");
    await until(() => NAMES.test(newest()));
    expect(newest()).toMatch(/B · \S+\n[^]*?s to first word · [^\n]* tokens · [^\n]* tokens\/s · [^\n]* · 1 vote\n/);
    expect(newest()).toMatch(/How they differ[^]*A B C D\n\s*A #/);
    const blocks = seenIn(slack).flatMap(({ message }) => message.blocks.map(({ type }) => type));
    expect(blocks).toContain("table");
    expect(app.asked()).toEqual({ openai: 1, anthropic: 1, mistral: 1, ollama: 1 });
  });

  test("the names come out by themselves when the time is up, though the worker was replaced meanwhile", async () => {
    const before = app.asked();
    await compare("What is a head? --hours 0.003");
    worker.child.kill("SIGTERM");
    await worker.ended;
    worker = await app.hire();
    await until(() => NAMES.test(newest()));
    expect(newest()).toMatch(/Votes: A 0 · B 0/);
    for (const [provider, times] of Object.entries(app.asked())) expect(times).toBe(before[provider]! + 1);
  });

  test("ninety-nine people press at once: every vote counts, few edits are made, and the hundredth brings the names", async () => {
    await compare("What is a query? --votes 100");
    const edits = () => slack.calls.filter(({ method }) => method === "chat.update").length;
    const [before, begunAt] = [edits(), performance.now()];
    const presses = Array.from({ length: 99 }, (_, i) => press("ABCD".charAt(i % 4), `UV${i}`));
    for (const { status } of await Promise.all(presses)) expect(status).toBe(200);
    await until(() => newest().includes("99 votes so far"));
    // A busy machine takes longer, and the board is edited about once a second.
    expect(edits() - before).toBeLessThan(30 + (performance.now() - begunAt) / 1000);
    await press("tie", "UADMIN");
    await until(() => NAMES.test(newest()));
    expect(newest()).toContain("Votes: A 25 · B 25 · C 25 · D 24 · tie 1 · all bad 0");
    await sleep(3000);
    expect(newest()).toMatch(NAMES);
    await type("--scores", "U2");
    await until(() => slack.state.uploads.some(({ name, bytes }) => name === "ranking.png" && bytes.length > 1000));
    expect(newest()).toMatch(/This channel\n[^]*Rating\n/);
    expect(newest()).toMatch(/do not separate \S+ from/);
    await type("--export", "UADMIN");
    await until(() => slack.state.uploads.some(({ name, bytes }) => name === "votes.jsonl" && bytes.length > 100));
    const lines = Buffer.from(slack.state.uploads.at(-1)!.bytes).toString("utf8").trim().split("\n");
    const pairs = lines.map((line) => JSON.parse(line) as { votes: object; prompt: string });
    expect(pairs.filter(({ prompt }) => prompt === "What is a query?")).toHaveLength(3);
  });
});
