// The meaning of a typed line, as a pure function: the table of every platform, and what holds for any line at all.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readTyped, readWordsOf } from "../../../adapters/kit/read-typed.ts";
import { commands } from "../../../src/commands/index.ts";
import { meaningOf, TYPED } from "../../contracts/typed.ts";

const read = (line: string, hasFiles = false) => {
  const typed = readTyped(line, commands, { hasFiles });
  return "command" in typed ? meaningOf({ command: typed.command, input: { text: typed.text } }) : typed.kind;
};

test.each(TYPED)("%s", (line, means) => {
  expect(read(line)).toBe(means);
});

test.each([
  ["stop", true],
  ["Stop!", true],
  ["/stop", true],
  ["please stop", true],
  ["stop it.", true],
  ["停", true],
  ["停止。", true],
  ["取消！", true],
  ["stop words are what?", false],
  ["stop-loss orders", false],
  ["停止條件是什麼？", false],
  ["why did it stop", false],
  ['"stop"', false],
])("%s is a stop: %s", (line, isStop) => {
  expect(readTyped(line, commands).kind === "stop").toBe(isStop);
});

test.each([
  ["follow off", false],
  ["follow-ups off", false],
  ["Follow ups on!", true],
  ["追問 關閉", false],
  ["追問開", true],
  ["follow on from here", undefined],
])("%s switches follow-ups: %s", (line, isOn) => {
  const typed = readTyped(line, commands);
  expect(typed.kind === "follow-ups" ? typed.isOn : undefined).toBe(isOn);
});

describe("above files", () => {
  test.each([
    ["help", 'ask {"question":"help"}'],
    ["說明", 'ask {"question":"說明"}'],
    ["比較", 'ask {"question":"比較"}'],
    ["/help", "help {}"],
    ["kb add", 'kb {"action":"add"}'],
    ["ask", "ask: usage"],
  ])("%s", (line, means) => {
    expect(read(line, true)).toBe(means);
  });
});

test("words behind a name that the platform read keep all but the mark of privacy", () => {
  expect(readWordsOf("ask", "--private what is LoRA", commands)).toMatchObject({
    text: "what is LoRA",
    isPrivate: true,
  });
  expect(readWordsOf("kb", "--help", commands)).toMatchObject({ command: "help", text: "kb" });
  expect(readWordsOf("compare", "stop", commands)).toMatchObject({ command: "compare", text: "stop" });
});

describe("any line at all", () => {
  const words = fc.array(
    fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 12 }),
      fc.constantFrom(
        "/",
        "／",
        "--",
        "—",
        "`",
        '"',
        "\n",
        "　",
        "--private",
        "kb",
        "list",
        "ask",
        "說明",
        ":",
        "stop",
      ),
    ),
    { maxLength: 8 },
  );

  test("is something, and a question loses no word but the mark of privacy", () => {
    fc.assert(
      fc.property(words, fc.constantFrom("", " "), (parts, gap) => {
        const line = parts.join(gap);
        const typed = readTyped(line, commands);
        if (typed.kind !== "question" || typed.isPrivate || /^[/／]heed/iu.test(line.trim())) return;
        const visible = (text: string) => text.replace(/[\s\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu, "");
        expect(visible(typed.text)).toBe(visible(line));
      }),
    );
  });

  test.each([
    ["blanks", (n: number) => `a${" ".repeat(n)}b`],
    ["invisible marks", (n: number) => "\u200B".repeat(n) + "a"],
    ["options", (n: number) => `compare x ${"--models ".repeat(n / 9)}`],
    ["unknown options", (n: number) => "--a ".repeat(n / 4)],
    ["open quotes", (n: number) => '--x "'.repeat(n / 5)],
    ["colons", (n: number) => `help ${":-".repeat(n / 2)}x`],
    ["half codes of emoji", (n: number) => `help ${":-:".repeat(n / 3)}x`],
    ["half codes of Discord's emoji", (n: number) => `help ${"<:a".repeat(n / 3)}`],
    ["signs", (n: number) => `stop${"!".repeat(n)}a`],
  ])("of 200,000 %s is read at once", (_, make) => {
    const startedAt = performance.now();
    readTyped(make(200_000), commands);
    // A reader that looks back takes minutes.
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});
