// `npm start` as a process of its own, as a newcomer runs it: its words, its exit status, its sudden death.

import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

export { until } from "../fakes/wait.ts";

const ROOT = join(import.meta.dirname, "../..");

export interface Ended {
  status: number | null;
  output: string;
  errors: string;
}

export interface HeedProcess {
  child: ChildProcess;
  ended: Promise<Ended>;
  output(): string;
  errors(): string;
}

/** Starts Heed with nothing configured but what is given. `lines` undefined leaves standard input open. */
export function startHeed(env: Record<string, string>, args: readonly string[], lines?: string): HeedProcess {
  return startProcess("workers/start.ts", env, args, lines);
}

/** The same for the listener's or the worker's file. */
export function startProcess(
  entry: string,
  env: Record<string, string>,
  args: readonly string[],
  lines?: string,
): HeedProcess {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, ["--liftoff-only", "--disable-warning=ExperimentalWarning", entry, ...args], {
    cwd: ROOT,
    env: { PATH, HOME, LANG: "en_US.UTF-8", ...env },
    stdio: "pipe",
  });
  const [output, errors] = [gather(child.stdout), gather(child.stderr)];
  if (lines !== undefined) child.stdin.end(lines);
  const ended = new Promise<Ended>((resolve) =>
    child.on("close", (status) => resolve({ status, output: output(), errors: errors() })),
  );
  return { child, ended, output, errors };
}

export function runHeed(env: Record<string, string>, args: readonly string[], lines = ""): Promise<Ended> {
  return startHeed(env, args, lines).ended;
}

function gather(stream: NodeJS.ReadableStream): () => string {
  const chunks: string[] = [];
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => chunks.push(chunk));
  return () => chunks.join("");
}
