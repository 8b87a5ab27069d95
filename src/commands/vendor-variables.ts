// Exports how an admin configures a language model, in words: the variables of every provider there is.

import { inEveryLanguage, LANGUAGES, type Phrase } from "../core/language.ts";
import type { Models } from "../core/model.ts";

const OR: Phrase = { en: " or ", "zh-TW": " 或 " };

/** "A, B or C". */
export function vendorVariables(models: Pick<Models, "variables">): Phrase {
  const names = models.variables();
  return inEveryLanguage((language) =>
    [names.slice(0, -1).join(LANGUAGES[language].comma), ...names.slice(-1)].filter(Boolean).join(OR[language]),
  );
}
