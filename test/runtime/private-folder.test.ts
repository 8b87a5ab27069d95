// What lies in the data folder is closed to other accounts at the start, and what Heed adds later is closed from the first.

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { closeFolder, makePrivate } from "../../src/runtime/private-folder.ts";
import { createTestRuntime } from "../fakes/test-runtime.ts";
import { startHeed, until } from "../journeys/heed-process.ts";

const describeWhereRightsMatter = process.platform === "win32" ? describe.skip : describe;

let outside: string;
let folder: string;
beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), "heed-private-"));
  folder = join(outside, "data");
  mkdirSync(folder);
});
afterEach(() => rmSync(outside, { recursive: true, force: true }));

/** Rights by path, of all that others may do something with. */
function open(root = folder): readonly string[] {
  const paths = [root, ...readdirSync(root, { recursive: true, encoding: "utf8" }).map((name) => join(root, name))];
  return paths.flatMap((path) => {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    return !entry || entry.isSymbolicLink() || (entry.mode & 0o077) === 0
      ? []
      : [`${(entry.mode & 0o777).toString(8)} ${path}`];
  });
}

const modeOf = (path: string) => lstatSync(path).mode & 0o777;

/** As an older Heed, or a careless copy, left it. */
function plant(): void {
  for (const name of ["queue", "queue/postgres", "queue/postgres/base", "models", "models/a", "knowledge", "pictures"])
    mkdirSync(join(folder, name));
  const files = ["claim.sqlite", "records.sqlite", "records.sqlite-wal", "records.sqlite-shm", "heed.log", "history"];
  const inside = ["queue/created", "queue/postgres/base/1", "models/a/m.onnx", "knowledge/knowledge.sqlite-wal"];
  for (const name of [...files, ...inside]) writeFileSync(join(folder, name), "");
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  for (const [i, path] of all.entries())
    chmodSync(path, lstatSync(path).isDirectory() ? 0o755 : [0o644, 0o666, 0o777, 0o640, 0o604][i % 5]!);
  chmodSync(folder, 0o755);
}

describeWhereRightsMatter("an old folder", () => {
  test("is closed with all of Heed's in it, and what its owner may do stays", () => {
    plant();
    chmodSync(join(folder, "models/a/m.onnx"), 0o444);
    expect(open()).not.toEqual([]);
    expect(makePrivate(folder)).toBeUndefined();
    expect(open()).toEqual([]);
    expect([modeOf(folder), modeOf(join(folder, "models/a/m.onnx"))]).toEqual([0o700, 0o400]);
    expect(makePrivate(folder)).toBeUndefined();
  });

  test("through a symbolic link to it, while links in it are not followed", () => {
    plant();
    const elsewhere = join(outside, "elsewhere");
    writeFileSync(elsewhere, "");
    chmodSync(elsewhere, 0o644);
    symlinkSync(elsewhere, join(folder, "models/link"));
    symlinkSync(join(outside, "gone"), join(folder, "pictures/broken"));
    symlinkSync(folder, join(folder, "models/circle"));
    symlinkSync(folder, join(outside, "link"));
    expect(makePrivate(join(outside, "link"))).toBeUndefined();
    expect(open()).toEqual([]);
    expect(modeOf(elsewhere)).toBe(0o644);
  });

  test("whose part is a link to a place that is open is told of, and the place left alone", () => {
    const place = join(outside, "disk");
    mkdirSync(place);
    chmodSync(place, 0o755);
    symlinkSync(place, join(folder, "knowledge"));
    symlinkSync("/dev/null", join(folder, "heed.log"));
    expect(makePrivate(folder)?.en).toMatch(/knowledge is a link to where other accounts of this machine may read/);
    expect(modeOf(place)).toBe(0o755);
    chmodSync(place, 0o700);
    expect(makePrivate(folder)).toBeUndefined();
  });

  test("that is somebody's home keeps what is theirs, and they are told", () => {
    plant();
    mkdirSync(join(folder, "Documents"));
    writeFileSync(join(folder, "Documents/letter"), "");
    chmodSync(join(folder, "Documents"), 0o755);
    chmodSync(join(folder, "Documents/letter"), 0o644);
    const runtime = createTestRuntime();
    closeFolder(folder, runtime, "zh-TW");
    expect(runtime.errors()).toMatch(/還有不屬於 Heed 的檔案.*HEED_DATA_DIR/);
    expect(runtime.events[0]?.fields["reason"]).toContain("a folder of its own");
    expect(open().map((line) => line.slice(4))).toEqual([
      folder,
      join(folder, "Documents"),
      join(folder, "Documents/letter"),
    ]);
  });

  test("with what a file system puts there by itself is still Heed's own", () => {
    plant();
    mkdirSync(join(folder, "lost+found"));
    expect(makePrivate(folder)).toBeUndefined();
    expect(modeOf(folder)).toBe(0o700);
  });
});

/** Only root may run a process as another account. */
const testAsRoot = process.getuid?.() === 0 ? test : test.skip;

describeWhereRightsMatter("a folder of another account's", () => {
  const asNobody = (what: string) => {
    const module = JSON.stringify(join(import.meta.dirname, "../../src/runtime/private-folder.ts"));
    const script = `import { makePrivate } from ${module}; console.log(makePrivate(${JSON.stringify(what)})?.en);`;
    const flags = ["--input-type=module", "--no-warnings", "-e", script];
    // What this machine's root may read, the other account may not: so it starts where everybody may.
    return spawnSync(process.execPath, flags, { uid: 65_534, gid: 65_534, encoding: "utf8", cwd: "/" });
  };

  testAsRoot("is named, whether it is open to all or to its owner alone", () => {
    chmodSync(outside, 0o755);
    chmodSync(folder, 0o777);
    expect(asNobody(folder)).toMatchObject({ status: 0, stdout: expect.stringContaining("I may not change that") });
    const own = join(outside, "own");
    mkdirSync(own);
    chownSync(own, 65_534, 65_534);
    expect(asNobody(own)).toMatchObject({ status: 0, stdout: "undefined\n" });
    expect(modeOf(own)).toBe(0o700);
  });
});

describeWhereRightsMatter("npm start, with umask 022", () => {
  test("closes what it finds, and makes nothing that others may read, while it runs and after", async () => {
    mkdirSync(join(folder, "models"));
    writeFileSync(join(folder, "heed.log"), "");
    writeFileSync(join(folder, "models/old.onnx"), "");
    for (const name of ["heed.log", "models/old.onnx"]) chmodSync(join(folder, name), 0o666);
    for (const name of ["", "models"]) chmodSync(join(folder, name), 0o755);
    const mask = process.umask(0o022);
    const heed = startHeed({ HEED_DATA_DIR: folder }, []);
    process.umask(mask);
    heed.child.stdin?.write("/explain-attention The cat sat on the mat.\n");
    await until(() => heed.output().includes("Attention says where it looked"));
    expect(open()).toEqual([]);
    heed.child.stdin?.end();
    const { status, errors } = await heed.ended;
    expect(open()).toEqual([]);
    expect({ status, complaint: /data folder/.exec(errors) }).toEqual({ status: 0, complaint: null });
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(["queue", "records.sqlite", "knowledge"]));
  });
});
