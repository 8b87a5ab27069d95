// The text of an answer as Slack streams it: Markdown that pings nobody, and only as far as it will not change any more.

import type { Post } from "../../src/core/post.ts";
import { defuse } from "./mrkdwn.ts";

const ZERO_WIDTH = "\u200B";
/** A bold span that is still open after this much is taken for two stars. */
const LONGEST_OPEN = 200;
const BOLD = /\*\*(?=\S)([^*\n]*?\S)\*\*/gu;
const PUNCTUATION = /[\p{P}\p{S}]/u;

/** The text that can be streamed; undefined where a post is more than one growing text. */
export function streamable({ sections }: Post): string | undefined {
  const [section, ...others] = sections;
  if (!section) return "";
  return others.length > 0 || section.title ? undefined : section.text;
}

/** Markdown for Slack to read: what is bold renders beside full-width punctuation, nothing calls anyone. */
export function toStreamMarkdown(markdown: string): string {
  return defuse(markdown).replace(BOLD, (whole, inner: string, at: number, text: string) => {
    const [before, after] = [text[at - 1] ?? " ", text[at + whole.length] ?? " "];
    const left = PUNCTUATION.test(inner[0] ?? "") && !isLoose(before) ? ZERO_WIDTH : "";
    const right = PUNCTUATION.test(inner.at(-1) ?? "") && !isLoose(after) ? ZERO_WIDTH : "";
    return `**${left}${inner}${right}**`;
  });
}

/** A run of three or more stars is read differently with every star that follows, so nothing behind it is settled. */
const AMBIGUOUS = /\*{3,}/;

/** How much of a growing text can be shown now: up to where more text may still change what it becomes. */
export function settledLength(text: string): number {
  const line = text.lastIndexOf("\n") + 1;
  const tail = text.slice(line);
  const marks = [...tail.matchAll(/\*\*/g)].map(({ index }) => index);
  const open = marks.length % 2 === 1 ? marks.at(-1)! : undefined;
  const isOpen = open !== undefined && tail.length - open < LONGEST_OPEN;
  const calling = /(?:<[@!#]?\w{0,9}|@\w{0,8}|\*{1,2})$/.exec(tail)?.index;
  // What stands behind a closing mark decides how it is read, so a text never ends with one.
  const closed = /\*\*[^*\n]*\*\*$/.exec(tail)?.index;
  const ends = [isOpen ? open : undefined, calling, closed, AMBIGUOUS.exec(tail)?.index].filter(
    (end) => end !== undefined,
  );
  const end = line + Math.min(tail.length, ...ends);
  // What is cut off here may have been the close of a mark before it.
  if (end < text.length) return settledLength(text.slice(0, end));
  return /[\uD800-\uDBFF]/.test(text[end - 1] ?? "") ? end - 1 : end;
}

function isLoose(character: string): boolean {
  return /\s/.test(character) || PUNCTUATION.test(character);
}
