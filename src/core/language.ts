// The languages of the interface. A new one is an entry in LANGUAGES; every phrase that it still lacks is then a type error.

import { z } from "zod";

/** What differs between languages beside their phrases. */
export interface LanguageTraits {
  /** Matches the locales, such as "zh-TW", "zh_Hant" or "en-US", whose people read this language best. */
  locale: RegExp;
  /** Matches one letter of its script. */
  letter: RegExp;
  /** Whether a letter of its script shows that the person writes it. A Latin one may belong to a name, a file or an option. */
  isDistinctive: boolean;
  /** Around a quotation, between the items of a list, and after a label. */
  quotes: readonly [open: string, close: string];
  comma: string;
  /** Before the last item of a choice. */
  or: string;
  colon: string;
}

/** Each language of the interface with its traits. */
export const LANGUAGES = {
  en: {
    locale: /^en/i,
    letter: /\p{Script=Latin}/u,
    isDistinctive: false,
    quotes: ["“", "”"],
    comma: ", ",
    or: " or ",
    colon: ": ",
  },
  "zh-TW": {
    locale: /^zh/i,
    letter: /\p{Script=Han}/u,
    isDistinctive: true,
    quotes: ["「", "」"],
    comma: "、",
    or: " 或 ",
    colon: "：",
  },
} as const satisfies Record<string, LanguageTraits>;

export type Language = keyof typeof LANGUAGES;
export const Language = z.enum(Object.keys(LANGUAGES) as [Language, ...Language[]]);

/** One sentence of the interface, in every language it is spoken in. */
export type Phrase = Readonly<Record<Language, string>>;

/** Said where neither the words nor the locale tell a language of the interface. */
const FALLBACK: Language = "en";
const languages = Object.keys(LANGUAGES) as Language[];

/** The phrase that `word` gives for each language. */
export function inEveryLanguage(word: (language: Language) => string): Phrase {
  return Object.fromEntries(languages.map((language) => [language, word(language)])) as Phrase;
}

/** "A, B or C". */
export function oneOf(words: readonly string[]): Phrase {
  return inEveryLanguage((language) => {
    const { comma, or } = LANGUAGES[language];
    return [words.slice(0, -1).join(comma), ...words.slice(-1)].filter(Boolean).join(or);
  });
}

/** Japanese is written with Han characters too; a name such as 優の良品 does not make a Chinese sentence Japanese. */
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const HAN = /\p{Script=Han}/gu;
const KANA_SHARE = 0.15;
const HANGUL = /\p{Script=Hangul}/u;
/** Writings told before any letter is looked for, each with one letter by which a language of the interface claims it. */
const TOLD_FIRST: readonly { letter: string; isIn: (text: string) => boolean }[] = [
  { letter: "가", isIn: (text) => HANGUL.test(text) },
  { letter: "あ", isIn: isJapanese },
];

/** The language that a person wrote in; undefined where the text is in none of the interface's, or has no letters to tell by. */
export function languageOf(text: string): Language | undefined {
  const told = TOLD_FIRST.find(({ isIn }) => isIn(text));
  if (told) return languages.find((language) => LANGUAGES[language].letter.test(told.letter));
  const found = languages.filter((language) => LANGUAGES[language].letter.test(text));
  return found.find((language) => LANGUAGES[language].isDistinctive) ?? found[0];
}

/** The traits of the language that a text is written in; of the fallback where that cannot be told. */
export function traitsOf(text: string): LanguageTraits {
  return LANGUAGES[languageOf(text) ?? FALLBACK];
}

/** Of a phrase, what a reader of another language than the fallback sees: for platforms that take one text and its translations. */
export function translationsOf(phrase: Phrase): Readonly<Record<string, string>> {
  return Object.fromEntries(languages.filter((each) => each !== FALLBACK).map((each) => [each, phrase[each]]));
}

function isJapanese(text: string): boolean {
  const kana = text.match(KANA)?.length ?? 0;
  return kana > KANA_SHARE * (kana + (text.match(HAN)?.length ?? 0));
}

/** The interface's language for a platform's locale. */
export function languageOfLocale(locale: string | undefined): Language {
  return languages.find((language) => LANGUAGES[language].locale.test(locale ?? "")) ?? FALLBACK;
}
