import { describe, expect, test } from "@jest/globals";
import { screenRows } from "../fakes/screen-rows.ts";
import { createTestRuntime } from "../fakes/test-runtime.ts";
import { showProgress } from "../../workers/show-progress.ts";

const long = {
  en: "Loading the primer 15/30: ".padEnd(100, "x"),
  "zh-TW": `正在載入內建教材 15/30：${"字".repeat(60)}`,
};

describe("showProgress", () => {
  test.each(["en_US.UTF-8", "zh_TW.UTF-8"])("a row that is too long stays one row, and is wiped, in %s", (locale) => {
    const runtime = createTestRuntime({ isTTY: true });
    const progress = showProgress(runtime, locale);
    progress.say(long);
    expect(screenRows(runtime.errors())).toHaveLength(1);
    progress.end();
    expect(screenRows(runtime.errors())).toEqual([""]);
  });

  test("a pipe gets a line now and then, whole", async () => {
    const runtime = createTestRuntime();
    const progress = showProgress(runtime, undefined);
    for (let i = 0; i < 3; i++) progress.say(long);
    await runtime.sleep(1000);
    progress.say(long);
    progress.end();
    expect(runtime.errors()).toBe(`${long.en} …\n`.repeat(2));
  });
});
