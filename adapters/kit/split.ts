// Long Markdown in pieces that fit a platform, cut where a reader pauses; a code fence is closed and opened again.

import { sentencesIn } from "../../src/core/sentences.ts";
import { truncate, wholeCharacters, wholePairs } from "../../src/core/text.ts";

/** A line that opens or closes a code block. Marks longer than any person types are text. */
const FENCE = /^[ \t]*(`{3,16}|~{3,16})([^\n]*)$/;
const HEADING = /^[ \t]{0,3}#{1,6}[ \t]/;
const CLAUSE = /[,;:]\s|[，、；：]|\s/g;
const LONGEST_INFO = 20;
/** The least that is kept free for text beside a reopened fence. */
const LEAST_ROOM = 8;

export interface Fence {
  /** "```" or "~~~~", as long as the text's own. */
  mark: string;
  /** What stands behind the mark: the language. */
  info: string;
}

/**
 * Pieces of at most `limit` UTF-16 units, none empty. Only white space at the cuts is lost, and inside a code block
 * nothing but the line break. Text that only grows keeps its earlier cuts, apart from the last. `limit` is at least 64.
 */
export function split(markdown: string, limit: number): string[] {
  const pieces: string[] = [];
  let rest = markdown.trimEnd();
  let open: Fence | undefined;
  while (rest) {
    const head = open ? `${open.mark}${open.info}\n` : "";
    if (head.length + rest.length <= limit) return [...pieces, head + rest];
    const at = cutAt(rest, limit - head.length, open);
    const fence = fenceAfter(rest.slice(0, at), open);
    const body = fence ? rest.slice(0, at).replace(/\n$/, "") : rest.slice(0, at).trimEnd();
    if (body) pieces.push(head + body + (fence ? `\n${fence.mark}` : ""));
    rest = fence ? rest.slice(at) : rest.slice(at).replace(/^[^\S\n]+|^(?:[^\S\n]*\n)+/, "");
    open = fence;
  }
  return pieces;
}

/** The best place to cut: the strongest pause that does not leave too short a piece. */
function cutAt(text: string, room: number, open: Fence | undefined): number {
  const least = Math.floor(room / 3);
  const lines = lineBreaks(text, room, open);
  const outside = lines.filter(({ fence, at }) => !fence && at > least);
  const fitting = outside.filter(({ isBelowHeading }) => !isBelowHeading);
  const inside = lines.filter(({ fence, at }) => fence && at + closing(fence) <= room && at > least);
  const line = fitting.findLast(({ isBlank }) => isBlank) ?? fitting.at(-1) ?? outside.at(-1) ?? inside.at(-1);
  return line?.at ?? cutInLine(text, room, least, open);
}

interface LineBreak {
  /** Just behind the break. */
  at: number;
  /** Whether an empty line, or a code block's end, stands before it. */
  isBlank: boolean;
  /** Whether the last words before it are a heading, which must not be left alone. */
  isBelowHeading: boolean;
  /** The code block that is open here. */
  fence: Fence | undefined;
}

function lineBreaks(text: string, room: number, open: Fence | undefined): LineBreak[] {
  const breaks: LineBreak[] = [];
  let fence = open;
  let isBelowHeading = false;
  for (let from = 0, at = text.indexOf("\n") + 1; at > 0 && at <= room; from = at, at = text.indexOf("\n", at) + 1) {
    const line = text.slice(from, at - 1);
    const before = fence;
    fence = toggle(line, fence);
    const isBlank = line.trim() === "" || (before !== undefined && !fence);
    isBelowHeading = HEADING.test(line) || (isBelowHeading && line.trim() === "");
    breaks.push({ at, isBlank, isBelowHeading: isBelowHeading && !fence, fence });
  }
  return breaks;
}

/** No line ends in reach: cut this one behind a sentence, a clause, a word, or wherever no character is torn. */
function cutInLine(text: string, room: number, least: number, open: Fence | undefined): number {
  const fence = fenceAfter(text.slice(0, room), open);
  const reach = text.slice(0, Math.max(LEAST_ROOM, room - (fence ? closing(fence) : 0)));
  if (!fence)
    for (const pausesIn of [sentenceEnds, clauseEnds]) {
      // A mark in the middle of a line must not come to stand at the start of one, where it would open a block.
      const end = pausesIn(reach).findLast((end) => end > least && !/^[ \t]*[`~]{3}/.test(text.slice(end, end + 8)));
      if (end !== undefined) return end;
    }
  // A character that is longer than the room is torn, or nothing would ever fit.
  return wholeCharacters(text, reach.length) || wholePairs(text, reach.length);
}

/** What lies behind the last sentence goes on beyond the text. */
function sentenceEnds(text: string): number[] {
  return sentencesIn(text)
    .slice(0, -1)
    .map(({ end }) => end);
}

function clauseEnds(text: string): number[] {
  return [...text.matchAll(CLAUSE)].map(({ index, 0: { length } }) => index + length);
}

/** The code block that is open at the end of a text, given the one that was open at its start. */
export function fenceAfter(text: string, open: Fence | undefined): Fence | undefined {
  return text.split("\n").reduce((fence, line) => toggle(line, fence), open);
}

function toggle(line: string, fence: Fence | undefined): Fence | undefined {
  const [, mark = "", info = ""] = FENCE.exec(line) ?? [];
  if (!mark) return fence;
  if (!fence)
    return mark.startsWith("`") && info.includes("`") ? undefined : { mark, info: truncate(info.trim(), LONGEST_INFO) };
  const isEnd = mark[0] === fence.mark[0] && mark.length >= fence.mark.length && info.trim() === "";
  return isEnd ? undefined : fence;
}

function closing({ mark }: Fence): number {
  return mark.length + 1;
}
