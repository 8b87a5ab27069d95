// The small words on the ground floor: languages, and what a typo was meant to be.

import { describe, expect, test } from "@jest/globals";
import { assert, constantFrom, property, string } from "fast-check";
import { languageOf, languageOfLocale } from "../../src/core/language.ts";
import { nearest } from "../../src/core/nearest.ts";

test.each([
  ["What is this?", "en"],
  ["注意力", "zh-TW"],
  ["What is 注意力?", "zh-TW"],
  ["Qu'est-ce que c'est ?", "en"],
  ["🎉 123 ？！", undefined],
  ["", undefined],
  ["注意力機制とは何ですか？", undefined],
  ["アテンションって何", undefined],
  ["어텐션이 뭐예요?", undefined],
  ["Что такое внимание?", undefined],
  ["優の良品的退貨規定是什麼？", "zh-TW"],
  ["LoRA とは？", undefined],
] as const)("%j is written in %s", (text, language) => expect(languageOf(text)).toBe(language));

test.each([
  ["zh-TW", "zh-TW"],
  ["zh_TW.UTF-8", "zh-TW"],
  ["ZH-Hant", "zh-TW"],
  ["en-US", "en"],
  ["C.UTF-8", "en"],
  [undefined, "en"],
] as const)("the locale %s speaks %s", (locale, language) => expect(languageOfLocale(locale)).toBe(language));

describe("nearest", () => {
  const known = ["ask", "explain-attention", "kb", "help", "openai/gpt-5"];
  test.each([
    ["aks", "ask"],
    ["hlep", "help"],
    ["HELP", "help"],
    ["explain", "explain-attention"],
    ["explain-atention", "explain-attention"],
    ["gpt5", "openai/gpt-5"],
    ["opnai", "openai/gpt-5"],
    ["what", undefined],
    ["", undefined],
    ["銷售", undefined],
    ["x".repeat(100_000), undefined],
  ])("%.20s is %s", (typed, meant) => expect(nearest(typed, known)).toBe(meant));

  test("a known word is itself, whatever stands around it", () => {
    assert(property(constantFrom(...known), (word) => nearest(word, known) === word));
  });

  test("what is given is known", () => {
    assert(property(string(), (typed) => [undefined, ...known].includes(nearest(typed, known))));
  });
});
