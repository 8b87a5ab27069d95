// Makes the words of documents and models harmless for a screen.

import { stripVTControlCharacters } from "node:util";

// Anything but a line break and a tab could move the cursor or colour the screen on behalf of a document.
// oxlint's own rule against control characters does not know that removing them is the point.
const CONTROLS = /[^\P{Cc}\n\t]/gu;

/** Without escape sequences, so that no document or model can write on the screen anywhere but here. */
export function clean(text: string): string {
  return stripVTControlCharacters(text).replace(CONTROLS, "");
}

/** The same in one line: titles and quotes are a document's words, and these lines are coloured afterwards. */
export function plain(text: string): string {
  return clean(text).replace(/\s+/g, " ");
}

/** A status as something that is still happening. */
export function goingOn(status: string): string {
  return status.endsWith("…") ? status : `${status} …`;
}
