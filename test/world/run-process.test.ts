import { describe, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { join } from "node:path";

const module = (path: string) => JSON.stringify(join(import.meta.dirname, "../../src", path));

/** Runs `main` in a process of its own; `signal` is sent once it has written "ready". */
function run(main: string, { signal, env = {} }: { signal?: NodeJS.Signals; env?: Record<string, string> } = {}) {
  const script = `import { runProcess } from ${module("world/run-process.ts")}; import { BotError } from ${module("core/errors.ts")}; await runProcess(${main});`;
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
});
