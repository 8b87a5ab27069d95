// Lets one set-up at a time change the packages. The others wait, and take over where the one before was killed.

import { existsSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { fail, say } from "./say.mjs";

const FILE = ".heed-setup.lock";
const LOOK_MS = 300;
/** How long a lock is watched before it is believed to be one's own: another may have taken the same dead one away. */
const SETTLE_MS = 50;
/** A holder shows every so often that it lives; that is all there is to go by where it runs on another machine or in a container. */
const BEAT_MS = 2_000;
const SILENT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;

/**
 * Resolves when nobody else installs into `root`. `note(npm)` adds the process that does the work, so that a later start waits for
 * it even where this one was killed.
 */
export async function holdLock(root) {
  const file = fileURLToPath(new URL(FILE, root));
  const content = (npm) => JSON.stringify({ host: hostname(), pid: process.pid, npm });
  const mine = content();
  let told = false;
  for (const started = Date.now(); ; await pause(LOOK_MS)) {
    if (create(file, mine)) {
      await pause(SETTLE_MS);
      if (read(file) === mine) break;
    }
    const other = read(file);
    if (isDead(other, file)) takeAway(file, other);
    else if (!told) {
      told = true;
      say(
        "Another start is installing what Heed needs; waiting for it ...",
        "另一個 Heed 正在安裝需要的套件，等它完成⋯⋯",
      );
    }
    if (Date.now() - started > LONGEST_WAIT_MS) giveUp(file);
  }
  const beat = setInterval(() => touch(file), BEAT_MS);
  beat.unref();
  return {
    note: (npm) => writeFileSync(file, content(npm)),
    release() {
      clearInterval(beat);
      rmSync(file, { force: true });
    },
  };
}

function create(file, content) {
  try {
    writeFileSync(file, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    return fail(
      `Heed's packages are not complete, and its folder cannot be written to (${error.code}). Run "npm ci" as someone who may.`,
      `Heed 的套件不完整，而這個資料夾無法寫入（${error.code}）。請用有權限的帳號執行「npm ci」。`,
    );
  }
}

/** A lock of which nothing can be read was just made, or is gone. */
function isDead(content, file) {
  const holder = parse(content);
  if (!holder || holder.host !== hostname()) return existsSync(file) && Date.now() - statSync(file).mtimeMs > SILENT_MS;
  return !lives(holder.pid) && !lives(holder.npm);
}

function lives(pid) {
  if (!Number.isInteger(pid) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** By a name of its own first, so that of two who saw the same dead lock neither takes a living one away for good. */
function takeAway(file, dead) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // Somebody else was quicker.
  }
  if (read(aside) === dead) rmSync(aside, { force: true });
  else if (existsSync(file)) rmSync(aside, { force: true });
  else renameSync(aside, file);
}

function giveUp(file) {
  fail(
    `Another start has been installing for too long. If none is running, delete ${file} and start again.`,
    `另一個 Heed 安裝太久了。如果它已經沒有在執行，請刪除 ${file} 再重新啟動。`,
  );
}

function touch(file) {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // Whoever deleted it by hand wants to go on without.
  }
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // Gone since.
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Half written.
  }
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
