// A Redis of one's own: a real redis-server with an append-only file, which can be killed, stopped and started again.

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { freePort } from "./free-port.ts";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "@jest/globals";

export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

/** Describes what needs redis-server; where there is none, each name is reported as skipped. */
export function describeWithRedis(name: string, tests: () => void): void {
  if (hasRedis) return describe(name, tests);
  describe(name, () => test.skip("needs redis-server, which is not installed here", () => {}));
}

export class RedisServer {
  readonly url: string;
  readonly port: number;
  readonly #folder: string;
  readonly #extra: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(port: number, extra: readonly string[]) {
    this.port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.#folder = mkdtempSync(join(tmpdir(), "heed-redis-"));
    this.#extra = extra;
  }

  static async start(extra: readonly string[] = []): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), extra);
    await server.start();
    return server;
  }

  /** A Sentinel on its own file, which it writes to. */
  static async startSentinel(port: number, file: string): Promise<RedisServer> {
    const server = new RedisServer(port, []);
    await server.#run([file, "--sentinel"]);
    return server;
  }

  async start(): Promise<void> {
    const options = { port: this.port, dir: this.#folder, bind: "127.0.0.1", appendonly: "yes", save: "" };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    await this.#run([...args, ...this.#extra]);
  }

  async #run(args: readonly string[]): Promise<void> {
    const child = spawn("redis-server", args, { stdio: "ignore" });
    this.#child = child;
    while (!(await answers(this.port))) {
      if (child.exitCode !== null) throw new Error(`redis-server ${args.join(" ")} ended with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async stop(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill(signal);
    await ended;
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Whether Redis speaks, and has read its append-only file. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.setTimeout(500, () => socket.destroy());
    socket.once("data", (reply) => {
      socket.destroy();
      resolve(/^(\+PONG|-NOAUTH)/.test(reply.toString()));
    });
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
  });
}
