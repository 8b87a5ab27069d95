// Shows what the start is doing: one line that is wiped, or now and then a line in a log.

import stringWidth from "string-width";
import { languageOfLocale, type Phrase } from "../src/core/language.ts";
import type { Runtime } from "../src/core/runtime.ts";

const WIPE = "\r\u001B[2K";
const USUAL_COLUMNS = 80;
/** A pipe gets at most one line in this many milliseconds. */
const LINE_EVERY_MS = 1000;

export interface Progress {
  say(phrase: Phrase): void;
  end(): void;
}

export function showProgress({ console: { errors }, now }: Runtime, locale: string | undefined): Progress {
  const language = languageOfLocale(locale);
  let saidAt = -Infinity;
  return {
    say(phrase) {
      if (errors.isTTY) errors.write(WIPE + oneRow(`${phrase[language]} …`, errors.columns ?? USUAL_COLUMNS));
      else if (now() - saidAt >= LINE_EVERY_MS) {
        errors.write(`${phrase[language]} …\n`);
        saidAt = now();
      }
    },
    end() {
      if (errors.isTTY) errors.write(WIPE);
    },
  };
}

/** A row that wraps could not be wiped. */
function oneRow(text: string, columns: number): string {
  let left = columns - 1;
  return [...text].filter((character) => (left -= stringWidth(character)) >= 0).join("");
}
