// One listener, some workers, a Redis, a chat and a vendor, with the means to break each.

import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { AnswerStream, FakeVendor } from "../chat-completions.ts";
import { startFakeVendor } from "../chat-completions.ts";
import { RedisServer } from "../redis-server.ts";
import { freePort } from "../free-port.ts";
import { invocation } from "../toolbox.ts";
import { startPlatform, type PlatformServer } from "./platform-server.ts";

const PROCESS = join(import.meta.dirname, "process.ts");
/** Milliseconds: long enough for a busy machine to renew, short enough for a test to wait. */
const CLAIM_MS = 5000;

export interface StandInHouse extends AsyncDisposable {
  redis: RedisServer;
  chat: PlatformServer;
  vendor: FakeVendor;
  workers: ChildProcess[];
  /** Starts one more worker; resolves when it works. */
  hire(): Promise<ChildProcess>;
  /** Asks until the listener has taken it, as a platform repeats an event that was not acknowledged. */
  ask(question: string): Promise<void>;
  /** What the processes wrote to standard error. */
  log(): string;
}

export async function buildHouse(
  answer: (stream: AnswerStream, asked: string, n: number) => Promise<void> | void,
  env: Readonly<Record<string, string>> = {},
): Promise<StandInHouse> {
  const [redis, chat, vendor, port] = await Promise.all([
    RedisServer.start(),
    startPlatform(),
    startFakeVendor(answer),
    freePort(),
  ]);
  const errors: string[] = [];
  const { PATH = "", HOME = "" } = process.env;
  const environment = {
    PATH,
    HOME,
    REDIS_URL: redis.url,
    OPENAI_API_KEY: "test",
    OPENAI_BASE_URL: vendor.url,
    LOG_LEVEL: "warn",
    STAND_IN_CLAIM_MS: String(CLAIM_MS),
    ...env,
  };
  const start = async (role: string): Promise<ChildProcess> => {
    const args = ["--disable-warning=ExperimentalWarning", PROCESS, role, chat.url, String(port)];
    const child = spawn(process.execPath, args, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString("utf8")));
    await new Promise<void>((resolve, reject) => {
      child.stdout.once("data", () => resolve());
      child.once("close", (status) => reject(new Error(`${role} ended with ${status}: ${errors.join("")}`)));
    });
    return child;
  };
  const workers: ChildProcess[] = [];
  const listener = await start("listener");
  return {
    redis,
    chat,
    vendor,
    workers,
    log: () => errors.join(""),
    async hire() {
      const worker = await start("worker");
      workers.push(worker);
      return worker;
    },
    async ask(question) {
      const address = { platform: "test", workspace: "w", channel: question, privacy: "public" as const, data: null };
      const asked = invocation(`/ask What about ${question}?`, { id: question, address, receivedAt: Date.now() });
      const request = { method: "POST", body: JSON.stringify(asked) };
      const isTaken = async () => (await fetch(`http://127.0.0.1:${port}`, request)).ok;
      while (!(await isTaken().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 100));
    },
    async [Symbol.asyncDispose]() {
      for (const child of [listener, ...workers]) child.kill("SIGKILL");
      await Promise.all([chat.close(), vendor.close(), redis.end()]);
    },
  };
}
