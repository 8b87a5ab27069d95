// The text of an answer as Slack streams it: Markdown that pings nobody, and only as far as it will not change any more.

import type { Post } from "../../../src/core/post.ts";
import { defuse } from "./mrkdwn.ts";

const ZERO_WIDTH = "\u200B";
/** A bold span that is still open after this many UTF-16 units is taken for two stars. */
const LONGEST_BOLD = 200;
const BOLD = new RegExp(String.raw`\*\*(?=\S)([^*\n]{0,${LONGEST_BOLD - 1}}?\S)\*\*`, "g");
/** Two stars that may yet open a bold span, and the stars of a mark that is still being written. */
const OPEN = new RegExp(String.raw`\*\*(?:\S[^*\n]{0,${LONGEST_BOLD - 1}})?$|\*$`);
/** The beginning of what might call somebody. */
const CALLING = /(?:<[@!#]?\w{0,9}|@\w{0,8})$/;
/** A run of three or more stars is read differently with every star that follows, so nothing behind it is settled. */
const AMBIGUOUS = /\*{3,}/;
const PUNCTUATION = /[\p{P}\p{S}]/u;

/** The text that can be streamed; undefined where a post is more than one growing text. */
export function streamable({ sections }: Post): string | undefined {
  const [section, ...others] = sections;
  if (!section) return "";
  return others.length > 0 || section.title ? undefined : section.text;
}

/** Markdown for Slack to read: what is bold renders beside full-width punctuation, nothing calls anyone. */
export function toStreamMarkdown(markdown: string): string {
  const marked = markdown.replace(BOLD, (whole, inner: string, at: number, text: string) => {
    const [before, after] = [text[at - 1] ?? " ", text[at + whole.length] ?? " "];
    const left = PUNCTUATION.test(inner[0] ?? "") && !isLoose(before) ? ZERO_WIDTH : "";
    const right = PUNCTUATION.test(inner.at(-1) ?? "") && !isLoose(after) ? ZERO_WIDTH : "";
    return `**${left}${inner}${right}**`;
  });
  return defuse(marked);
}

/** How much of a growing text can be shown now: up to where more text may still change what it becomes. */
export function settledLength(text: string): number {
  const line = text.lastIndexOf("\n") + 1;
  const tail = text.slice(line);
  const bold = [...tail.matchAll(BOLD)].at(-1);
  const boldEnd = bold ? bold.index + bold[0].length : 0;
  // What stands behind a bold span decides how it is read, so a text never ends with one.
  const last = bold && boldEnd === tail.length ? bold.index : indexFrom(boldEnd, OPEN, tail);
  const ends = [last, CALLING.exec(tail)?.index, AMBIGUOUS.exec(tail)?.index].filter((end) => end !== undefined);
  const end = line + Math.min(tail.length, ...ends);
  // What is cut off here may have been the close of a mark before it.
  if (end < text.length) return settledLength(text.slice(0, end));
  return /[\uD800-\uDBFF]/.test(text[end - 1] ?? "") ? end - 1 : end;
}

function indexFrom(start: number, pattern: RegExp, text: string): number | undefined {
  const index = pattern.exec(text.slice(start))?.index;
  return index === undefined ? undefined : start + index;
}

function isLoose(character: string): boolean {
  return /\s/.test(character) || PUNCTUATION.test(character);
}
