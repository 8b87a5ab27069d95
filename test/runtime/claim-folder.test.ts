import { afterAll, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimFolder } from "../../src/runtime/private-folder.ts";

const root = mkdtempSync(join(tmpdir(), "heed-claim-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("a folder is made, claimed once, and free again when it is given back", () => {
  const folder = join(root, "new", "folder");
  const release = claimFolder(folder);
  expect(() => claimFolder(folder)).toThrow(/Another Heed is already using .*folder/);
  release();
  claimFolder(folder)();
});

test("a process holds on though it keeps nothing of its claim, and lets go when it is killed", async () => {
  const folder = join(root, "killed");
  const module = JSON.stringify(join(import.meta.dirname, "../../src/runtime/private-folder.ts"));
  const script = `import { claimFolder } from ${module}; claimFolder(${JSON.stringify(folder)}); setTimeout(() => { gc(); setTimeout(() => console.log("held"), 50); }, 50); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ["--expose-gc", "--input-type=module", "--no-warnings", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(holder, "exit");
  try {
    await once(holder.stdout, "data");
    expect(() => claimFolder(folder)).toThrow(/Another Heed/);
  } finally {
    holder.kill("SIGKILL");
  }
  await ended;
  claimFolder(folder)();
});

test("a place that is no folder is named with the fix", () => {
  const file = join(root, "file");
  writeFileSync(file, "");
  expect(() => claimFolder(file)).toThrow(/cannot write to the data folder .*file .*set HEED_DATA_DIR/);
});
