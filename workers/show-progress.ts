// What the start is doing, on one line that is wiped when it is done; plain lines where the output is not a terminal.

import type { Console } from "../src/core/world.ts";
import { languageOfLocale, type Phrase } from "../src/core/language.ts";

const WIPE = "\r\u001B[2K";

export interface Progress {
  say(phrase: Phrase): void;
  end(): void;
}

export function showProgress(to: Console["errors"], locale: string | undefined): Progress {
  const language = languageOfLocale(locale);
  return {
    say: (phrase) => void to.write(to.isTTY ? `${WIPE}${phrase[language]} …` : `${phrase[language]} …\n`),
    end: () => void (to.isTTY && to.write(WIPE)),
  };
}
