// What commands, arguments and values are called: each has a Chinese name, and none is ambiguous.

import { describe, expect, test } from "@jest/globals";
import { commands } from "../../src/commands/index.ts";
import { argumentsOf } from "../../src/core/arguments.ts";
import { findCommand, isNamed, nameIn, namesOf } from "../../src/core/names.ts";

/** The same in every language: symbols of a formula, and kinds of file. */
const INTERNATIONAL = new Set(["wq", "wk", "wv", "png", "svg"]);

describe.each(commands.map((command) => [command.name, command] as const))("/%s", (_, command) => {
  const known = argumentsOf(command);

  test("is called in Chinese, as are its arguments and values", () => {
    const words = [command.name, ...known.flatMap(({ name, choices }) => [name, ...choices])];
    const unnamed = words.filter(
      (word) => !INTERNATIONAL.has(word) && !/\p{Script=Han}/u.test(nameIn("zh-TW", word, command)),
    );
    expect(unnamed).toEqual([]);
  });

  test("calls no two arguments, and no two values of one, the same", () => {
    for (const words of [known.map(({ name }) => name), ...known.map(({ choices }) => choices)]) {
      const names = words.flatMap((word) => namesOf(word, command));
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

test("no two commands are called the same", () => {
  const names = commands.flatMap((command) => namesOf(command.name, command));
  expect(new Set(names).size).toBe(names.length);
});

test.each([
  ["help", "help"],
  ["HELP", "help"],
  ["ｈｅｌｐ", "help"],
  ["說明", "help"],
  ["解釋注意力", "explain-attention"],
  ["hlep", undefined],
  ["說明一下", undefined],
])("%s names %s", (typed, name) => {
  expect(findCommand(typed, commands)?.name).toBe(name);
});

test("a value is known by either name, and by no other command's", () => {
  const kb = findCommand("kb", commands)!;
  expect(isNamed("列出", "list", kb)).toBe(true);
  expect(isNamed("家族", "families", kb)).toBe(false);
});
