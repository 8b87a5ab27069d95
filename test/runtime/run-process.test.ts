import { describe, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { join } from "node:path";

const module = (path: string) => JSON.stringify(join(import.meta.dirname, "../../src", path));

/** Runs `main` in a process of its own; `signal` is sent once it has written "ready". */
function run(
  main: string,
  { signal, env = {}, more = "" }: { signal?: NodeJS.Signals; env?: Record<string, string>; more?: string } = {},
) {
  const script = `import { runProcess } from ${module("runtime/process.ts")}; import { BotError } from ${module("core/errors.ts")}; await runProcess(${main}${more});`;
  const child = spawn(process.execPath, ["--input-type=module", "--no-warnings", "-e", script], {
    env: { ...process.env, LC_ALL: "en_US.UTF-8", ...env },
  });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (signal && output === "ready") child.kill(signal);
  });
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise<{ status: number | null; output: string; errors: string }>((resolve) =>
    child.on("close", (status) => resolve({ status, output, errors })),
  );
}

describe("a process", () => {
  test("ends with the status of its main, whatever is still open", async () => {
    expect(await run(`async () => { setInterval(() => {}, 1000); return 3; }`)).toMatchObject({
      status: 3,
      errors: "",
    });
  });

  test("writes everything before it ends", async () => {
    const { output } = await run(`async () => { process.stdout.write("x".repeat(1_000_000)); return 0; }`);
    expect(output).toHaveLength(1_000_000);
  });

  test.each(["SIGTERM", "SIGINT"] as const)("%s asks it to leave", async (signal) => {
    const main = `async (leaving) => { setInterval(() => {}, 1000); process.stdout.write("ready"); await leaving; process.stdout.write(" left"); return 0; }`;
    expect(await run(main, { signal })).toEqual({ status: 0, output: "ready left", errors: "" });
  });

  const foreseen = `async () => { throw new BotError("misconfigured", { en: "Mend it.", "zh-TW": "請改正。" }); }`;
  test("a foreseen error is one sentence, in the language of the machine", async () => {
    expect(await run(foreseen)).toEqual({ status: 1, output: "", errors: "Mend it.\n" });
    expect(await run(foreseen, { env: { LC_ALL: "zh_TW.UTF-8" } })).toMatchObject({ status: 1, errors: "請改正。\n" });
  });

  test("an unforeseen one shows where it came from", async () => {
    const { status, errors } = await run(`async () => { throw new TypeError("a defect"); }`);
    expect(status).toBe(1);
    expect(errors).toMatch(/TypeError: a defect\n\s+at /);
  });

  describe("what nobody caught", () => {
    /** Waits to be asked to leave, and says that it left. */
    const working = (more: string) =>
      `async (leaving) => { setInterval(() => {}, 1000); ${more}; await leaving; process.stdout.write("left"); return 0; }`;
    const own = "new TypeError('of our own')";
    /** A TypeError none of whose frames is Heed's. */
    const librarys =
      "Object.assign(new TypeError('of a library'), { stack: 'TypeError: of a library\\n    at f (/app/node_modules/some/index.js:1:1)' })";

    test.each([
      ["an exception", `setTimeout(() => { throw ${own}; })`],
      ["an event of an error", `setTimeout(() => process.emit("error", ${own}))`],
      ["a promise of our own", `Promise.reject(${own})`],
      ["a rejection that is no error", `Promise.reject("a word")`],
      ["an exception of a library", `setTimeout(() => { throw ${librarys}; })`],
    ])("%s: is logged, and the process drains and ends with 1", async (_, breaks) => {
      const { status, output, errors } = await run(working(breaks));
      expect({ status, output }).toEqual({ status: 1, output: "left" });
      const [line = "", sentence] = errors.trim().split("\n");
      expect(JSON.parse(line)).toMatchObject({ level: 50, msg: expect.stringMatching(/caught|catch/) });
      expect(sentence).toContain("questions that were taken are kept");
    });

    test.each([
      ["a library's promise", `Promise.reject(${librarys})`],
      ["a lost connection", `Promise.reject(Object.assign(${own}, { code: "ECONNRESET" }))`],
      ["a Redis that ended", `Promise.reject(new Error("Connection is closed."))`],
      ["a foreseen error", `Promise.reject(new BotError("unavailable", { en: "Away.", "zh-TW": "不在。" }))`],
    ])("%s: is logged, and the process goes on", async (_, breaks) => {
      const main = working(`${breaks}; setTimeout(() => process.kill(process.pid, "SIGTERM"), 50)`);
      const { status, output, errors } = await run(main);
      expect({ status, output }).toEqual({ status: 0, output: "left" });
      expect(JSON.parse(errors)).toMatchObject({ level: 40, error: { message: expect.any(String) } });
    });

    test("with its cause, in the log that the process named", async () => {
      const log = `{ error: (event, { error }) => process.stdout.write(event + ": " + error.cause.message + "; ") }`;
      const failure = `new Error("outer", { cause: new Error("inner") })`;
      const main = `async (leaving, logTo) => { logTo(${log}); setTimeout(() => { throw ${failure}; }); await leaving; return 0; }`;
      const { status, output, errors } = await run(main);
      expect({ status, output }).toEqual({ status: 1, output: "a failure was not caught: inner; " });
      expect(errors).not.toContain("{");
    });

    test("a process that cannot drain ends all the same", async () => {
      const main = `async () => { setInterval(() => {}, 1000); setTimeout(() => { throw ${own}; }); return new Promise(() => {}); }`;
      expect(await run(main, { more: ", 100" })).toMatchObject({ status: 1, errors: expect.stringContaining("kept") });
    });

    test("what fails again and again while it leaves does not fill the log", async () => {
      const main = working(
        `setInterval(() => { throw ${own}; }, 0); await new Promise((resolve) => setTimeout(resolve, 1500))`,
      );
      const { status, errors } = await run(main);
      expect(status).toBe(1);
      expect(errors.trim().split("\n").length).toBeLessThanOrEqual(101);
    });

    test("with a log that throws, it still ends with 1", async () => {
      const log = `{ error() { throw new Error("no space left") } }`;
      const main = `async (leaving, logTo) => { logTo(${log}); setTimeout(() => { throw ${own}; }); await leaving; return 0; }`;
      expect(await run(main)).toMatchObject({ status: 1, errors: expect.stringContaining("kept") });
    });
  });
});
