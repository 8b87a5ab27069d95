import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listFiles, readFromDisk } from "../../src/commands/disk.ts";

const root = mkdtempSync(join(tmpdir(), "heed-disk-"));
const signal = new AbortController().signal;
const read = (name: string) => readFromDisk({ path: join(root, name), name });

beforeAll(() => {
  chmodSync(root, 0o755);
  for (const folder of ["sub/deep", "locked", "empty/.git", "node_modules"])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "b.md"), "b");
  writeFileSync(join(root, "sub/deep/a.md"), "a");
  writeFileSync(join(root, "locked/secret.md"), "s");
  writeFileSync(join(root, ".hidden"), "h");
  writeFileSync(join(root, "node_modules/x.md"), "x");
  writeFileSync(join(root, "big.txt"), "");
  truncateSync(join(root, "big.txt"), 60 * 1024 * 1024);
  symlinkSync(root, join(root, "sub/loop"));
  symlinkSync(join(root, "nowhere"), join(root, "dangling.md"));
  execFileSync("mkfifo", [join(root, "pipe.txt")]);
  chmodSync(join(root, "locked"), 0o000);
});
afterAll(() => {
  chmodSync(join(root, "locked"), 0o755);
  rmSync(root, { recursive: true, force: true });
});

/** Permissions hold for everybody but root, so a test that runs as root steps down for a moment. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe("the files of a folder", () => {
  test("are all named, by their way from the folder, and a loop of links ends", async () => {
    const files = await asNobody(() => listFiles(root, signal));
    expect(files.map(({ name }) => name)).toEqual([
      "b.md",
      "big.txt",
      "dangling.md",
      "locked",
      "pipe.txt",
      "sub/deep/a.md",
    ]);
  });

  test("a folder in it that may not be entered is refused alone", async () => {
    const refused = await asNobody(async () => {
      const files = await listFiles(root, signal);
      return readFromDisk(files.find(({ name }) => name === "locked")!).catch((error: unknown) => error);
    });
    expect(refused).toMatchObject({ code: "forbidden", message: expect.stringMatching(/may not read .*locked/) });
  });

  test("an empty one, a missing one and a stopped walk are told apart", async () => {
    await expect(listFiles(join(root, "empty"), signal)).rejects.toMatchObject({ code: "not-found" });
    await expect(listFiles(join(root, "none"), signal)).rejects.toThrow(/nothing to read at .*none/);
    await expect(listFiles(root, AbortSignal.abort("stopped"))).rejects.toBe("stopped");
  });
});

describe("one file", () => {
  test("is named alone, and read whole with its path as the origin", async () => {
    const [file] = await listFiles(join(root, "b.md"), signal);
    expect(file).toEqual({ path: join(root, "b.md"), name: "b.md" });
    const { name, origin, bytes } = await readFromDisk(file!);
    expect([name, origin, Buffer.from(bytes).toString()]).toEqual(["b.md", join(root, "b.md"), "b"]);
  });

  test.each([
    ["dangling.md", "not-found", /nothing to read/],
    ["pipe.txt", "unreadable", /not an ordinary file/],
    ["big.txt", "too-large", /60 MB; at most 25 MB/],
  ])("%s is refused as %s", async (name, code, message) => {
    await expect(read(name)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test("that may not be read is refused as such", async () => {
    const refused = await asNobody(() => read("locked/secret.md").catch((error: unknown) => error));
    expect(refused).toMatchObject({ code: "forbidden" });
  });
});
