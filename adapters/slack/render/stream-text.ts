// Renders the text of an answer as far as it will not change, for Slack's streams.

import type { Post } from "../../../src/core/post.ts";
import { defuse } from "./mrkdwn.ts";

const ZERO_WIDTH = "\u200B";
/** Two stars, at most 200 characters without a star, two stars; a longer span is taken for plain stars. */
const BOLD = /\*\*(?=[^\s*])([^*\n]{0,199}[^\s*])\*\*/g;
/**
 * Spans from the left, as BOLD pairs them, and `open`: what more text may still turn into one, or out of one.
 * A run of three or more stars is read differently with every star that follows.
 */
const SPANS = new RegExp(String.raw`${BOLD.source}(?=[^*])|(?<open>\*{3,}|\*\*(?:[^\s*][^*\n]{0,199})?$)`, "g");
/** The end of a text that may become a call, a mark or half of a character more. */
const UNFINISHED = /(?:<[@!#]?\w{0,9}|@\w{0,8}|\*{1,2}|[\uD800-\uDBFF])$/;
const PUNCTUATION = /[\p{P}\p{S}]/u;

/** The text that can be streamed; undefined where a post is more than one growing text. */
export function streamable({ sections }: Post): string | undefined {
  const [section, ...others] = sections;
  if (!section) return "";
  return others.length > 0 || section.title ? undefined : section.text;
}

/** Markdown for Slack to read: what is bold renders beside full-width punctuation, nothing calls anyone. */
export function toStreamMarkdown(markdown: string): string {
  const bold = markdown.replace(BOLD, (whole, inner: string, at: number, text: string) => {
    const [before, after] = [text[at - 1] ?? " ", text[at + whole.length] ?? " "];
    const left = PUNCTUATION.test(inner[0] ?? "") && !isLoose(before) ? ZERO_WIDTH : "";
    const right = PUNCTUATION.test(inner.at(-1) ?? "") && !isLoose(after) ? ZERO_WIDTH : "";
    return `**${left}${inner}${right}**`;
  });
  return defuse(bold);
}

/** How much of a growing text can be shown now: up to where more text may still change what it becomes. */
export function settledLength(text: string): number {
  const line = text.lastIndexOf("\n") + 1;
  const tail = text.slice(line);
  const open = [...tail.matchAll(SPANS)].find(({ groups }) => groups?.["open"])?.index;
  const end = UNFINISHED.exec(tail)?.index ?? open;
  // What is cut off here may have been what settled a mark before it.
  return end === undefined ? text.length : settledLength(text.slice(0, line + end));
}

function isLoose(character: string): boolean {
  return /\s/.test(character) || PUNCTUATION.test(character);
}
