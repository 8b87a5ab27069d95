// Whether a folder holds the packages that its package-lock.json names: a few milliseconds, since every start asks.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";

/** Written after npm ended well, and inside node_modules, so that whatever takes the packages away takes it too. */
const MARK = "node_modules/.heed-installed.json";
/** npm's own record of what it laid down. It is there after an installation by hand too, and may outlive its packages. */
const RECORD = "node_modules/.package-lock.json";

/** There from before npm begins until it has ended well. Outside of node_modules, which npm empties first. */
const BEGUN = ".heed-setup.begun";

/** `folder` is a file URL that ends in "/"; `omitsDev` whether packages for development may be missing. */
export function isInLine(folder, omitsDev) {
  const lock = read("package-lock.json", folder);
  const wanted = lock && parse(lock).packages;
  if (!wanted || !areThere(wanted, folder, omitsDev)) return false;
  const mark = parse(read(MARK, folder));
  if (mark.lock === digestOf(lock) && (omitsDev || !mark.omitsDev)) return true;
  return isAfterUnfinished(folder) && agree(wanted, parse(read(RECORD, folder)).packages, omitsDev);
}

export function noteBegun(folder) {
  rmSync(new URL(MARK, folder), { force: true });
  writeFileSync(new URL(BEGUN, folder), "");
}

export function noteInstalled(folder, omitsDev) {
  const lock = digestOf(read("package-lock.json", folder));
  writeFileSync(new URL(MARK, folder), `${JSON.stringify({ lock, omitsDev })}\n`);
  rmSync(new URL(BEGUN, folder), { force: true });
}

/** A package may be in every record and still be gone: whoever tidies up, or a second npm, takes folders away. */
function areThere(wanted, folder, omitsDev) {
  return Object.entries(wanted).every(
    ([at, wants]) => at === "" || isSpared(wants, omitsDev) || existsSync(new URL(`${at}/package.json`, folder)),
  );
}

function isSpared({ optional, devOptional, dev }, omitsDev) {
  return optional || devOptional || (omitsDev && dev);
}

/** By hand: npm's record names each package in the version that is wanted. */
function agree(wanted, present, omitsDev) {
  if (!present) return false;
  return Object.entries(wanted).every(
    ([at, wants]) => at === "" || present[at]?.version === wants.version || (!present[at] && isSpared(wants, omitsDev)),
  );
}

/** Of an installation that Heed began and that did not end well, npm's record is only believed where it was written since. */
function isAfterUnfinished(folder) {
  const begun = new URL(BEGUN, folder);
  const record = new URL(RECORD, folder);
  return !existsSync(begun) || (existsSync(record) && statSync(record).mtimeMs > statSync(begun).mtimeMs);
}

function digestOf(text) {
  return createHash("sha256").update(text).digest("hex");
}

function read(file, folder) {
  const url = new URL(file, folder);
  return existsSync(url) ? readFileSync(url, "utf8") : "";
}

function parse(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {}; // Not there, or cut off: as good as none.
  }
}
