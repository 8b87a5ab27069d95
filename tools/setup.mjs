// Brings node_modules in line with package-lock.json before a script runs, and does nothing when it already is.
// Plain JavaScript for any Node from 16 on: it runs on whatever Node the machine has. Everything it says goes to standard error.

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";

const OLDEST_NODE = [22, 18];
const root = new URL("../", import.meta.url);
const omitsDev = process.argv.includes("--omit=dev");

installPackages();
if (!isNewEnough(process.versions.node)) provideNode();

function installPackages() {
  if (isInLine(root)) return;
  console.error("Installing what Heed needs (once, about half a minute) ...");
  npm(["ci", ...(omitsDev ? ["--omit=dev"] : [])], root);
}

function isInLine(folder) {
  const wanted = packagesOf("package-lock.json", folder);
  const present = packagesOf("node_modules/.package-lock.json", folder); // npm's own record of what it laid down
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(
    ([at, wants]) =>
      at === "" ||
      present[at]?.version === wants.version ||
      (!present[at] && (wants.optional || (omitsDev && wants.dev))),
  );
}

function packagesOf(file, folder) {
  try {
    return JSON.parse(readFileSync(new URL(file, folder), "utf8")).packages;
  } catch {
    return undefined;
  }
}

function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}

/** npm puts node_modules/.bin first on the path of its scripts, so a Node that lies there runs them. */
function provideNode() {
  const runtime = new URL("tools/runtime/", root);
  const link = new URL(process.platform === "win32" ? "node_modules/.bin/node.exe" : "node_modules/.bin/node", root);
  if (existsSync(link)) return;
  if (!isInLine(runtime) || !findNode(runtime)) {
    console.error(`This machine has Node ${process.versions.node}; Heed brings its own, from the npm registry ...`);
    npm(["ci"], runtime);
  }
  const binary = findNode(runtime);
  if (!binary) fail(`Heed needs Node ${OLDEST_NODE.join(".")} or newer. Please install it from https://nodejs.org.`);
  mkdirSync(new URL("node_modules/.bin/", root), { recursive: true });
  rmSync(link, { force: true });
  if (process.platform === "win32") copyFileSync(binary, link);
  else symlinkSync(fileURLToPath(binary), link);
}

function findNode(runtime) {
  const file = process.platform === "win32" ? "bin/node.exe" : "bin/node";
  return ["node", "node-bin"]
    .map((name) => new URL(`node_modules/${name}-${process.platform}-${process.arch}/${file}`, runtime))
    .map((url) => (process.platform === "win32" ? new URL(url.href.replace("win32", "win")) : url))
    .find((url) => existsSync(url));
}

function npm(args, cwd) {
  const cli = process.env.npm_execpath;
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  const [command, first] = cli ? [process.env.npm_node_execpath || process.execPath, [cli]] : ["npm", []];
  const { status } = spawnSync(command, [...first, ...args, ...quiet], {
    cwd: fileURLToPath(cwd),
    stdio: ["ignore", 2, 2],
    shell: !cli && process.platform === "win32",
  });
  if (status !== 0) fail(`"npm ${args.join(" ")}" failed in ${fileURLToPath(cwd)}; its message stands above.`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
