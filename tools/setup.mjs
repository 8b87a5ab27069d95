// Brings node_modules in line with package-lock.json before a script runs, and does nothing when it already is.
// Plain JavaScript for any Node from 16 on: it runs on whatever Node the machine has. Everything it says goes to standard error.

import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isInLine, noteBegun, noteInstalled } from "./setup/in-line.mjs";
import { holdLock } from "./setup/lock.mjs";
import { installPackages } from "./setup/npm.mjs";
import { fail, say } from "./setup/say.mjs";

const OLDEST_NODE = [22, 18];
const root = new URL("../", import.meta.url);
const runtime = new URL("tools/runtime/", root);
const omitsDev = process.argv.includes("--omit=dev");
// Where the Node that Heed brought runs this already, it is by the link to it, which npm takes away with all the rest.
const needsNode = isOwnNode() || !isNewEnough(process.versions.node);

if (!isDone()) {
  // Two starts at once would trample each other's folders, so the second waits and mostly finds everything done.
  const lock = await holdLock(root);
  if (!isInLine(root, omitsDev)) {
    say(
      "Installing what Heed needs (once, about half a minute) ...",
      "正在安裝 Heed 需要的套件（只有這一次，約半分鐘）⋯⋯",
    );
    await install(root, omitsDev ? ["--omit=dev"] : [], lock);
  }
  if (needsNode) await provideNode(lock);
  lock.release();
}

function isDone() {
  return isInLine(root, omitsDev) && (!needsNode || (existsSync(linkToNode()) && isInLine(runtime, false)));
}

async function install(folder, options, lock) {
  noteBegun(folder);
  await installPackages(folder, options, lock);
  noteInstalled(folder, options.includes("--omit=dev"));
}

/** npm puts node_modules/.bin first on the path of its scripts, so a Node that lies there runs them. */
async function provideNode(lock) {
  if (!isInLine(runtime, false) || !findNode()) {
    const version = process.versions.node;
    say(
      `This machine has Node ${version}; Heed brings its own, from the npm registry ...`,
      `這台機器的 Node 是 ${version}，Heed 會從 npm registry 取得自己要用的版本⋯⋯`,
    );
    await install(runtime, [], lock);
  }
  const binary = findNode();
  const oldest = OLDEST_NODE.join(".");
  if (!binary)
    fail(
      `Heed needs Node ${oldest} or newer. Please install it from https://nodejs.org.`,
      `Heed 需要 Node ${oldest} 或更新的版本，請從 https://nodejs.org 安裝。`,
    );
  const link = linkToNode();
  mkdirSync(new URL("node_modules/.bin/", root), { recursive: true });
  rmSync(link, { force: true });
  if (process.platform === "win32") copyFileSync(binary, link);
  else symlinkSync(fileURLToPath(binary), link);
}

function linkToNode() {
  return new URL(process.platform === "win32" ? "node_modules/.bin/node.exe" : "node_modules/.bin/node", root);
}

function findNode() {
  const file = process.platform === "win32" ? "bin/node.exe" : "bin/node";
  return ["node", "node-bin"]
    .map((name) => new URL(`node_modules/${name}-${process.platform}-${process.arch}/${file}`, runtime))
    .map((url) => (process.platform === "win32" ? new URL(url.href.replace("win32", "win")) : url))
    .find((url) => existsSync(url));
}

function isOwnNode() {
  return process.execPath.startsWith(fileURLToPath(runtime)) || process.execPath === fileURLToPath(linkToNode());
}

function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}
