// Tells a person, below the answer, how their words were taken.

import type { Phrase } from "../../src/core/language.ts";
import { PRIVATE_ALREADY } from "./phrases.ts";

/** `isDirect`: a direct message or a terminal, where nobody else reads and "--private" changes nothing. */
export function remarksOn({ isPrivate }: { isPrivate: boolean }, isDirect: boolean): readonly Phrase[] {
  return isPrivate && isDirect ? [PRIVATE_ALREADY] : [];
}
