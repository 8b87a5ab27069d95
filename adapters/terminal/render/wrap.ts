// Wraps lines at spaces and between Chinese characters, by display columns.

import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";

const COLOUR = String.raw`\u001B\[\d+m`;
const WIDE = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3001-\u303F\uFF01-\uFFEF`;
/** A colour, white space, one wide character, or a word. */
const PIECE = new RegExp(String.raw`${COLOUR}|[^\S\n]+|[${WIDE}]|[^\s\u001B${WIDE}]+`, "gu");
const COLOURED = new RegExp(`(${COLOUR})`);
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const SPACE = /^\s/;
/** What never begins a row, as 。 and a closing bracket, and what never ends one. */
const NO_START = /^[、。，．：；？！）」』】》〉〕…％”’]/;
const NO_END = /[（「『【《〈〔“‘]$/;
/** A quotation's, a list item's or an indented line's beginning: the rows below the first stand under its words. */
const LEAD = /^(?:(?:>[ \t]?)+|\[\d+\] |[ \t]*(?:[-*+•✓✗◔]|\d{1,3}[.)])[ \t]+|[ \t]+)/;

/** Rows of at most `width` columns; the space at which a row was broken is left out. A row ends at every line break. */
export function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): string[] {
  if (stringWidth(line) <= width) return [line.trimEnd()];
  const first = LEAD.exec(line)?.[0] ?? "";
  const hanging = first.includes(">") ? first : " ".repeat(stringWidth(first));
  const lead = stringWidth(first) * 2 > width ? "" : first;
  return fill(line.slice(lead.length), width - stringWidth(lead)).map((row, i) =>
    `${i === 0 ? lead : lead && hanging}${row}`.trimEnd(),
  );
}

function fill(line: string, width: number): string[] {
  const rows: string[] = [];
  let [row, used] = ["", 0];
  for (const unit of unitsOf(line).flatMap((unit) => cutToWidth(unit, width))) {
    const wide = stringWidth(unit);
    if (used + stringWidth(unit.trimEnd()) > width) {
      if (row.trim()) rows.push(row);
      [row, used] = ["", 0];
    }
    if (!row && rows.length > 0 && SPACE.test(unit)) continue;
    row += unit;
    used += wide;
  }
  return [...rows, row];
}

/** What must stay on one row: a word, a character with the marks beside it. */
function unitsOf(line: string): string[] {
  const units: string[] = [];
  for (const piece of line.match(PIECE) ?? []) {
    const last = units.at(-1);
    if (last !== undefined && belongsTo(last, piece)) units[units.length - 1] = last + piece;
    else units.push(piece);
  }
  return units;
}

function belongsTo(last: string, piece: string): boolean {
  if (piece.startsWith("\u001B")) return true;
  return !SPACE.test(last) && (NO_START.test(piece) || NO_END.test(stripVTControlCharacters(last)));
}

/** What no row can hold, in pieces that one can; at least one character each. */
export function cutToWidth(unit: string, width: number): string[] {
  if (stringWidth(unit) <= width) return [unit];
  const pieces: string[] = [];
  let used = 0;
  for (const character of charactersOf(unit)) {
    const wide = stringWidth(character);
    if (used > 0 && used + wide > width) {
      pieces.push(character);
      used = wide;
    } else {
      pieces.push((pieces.pop() ?? "") + character);
      used += wide;
    }
  }
  return pieces;
}

/** Colours, and what a reader takes for one character each. */
function charactersOf(text: string): string[] {
  const parts = text.split(COLOURED);
  return parts.flatMap((part, i) => (i % 2 ? [part] : Array.from(graphemes.segment(part), ({ segment }) => segment)));
}

/** How much of a line that still grows cannot be broken or coloured otherwise by what is yet to come. */
export function settledLength(line: string): number {
  if (/^\s*#{0,6}\s*$|^#{1,6}\s/.test(line)) return 0;
  // Bold and code that are closed stay in one piece; what is open may still be closed.
  const masked = line.replaceAll(/\*\*[^*]+\*\*|`[^`]+`/g, (span) => "x".repeat(span.length));
  const open = masked.search(/\*\*|`/);
  const settled = open < 0 ? masked : masked.slice(0, open);
  const last = unitsOf(settled).at(-1);
  return last === undefined || SPACE.test(last) ? settled.length : settled.length - last.length;
}

/** Columns of what is widest and cannot be broken. */
export function widestUnit(text: string): number {
  return Math.max(0, ...unitsOf(text).map((unit) => stringWidth(unit.trim())));
}

export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}

/** The beginning of a text in at most so many columns. */
export function clipToWidth(text: string, columns: number): string {
  return stringWidth(text) <= columns ? text : `${fitting(charactersOf(text), columns - 1).join("")}…`;
}

/** The end of a text in at most so many columns. */
export function endOf(text: string, columns: number): string {
  return fitting(charactersOf(text).toReversed(), columns).toReversed().join("");
}

function fitting(characters: readonly string[], columns: number): readonly string[] {
  let left = columns;
  const end = characters.findIndex((character) => (left -= stringWidth(character)) < 0);
  return end < 0 ? characters : characters.slice(0, end);
}
