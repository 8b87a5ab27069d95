// Two languages, side by side in one value, so that no sentence exists in one of them only.

import { z } from "zod";

export const Language = z.enum(["en", "zh-TW"]);
export type Language = z.infer<typeof Language>;

/** One sentence of the interface, in every language it is spoken in. */
export type Phrase = Readonly<Record<Language, string>>;

const HAN = /\p{Script=Han}/u;
const LETTER = /\p{L}/u;

/** The language that a person wrote in; undefined where the text holds no letters to tell by. */
export function languageOf(text: string): Language | undefined {
  if (HAN.test(text)) return "zh-TW";
  return LETTER.test(text) ? "en" : undefined;
}

/** The language for a platform's locale, such as "zh-TW", "zh_Hant" or "en-US". */
export function languageOfLocale(locale: string | undefined): Language {
  return locale?.toLowerCase().startsWith("zh") ? "zh-TW" : "en";
}
