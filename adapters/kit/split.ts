// Splits long Markdown where a reader pauses; closes and reopens a code fence.

import {
  closingOf,
  fenceAfter,
  linesOf,
  isOpenAfter,
  openingOf,
  readLine,
  type Fence,
} from "../../src/core/markdown.ts";

import { sentencesIn } from "../../src/core/sentences.ts";
import { wholeCharacters, wholePairs } from "../../src/core/text.ts";

const HEADING = /^[ \t]{0,3}#{1,6}[ \t]/;
const CLAUSE = /[,;:]\s|[，、；：]|\s/g;
/** The least that is kept free for text beside a reopened fence. */
const LEAST_ROOM = 8;
/** UTF-16 units of a line that tell whether it opens a block. */
const LONGEST_OPENING = 64;

/**
 * Pieces of at most `limit` UTF-16 units, none empty. Only white space at the cuts is lost, and inside a code block
 * nothing but the line break. Text that only grows keeps its earlier cuts, apart from the last. `limit` is at least 128.
 */
export function split(markdown: string, limit: number): string[] {
  const pieces: string[] = [];
  let rest = markdown.trimEnd();
  let open: Fence | undefined;
  while (rest) {
    const head = open ? `${openingOf(open)}\n` : "";
    if (head.length + rest.length <= limit) return [...pieces, head + rest];
    const at = cutAt(rest, limit - head.length, open);
    const fence = fenceAfter(rest.slice(0, at), open);
    const body = fence ? rest.slice(0, at).replace(/\n$/, "") : rest.slice(0, at).trimEnd();
    if (body) pieces.push(head + body + (fence ? `\n${closingOf(fence)}` : ""));
    const left = rest.slice(at);
    open = fence && readLine(firstLine(left), fence).role === "inside" ? fence : undefined;
    rest = open ? left : (fence ? withoutClosing(left, fence) : left).replace(/^[^\S\n]+|^(?:[^\S\n]*\n)+/, "");
  }
  return pieces;
}

/** The block is closed at the cut already, so the line that would close it is left out. */
function withoutClosing(text: string, fence: Fence): string {
  const line = firstLine(text);
  return readLine(line, fence).role === "closes" ? text.slice(line.length) : text;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]!;
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
  let isBelowHeading = false;
  for (const line of linesOf(text.slice(0, room), open)) {
    const at = line.end + 1;
    if (at > room || text[line.end] !== "\n") break;
    const isEmpty = line.text.trim() === "";
    const fence = isOpenAfter(line) ? line.fence : undefined;
    isBelowHeading = HEADING.test(line.text) || (isBelowHeading && isEmpty);
    breaks.push({ at, isBlank: isEmpty || line.role === "closes", isBelowHeading: isBelowHeading && !fence, fence });
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
      const end = pausesIn(reach).findLast(
        (end) => end > least && readLine(firstLine(text.slice(end, end + LONGEST_OPENING))).role !== "opens",
      );
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

/** UTF-16 units that closing a block takes. */
function closing(fence: Fence): number {
  return closingOf(fence).length + 1;
}
