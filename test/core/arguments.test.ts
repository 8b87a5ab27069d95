// Whether words after a command's name are meant for it.

import { expect, test } from "@jest/globals";
import { readWords } from "../../adapters/slack/receive/receive.ts";
import { commands } from "../../src/commands/index.ts";
import { holdsOption } from "../../src/core/arguments.ts";

const compare = commands.find(({ name }) => name === "compare")!;

test.each([
  ["LoRA and QLoRA --models openai,mistral", true],
  ["--kb what is LoRA?", true],
  ["LoRA and QLoRA", false],
  ["git commit --amend and git rebase", false],
  ["pre--open", false],
])("compare %s", (words, expected) => {
  expect(holdsOption(compare, words)).toBe(expected);
});

test("after a mention, a command's own option makes it the command, and without one it is a question", () => {
  expect(readWords("compare 什麼是注意力？ --open", commands)).toMatchObject({ command: "compare" });
  expect(readWords("compare LoRA and QLoRA", commands)).toMatchObject({ command: "ask" });
});
