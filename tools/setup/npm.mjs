// Runs npm, ends it together with the start that wanted it, and says in one line what went wrong.

import { spawn, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fail, say } from "./say.mjs";

const ON_WINDOWS = process.platform === "win32";
const QUIET = ["--no-audit", "--no-fund", "--loglevel=error"];
/** Long enough for a slow line, short enough for someone who waits. Each of hundreds of packages would be tried for minutes otherwise. */
const PING = ["ping", ...QUIET, "--fetch-retries=1", "--fetch-retry-mintimeout=500", "--fetch-timeout=8000"];
const UNREACHABLE =
  /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|FETCH_ERROR|EPROTO|UNABLE_TO_\w+|SELF_SIGNED_\w+|CERT_\w+)\b/;
/** What a folder that another npm left half done answers with. */
const IN_THE_WAY = /\b(?:ENOTEMPTY|EEXIST|ENOTDIR|EISDIR)\b/;
/** How much of npm's words is kept, in UTF-16 units. */
const KEPT = 64 * 1024;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
/** How long npm may take to tidy up once it was told to end. */
const GRACE_MS = 5_000;
const WATCH_MS = 500;
const SIGN_OF_LIFE_MS = 15_000;

/** Throws nothing: what fails is said, and ends the process. `lock.note` is told of npm's process. */
export async function installPackages(folder, options, lock) {
  const run = (args) => npm(args, folder, lock);
  const ping = await run(PING);
  const isUnreachable = UNREACHABLE.test(ping.output);
  // All may lie in npm's cache already.
  const install = ["ci", ...options, ...QUIET, isUnreachable ? "--offline" : "--prefer-offline"];
  let result = await run(install);
  if (result.status !== 0 && IN_THE_WAY.test(result.output)) {
    rmSync(new URL("node_modules/", folder), { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    result = await run(install);
  }
  if (result.status === 0) return;
  lock.release();
  explain(isUnreachable ? ping.output : result.output, fileURLToPath(folder), options);
}

function explain(output, folder, options) {
  const [code] = UNREACHABLE.exec(output) ?? [];
  if (code) {
    const [registry = "the npm registry"] = /https?:\/\/[^/\s"']+/.exec(output) ?? [];
    fail(
      `Heed's packages could not be fetched: ${registry} was not reached (${code}). Check the network or npm's proxy and registry settings, then start again.`,
      `無法取得 Heed 的套件：連不到 ${registry}（${code}）。請檢查網路，或 npm 的 proxy 與 registry 設定，再重新啟動。`,
    );
  }
  const command = ["npm", "ci", ...options].join(" ");
  console.error(output.trim());
  fail(
    `"${command}" failed in ${folder}; its message stands above. Deleting node_modules there and starting again may help.`,
    `「${command}」在 ${folder} 執行失敗，原因如上。刪除那裡的 node_modules 再重新啟動，也許就好了。`,
  );
}

/** One run of npm, in a process group of its own, so that all of it can be ended; never outlives this process's own end. */
function npm(args, folder, lock) {
  const cli = process.env.npm_execpath;
  const [command, first] = cli ? [process.env.npm_node_execpath || process.execPath, [cli]] : ["npm", []];
  const child = spawn(command, [...first, ...args], {
    cwd: fileURLToPath(folder),
    stdio: ["ignore", "pipe", "pipe"],
    detached: !ON_WINDOWS,
    shell: !cli && ON_WINDOWS,
  });
  lock.note(child.pid);
  const stopWatching = endWith(child, lock);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk) => (output = (output + chunk).slice(-KEPT)));
  return new Promise((resolve) => {
    const done = (status) => {
      stopWatching();
      resolve({ status, output });
    };
    child.on("error", (error) => {
      output += String(error);
      done(1);
    });
    child.on("close", done);
  });
}

/** Ends npm when this process is told to end or whoever started it is gone; returns what ends the watch. */
function endWith(child, lock) {
  const started = Date.now();
  const parent = process.ppid;
  let isEnding = false;
  const end = (signal) => {
    if (isEnding) return kill(child, "SIGKILL"); // Asked for twice.
    isEnding = true;
    say("Stopped. The next start goes on with the installation.", "已停止。下次啟動會繼續安裝。");
    kill(child, signal);
    setTimeout(() => kill(child, "SIGKILL"), GRACE_MS).unref();
    child.on("close", () => {
      lock.release();
      process.exit(signal === "SIGINT" ? 130 : 143);
    });
  };
  for (const signal of SIGNALS) process.on(signal, end);
  const orphaned = setInterval(() => process.ppid !== parent && !isEnding && end("SIGTERM"), WATCH_MS);
  const alive = setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1000);
    if (!isEnding) say(`Still installing (${seconds} s) ...`, `還在安裝（${seconds} 秒）⋯⋯`);
  }, SIGN_OF_LIFE_MS);
  return () => {
    for (const signal of SIGNALS) process.off(signal, end);
    clearInterval(orphaned);
    clearInterval(alive);
  };
}

function kill(child, signal) {
  if (child.pid === undefined) return;
  if (ON_WINDOWS) return void spawnSync("taskkill", ["/pid", String(child.pid), "/t", "/f"]);
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error; // It has ended by itself.
  }
}
