// A language of the interface is one entry: what it must have, and that a phrase without it is no phrase.

import { expect, test } from "@jest/globals";
import { inEveryLanguage, Language, LANGUAGES, languageOfLocale, type Phrase } from "../../src/core/language.ts";

test("every language reads its own name as a locale", () => {
  for (const language of Language.options) expect(languageOfLocale(language)).toBe(language);
});

test("a phrase made for every language has all of them and no other", () => {
  expect(inEveryLanguage((language) => LANGUAGES[language].colon)).toEqual({
    en: ": ",
    "zh-TW": "：",
  } satisfies Phrase);
});
