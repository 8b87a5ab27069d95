import { describe, expect, test } from "@jest/globals";
import { screenRows } from "../fakes/screen-rows.ts";
import { createTestWorld } from "../fakes/test-world.ts";
import { showProgress } from "../../workers/show-progress.ts";

const long = {
  en: "Loading the primer 15/30: ".padEnd(100, "x"),
  "zh-TW": `正在載入內建教材 15/30：${"字".repeat(60)}`,
};

describe("showProgress", () => {
  test.each(["en_US.UTF-8", "zh_TW.UTF-8"])("a row that is too long stays one row, and is wiped, in %s", (locale) => {
    const world = createTestWorld({ isTTY: true });
    const progress = showProgress(world, locale);
    progress.say(long);
    expect(screenRows(world.errors())).toHaveLength(1);
    progress.end();
    expect(screenRows(world.errors())).toEqual([""]);
  });

  test("a pipe gets a line now and then, whole", async () => {
    const world = createTestWorld();
    const progress = showProgress(world, undefined);
    for (let i = 0; i < 3; i++) progress.say(long);
    await world.sleep(1000);
    progress.say(long);
    progress.end();
    expect(world.errors()).toBe(`${long.en} …\n`.repeat(2));
  });
});
