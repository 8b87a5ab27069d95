// The set-up in a folder of its own, over an npm that the tests can slow down, cut off from its registry and interrupt.

import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { until } from "../fakes/wait.ts";

const ROOT = join(import.meta.dirname, "../..");
const LOCK = {
  packages: {
    "": {},
    "node_modules/a": { version: "1.0.0" },
    "node_modules/b": { version: "2.0.0" },
    "node_modules/d": { version: "1.0.0", dev: true },
  },
};

const fakes = {
  ...process.env,
  LC_ALL: "C",
  npm_execpath: join(ROOT, "test/fakes/npm.mjs"),
  npm_node_execpath: process.execPath,
};

let folder: string;
let children: ChildProcess[] = [];
const at = (path: string) => join(folder, path);
const calls = () => (existsSync(at("npm.log")) ? readFileSync(at("npm.log"), "utf8").trim().split("\n") : []);
const writeLock = (lock: object) => writeFileSync(at("package-lock.json"), JSON.stringify(lock));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "heed-setup-"));
  cpSync(join(ROOT, "tools/setup"), at("tools/setup"), { recursive: true });
  cpSync(join(ROOT, "tools/setup.mjs"), at("tools/setup.mjs"));
  writeLock(LOCK);
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  children = [];
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** One start; `how` is what npm does in it. */
function start(
  how = "works",
  args: readonly string[] = ["--omit=dev"],
  env: NodeJS.ProcessEnv = {},
  node = process.execPath,
) {
  const child = spawn(node, [at("tools/setup.mjs"), ...args], {
    env: {
      ...fakes,
      FAKE_NPM: how,
      FAKE_NPM_LOG: at("npm.log"),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (words: string) => (said += words));
  const ended = new Promise<{ status: number | null; said: string }>((resolve) =>
    child.on("close", (status) => resolve({ status, said })),
  );
  return { child, ended, said: () => said };
}

const inOneLine = (words: RegExp) => expect.stringMatching(new RegExp(`^[^\\n]*${words.source}[^\\n]*\\n$`));

describe("the set-up", () => {
  test("installs once, and again only where the lock or the set of packages asks for more", async () => {
    expect(await start().ended).toEqual({ status: 0, said: inOneLine(/Installing/) });
    expect(await start().ended).toEqual({ status: 0, said: "" });
    expect(calls()).toEqual(["begins ci --omit=dev", "ends"]);
    await start("works", []).ended;
    expect(existsSync(at("node_modules/d"))).toBe(true);
    await start().ended;
    await start("works", []).ended;
    expect(calls()).toHaveLength(4);
    writeLock({ ...LOCK, packages: { ...LOCK.packages, "node_modules/b": { version: "2.0.1" } } });
    await start().ended;
    expect(calls()).toHaveLength(6);
    expect(await start("works", ["--omit=dev"], { LC_ALL: "zh_TW.UTF-8" }).ended).toEqual({ status: 0, said: "" });
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends npm with it, and the next start finishes the installation", async (signal, status) => {
    const { child, ended } = start("slow");
    await until(() => calls().includes("halfway"));
    child.kill(signal);
    expect(await ended).toMatchObject({ status, said: expect.stringMatching(/Stopped\. The next start goes on/) });
    expect(calls().at(-1)).toBe(`ended by ${signal}`);
    expect(await start().ended).toMatchObject({ status: 0 });
    expect(calls().at(-1)).toBe("ends");
    expect(await start().ended).toEqual({ status: 0, said: "" });
  });

  test("npm ends with whoever started the set-up", async () => {
    const env = { ...fakes, FAKE_NPM: "slow", FAKE_NPM_LOG: at("npm.log") };
    const script = '"$0" "$1" & wait';
    const shell = spawn("sh", ["-c", script, process.execPath, at("tools/setup.mjs")], { env, stdio: "ignore" });
    await until(() => calls().includes("halfway"));
    shell.kill("SIGKILL");
    await until(() => calls().at(-1) === "ended by SIGTERM");
    await until(() => !existsSync(at(".heed-setup.lock")));
    expect((await start().ended).status).toBe(0);
  });

  test("an interrupted installation is not taken for a whole one, however whole its folders look", async () => {
    await start().ended;
    const { child, ended } = start("slow", []);
    await until(() => calls().includes("halfway"));
    child.kill("SIGINT");
    await ended;
    // All folders are there, and so is npm's record of an earlier time: what is in them nobody knows.
    for (const name of ["a", "b", "d"]) {
      mkdirSync(at(`node_modules/${name}`), { recursive: true });
      writeFileSync(at(`node_modules/${name}/package.json`), "{}");
    }
    writeFileSync(at("node_modules/.package-lock.json"), JSON.stringify(LOCK));
    utimesSync(at("node_modules/.package-lock.json"), 1, 1);
    await start().ended;
    expect(calls().at(-1)).toBe("ends");
  });

  test("what npm laid down by hand is taken as it is, extra packages and all", async () => {
    const byHand = spawn(process.execPath, [join(ROOT, "test/fakes/npm.mjs"), "ci"], {
      cwd: folder,
      env: { ...process.env, FAKE_NPM_LOG: at("npm.log") },
    });
    await new Promise((resolve) => byHand.on("close", resolve));
    mkdirSync(at("node_modules/extra"));
    expect(await start("works", []).ended).toEqual({ status: 0, said: "" });
    expect(await start().ended).toEqual({ status: 0, said: "" });
    expect(calls()).toEqual(["begins ci", "ends"]);
    expect(existsSync(at("node_modules/extra"))).toBe(true);
  });

  test("a package that is gone is noticed whatever the records say", async () => {
    await start().ended;
    rmSync(at("node_modules/b"), { recursive: true });
    expect((await start().ended).status).toBe(0);
    expect(existsSync(at("node_modules/b/package.json"))).toBe(true);
  });

  test("the Node that Heed brought stays at hand when its packages are laid down anew", async () => {
    const home = at(`tools/runtime/node_modules/node-${process.platform}-${process.arch}/bin`);
    mkdirSync(home, { recursive: true });
    cpSync(process.execPath, join(home, "node"));
    for (const name of ["package-lock.json", "node_modules/.package-lock.json"])
      writeFileSync(at(`tools/runtime/${name}`), JSON.stringify({ packages: { "": {} } }));
    const bySelf = () => start("works", ["--omit=dev"], {}, join(home, "node")).ended;
    expect((await bySelf()).status).toBe(0);
    expect(existsSync(at("node_modules/.bin/node"))).toBe(true);
    rmSync(at("node_modules/b"), { recursive: true });
    expect((await bySelf()).status).toBe(0);
    expect([existsSync(at("node_modules/b")), existsSync(at("node_modules/.bin/node"))]).toEqual([true, true]);
    expect(await bySelf()).toEqual({ status: 0, said: "" });
  });

  test("of two starts at once the second waits, says so, and installs nothing", async () => {
    const first = start("held");
    await until(() => calls().length > 0);
    const second = start("held");
    await until(() => second.said() !== "");
    writeFileSync(at("go-on"), "");
    expect(await first.ended).toMatchObject({ status: 0 });
    expect(await second.ended).toEqual({ status: 0, said: inOneLine(/Another start is installing.*waiting/) });
    expect(calls()).toEqual(["begins ci --omit=dev", "ends"]);
  });

  test("a start whose forerunner was killed outright waits for the npm it left, and takes over", async () => {
    const { child, ended } = start("held");
    await until(() => calls().length > 0);
    child.kill("SIGKILL");
    writeFileSync(at("go-on"), "");
    await ended;
    expect(await start().ended).toMatchObject({ status: 0 });
    expect(calls().slice(0, 2)).toEqual(["begins ci --omit=dev", "ends"]);
    writeFileSync(at(".heed-setup.lock"), JSON.stringify({ host: "elsewhere", pid: 1 }));
    utimesSync(at(".heed-setup.lock"), 1, 1);
    rmSync(at("node_modules/b"), { recursive: true });
    expect(await start().ended).toMatchObject({ status: 0 });
    expect(existsSync(at(".heed-setup.lock"))).toBe(false);
  });

  test("a registry out of reach is one plain line, in the language of the terminal", async () => {
    const offline = /registry\.example was not reached \(ENOTFOUND\)\. Check the network/;
    expect(await start("offline").ended).toEqual({
      status: 1,
      said: expect.stringMatching(new RegExp(`^Installing[^\\n]*\\n[^\\n]*${offline.source}[^\\n]*\\n$`)),
    });
    const chinese = await start("offline", [], { LC_ALL: "zh_TW.UTF-8" }).ended;
    expect(chinese.said.trim().split("\n")).toEqual([
      expect.stringMatching(/正在安裝/),
      expect.stringMatching(/連不到.*請檢查網路/),
    ]);
    expect((await start().ended).status).toBe(0);
  });

  test("without a registry, what npm keeps in its cache will do", async () => {
    const { status } = await start("offline", ["--omit=dev"], { FAKE_NPM_CACHE: "full" }).ended;
    expect(status).toBe(0);
    expect(existsSync(at("node_modules/a/package.json"))).toBe(true);
  });

  test("any other failure is npm's own words and what may help", async () => {
    const { status, said } = await start("broken").ended;
    expect(status).toBe(1);
    expect(said).toMatch(/the disk is full\n"npm ci --omit=dev" failed in .*Deleting node_modules/);
  });

  test("what a half-done installation left in the way is cleared away", async () => {
    mkdirSync(at("node_modules/in-the-way"), { recursive: true });
    expect(await start().ended).toEqual({ status: 0, said: inOneLine(/Installing/) });
    expect(calls()).toEqual(["begins ci --omit=dev", "begins ci --omit=dev", "ends"]);
  });
});
