// How soon Slack is acknowledged and how soon a person sees something, beside a Bolt app that only acknowledges.
// The real processes against a stand-in Slack on loopback, the worker busy with what comes: `npm run bench:slack` for
// listener and worker in one process, `REDIS_URL=redis://... npm run bench:slack` for the two apart.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { httpSender, SIGNING_SECRET } from "../test/fakes/slack/sender.ts";
import { startSlack, type SlackServer } from "../test/fakes/slack/server.ts";

const RATES = [10, 50];
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 10);
const SEATS = process.env["HEED_CONCURRENCY"] ?? "32";
const READY_MS = 120_000;
const DRAIN_MS = 60_000;
const [HEED_PORT, BARE_PORT] = [34_911, 34_912];

interface Measured {
  acks: number[];
  /** Until the first message that names the question stands in the channel. */
  replies: number[];
  lost: number;
}

if (process.argv[2] === "bare") await acknowledgeOnly();
else await compare();

async function compare(): Promise<void> {
  const slack = await startSlack();
  const folder = mkdtempSync(join(tmpdir(), "heed-bench-"));
  const env = {
    ...process.env,
    SLACK_API_URL: `${slack.url}/api/`,
    SLACK_BOT_TOKEN: "xoxb-test",
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
  };
  const settings = {
    ...env,
    PORT: String(HEED_PORT),
    HEED_DATA_DIR: folder,
    HEED_CONCURRENCY: SEATS,
    LOG_LEVEL: "error",
  };
  const programs = process.env["REDIS_URL"] ? ["adapters/main.ts", "workers/main.ts"] : ["workers/start.ts"];
  const heed = programs.map((program) => start([program], settings));
  const bare = start(["bench/slack.ts", "bare"], { ...env, PORT: String(BARE_PORT) });
  await Promise.all([answers(HEED_PORT), answers(BARE_PORT)]);
  console.log(`${SEATS} seats, ${SECONDS} s each; milliseconds p50 / p99`);
  await warmUp(slack);
  for (const rate of RATES) {
    const floor = await load(BARE_PORT, rate, slack, false);
    const ours = await load(HEED_PORT, rate, slack, true);
    report(rate, ours, floor);
  }
  for (const child of [...heed, bare]) child.kill();
  await slack.close();
  rmSync(folder, { recursive: true, force: true });
}

function report(rate: number, ours: Measured, floor: Measured): void {
  const against = (at: number, all: readonly number[]) => (quantile(all, at) / quantile(floor.acks, at)).toFixed(1);
  const both = (all: readonly number[]) => `${quantile(all, 0.5).toFixed(1)} / ${quantile(all, 0.99).toFixed(1)}`;
  console.log(`${rate}/s  bare ack     ${both(floor.acks)}`);
  console.log(
    `${rate}/s  ack          ${both(ours.acks)}   ${against(0.5, ours.acks)} / ${against(0.99, ours.acks)} times bare`,
  );
  console.log(
    `${rate}/s  first reply  ${both(ours.replies)}   ${against(0.5, ours.replies)} / ${against(0.99, ours.replies)} times bare`,
  );
  console.log(`${rate}/s  asked ${ours.acks.length}, replied ${ours.replies.length}, not acknowledged ${ours.lost}`);
}

/** Waits until a worker answers, its primer loaded. */
async function warmUp(slack: SlackServer): Promise<void> {
  await httpSender(HEED_PORT).command(commandOf("what is attention?", slack));
  for (const end = Date.now() + READY_MS; Date.now() < end && slack.state.messages.length === 0;) await pause(100);
}

/** Slash commands at an even pace, whether or not the ones before are done. */
async function load(port: number, rate: number, slack: SlackServer, watches: boolean): Promise<Measured> {
  const sender = httpSender(port);
  const measured: Measured = { acks: [], replies: [], lost: 0 };
  const asked = new Map<string, number>();
  const seen = slack.state.messages.length;
  const acks = Array.from({ length: rate * SECONDS }, async (_, i) => {
    await pause((i * 1000) / rate);
    const mark = `r${rate}n${i}x`;
    asked.set(mark, Date.now());
    const { status, ms } = await sender.command(commandOf(`${mark} what is multi-head attention?`, slack));
    if (status === 200) measured.acks.push(ms);
    else measured.lost++;
  });
  await Promise.all(acks);
  const end = Date.now() + (watches ? DRAIN_MS : 0);
  const marks = () => slack.calls.filter(({ method }) => method === "chat.postMessage");
  while (Date.now() < end && slack.state.messages.length - seen < asked.size) await pause(50);
  for (const { args, at } of marks()) {
    const mark = /r\d+n\d+x/.exec(JSON.stringify(args["blocks"] ?? ""))?.[0] ?? "";
    const askedAt = asked.get(mark);
    if (askedAt !== undefined && watches) measured.replies.push(at - askedAt);
    asked.delete(mark);
  }
  return measured;
}

function commandOf(text: string, { state, url }: SlackServer): Record<string, string> {
  const trigger_id = crypto.randomUUID();
  return {
    command: "/ask",
    text,
    trigger_id,
    response_url: `${url}/response/${trigger_id}`,
    team_id: state.team,
    channel_id: "C1",
    user_id: "U2",
    user_name: "ken",
  };
}

/** A Bolt app as small as one can be: the floor that no bot gets under. */
async function acknowledgeOnly(): Promise<void> {
  const { App } = await import("@slack/bolt");
  const app = new App({
    token: "xoxb-test",
    signingSecret: process.env["SLACK_SIGNING_SECRET"] ?? "",
    clientOptions: { slackApiUrl: process.env["SLACK_API_URL"] ?? "" },
  });
  app.command(/.*/, ({ ack }) => ack());
  await app.start(Number(process.env["PORT"]));
}

function start(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
}

async function answers(port: number): Promise<void> {
  for (const end = Date.now() + READY_MS; Date.now() < end; await pause(200)) {
    const answer = await fetch(`http://127.0.0.1:${port}/slack/events`, { method: "POST" }).catch(() => undefined);
    if (answer) return;
  }
  throw new Error(`nothing listens on ${port}`);
}

function quantile(all: readonly number[], at: number): number {
  const sorted = all.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
