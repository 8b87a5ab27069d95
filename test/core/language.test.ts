// A language of the interface is one entry: what it must have, and that a phrase without it is no phrase.

import { expect, test } from "@jest/globals";
import {
  inEveryLanguage,
  Language,
  languageOf,
  LANGUAGES,
  languageOfLocale,
  traitsOf,
  translationsOf,
  type Phrase,
} from "../../src/core/language.ts";

test("every language reads its own name as a locale", () => {
  for (const language of Language.options) expect(languageOfLocale(language)).toBe(language);
});

test("a phrase made for every language has all of them and no other", () => {
  expect(inEveryLanguage((language) => LANGUAGES[language].colon)).toEqual({
    en: ": ",
    "zh-TW": "：",
  } satisfies Phrase);
});

test("a language of the interface is told by its writing, and Japanese or Korean is none of the others", () => {
  expect(languageOf("How does LoRA work?")).toBe("en");
  expect(languageOf("LoRA 是什麼？")).toBe("zh-TW");
  expect(languageOf("優の良品在哪裡買得到？")).toBe("zh-TW");
  expect(languageOf("注意機構とは何ですか")).toBeUndefined();
  expect(languageOf("어텐션이란 무엇인가요")).toBeUndefined();
});

test("punctuation follows the text, and translations leave out what the platform takes as its first text", () => {
  expect(traitsOf("注意力").colon).toBe("：");
  expect(traitsOf("1234").colon).toBe(": ");
  expect(translationsOf({ en: "file", "zh-TW": "檔案" })).toEqual({ "zh-TW": "檔案" });
});
