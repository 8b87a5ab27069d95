// npm leaves the binaries of other platforms out of a lock made where they cannot be had, and `npm ci` then rejects the lock
// (npm/cli#9846). Run this after every change of package-lock.json: it adds an entry for each; npm fills in the integrity.

import { readFileSync, writeFileSync } from "node:fs";

const OS = /(?:^|[-/])(darwin|win32|linux|android|freebsd|openharmony|aix|netbsd|openbsd|sunos)(?=-)/;
const CPU = /-(arm64|x64|arm|ia32|ppc64|riscv64|s390x|loong64|mips64el)(?=-|$)/;

const file = new URL(process.argv[2] ?? "../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8"));
let added = 0;
for (const [at, parent] of Object.entries(lock.packages))
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (placesFor(at, name).some((place) => lock.packages[place])) continue;
    const entry = entryFor(name, version, parent);
    if (!entry) continue;
    lock.packages[`node_modules/${name}`] = entry;
    added++;
  }
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} entries added`);

/** Every folder in which Node would look for the package, from the parent's own up to the root. */
function placesFor(at, name) {
  const places = [];
  for (let folder = at; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    places.push(`${folder ? `${folder}/` : ""}node_modules/${name}`);
    if (!folder) return places;
  }
}

function entryFor(name, version, parent) {
  const os = OS.exec(name)?.[1];
  const cpu = CPU.exec(name)?.[1];
  if (!os || !cpu || !/^\d+\.\d+\.\d+/.test(version)) return undefined;
  const libc = os === "linux" && (/musl/.test(name) ? "musl" : /gnu/.test(name) ? "glibc" : undefined);
  return {
    version,
    cpu: [cpu],
    ...(parent.dev && { dev: true }),
    ...(libc && { libc: [libc] }),
    optional: true,
    os: [os],
  };
}
