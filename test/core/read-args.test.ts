import { failureOf } from "../fakes/failure-of.ts";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readArgs } from "../../src/core/read-args.ts";
import { ask } from "../../src/commands/ask/index.ts";
import { help } from "../../src/commands/help.ts";
import { kb } from "../../src/commands/kb/index.ts";
import { nearest } from "../../src/core/nearest.ts";
import { argumentsOf, usageOf } from "../../src/core/arguments.ts";
import { BotError } from "../../src/core/errors.ts";

const line = (command: typeof ask, text: string) => readArgs(command, { text });

describe("a typed line", () => {
  test.each([
    ["What is attention?", { question: "What is attention?" }],
    ["--model openai/gpt-5 What is it?", { model: "openai/gpt-5", question: "What is it?" }],
    ["What is it? --model openai/gpt-5", { model: "openai/gpt-5", question: "What is it?" }],
    ["--model=a/b 什麼是注意力？", { model: "a/b", question: "什麼是注意力？" }],
    ["what does --help do there?", { question: "what does --help do there?" }],
    ['"quoted question"', { question: "quoted question" }],
    ['say "hi" twice', { question: 'say "hi" twice' }],
    ["two\nlines", { question: "two\nlines" }],
    ["“quoted question”", { question: "quoted question" }],
    ["—plain —model a/b What is it?", { plain: true, model: "a/b", question: "What is it?" }],
    ["－－plain What is it?", { plain: true, question: "What is it?" }],
    ["--模型 a/b --不看文件 什麼是注意力？", { plain: true, model: "a/b", question: "什麼是注意力？" }],
    ["--plain=false What is it?", { plain: false, question: "What is it?" }],
    ["What --plain means", { question: "What --plain means" }],
    ["how do I use git rebase --onto", { question: "how do I use git rebase --onto" }],
    ["--hard or --soft?", { question: "--hard or --soft?" }],
    ["a dash —like this", { question: "a dash —like this" }],
  ])("/ask %s", (text, expected) => {
    expect(line(ask, text)).toEqual(expected);
  });

  test("one word for each required argument, the rest for the prose", () => {
    expect(line(kb, "search remote work rules")).toEqual({ action: "search", target: "remote work rules" });
    expect(line(kb, "LIST")).toEqual({ action: "list" });
    expect(line(kb, "列出")).toEqual({ action: "list" });
    expect(line(kb, "list!")).toEqual({ action: "list" });
  });

  test("a flag leaves the words behind it as they are", () => {
    expect(line(ask, "--plain Who are you?")).toEqual({ question: "Who are you?", plain: true });
  });

  test("what is missing is shown by an example in the person's language", () => {
    expect(failureOf(() => line(ask, "")).phrase["zh-TW"]).toMatch(/例如：`\/ask 什麼是多頭注意力？`/);
  });

  test.each([
    [ask, "", /still need the question.*\/ask What is multi-head attention/],
    [ask, "--modle x hello", /no option --modle\. Did you mean --model\?/],
    [ask, "x".repeat(12_001), /question has 12001 characters; at most 12000 fit/],
    [kb, "", /still need the action.*add, list, show, remove, search/],
    [kb, "explode", /"explode" does not fit as action/],
  ])("%p says what is wrong and the fix", (command, text, message) => {
    expect(() => line(command, text)).toThrow(message);
  });

  test("any text at all gives arguments or a usage sentence in both languages", () => {
    fc.assert(
      fc.property(fc.constantFrom(ask, kb, help), fc.string({ unit: "grapheme", maxLength: 300 }), (command, text) => {
        try {
          readArgs(command, { text });
        } catch (error) {
          expect(error).toBeInstanceOf(BotError);
          expect((error as BotError).code).toBe("usage");
          expect((error as BotError).phrase["zh-TW"]).toMatch(/\p{Script=Han}/u);
        }
      }),
    );
  });

  test("no word of a question is lost, whatever stands around it", () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), fc.boolean(), (words, isFirst) => {
        const question = words.join(" ");
        const text = isFirst ? `--model m/n ${question}` : `${question} --model m/n`;
        expect(line(ask, text)).toEqual({ question, model: "m/n" });
      }),
    );
  });
});

test("however many options and quotes a line holds, it is read at once", () => {
  const startedAt = performance.now();
  for (const part of ["--a ", '--model "', "--plain ", "—"]) failureOf(() => line(kb, part.repeat(40_000)));
  // A reader that looks back takes minutes.
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

describe("named options", () => {
  test("are taken as they are, texts trimmed", () => {
    expect(readArgs(ask, { options: { question: " why? ", model: "a/b" } })).toEqual({
      question: "why?",
      model: "a/b",
    });
  });

  test("an unknown one is named", () => {
    expect(() => readArgs(ask, { options: { question: "why?", colour: "red" } })).toThrow(/no option --colour/);
  });
});

describe("what a schema says of itself", () => {
  test("usage lines", () => {
    expect(usageOf(ask)).toBe("/ask question [--model …] [--plain]");
    expect(usageOf(kb)).toBe("/kb add|list|show|remove|search|keep|questions|answered|status [target]");
    expect(usageOf(help)).toBe("/help [command]");
  });

  test("arguments", () => {
    expect(argumentsOf(kb)[0]).toMatchObject({
      name: "action",
      isRequired: true,
      choices: ["add", "list", "show", "remove", "search", "keep", "questions", "answered", "status"],
    });
  });
});

describe("nearest", () => {
  test.each([
    ["aks", "ask"],
    ["hlep", "help"],
    ["modle", "model"],
    ["compar", "compare"],
    ["xyz", undefined],
  ])("%s is %s", (typed, expected) => {
    expect(nearest(typed, ["ask", "help", "model", "compare"])).toBe(expected);
  });
});
