// The rules that keep a view whole on a phone: token text last on its line, tenths in the cells, 42 columns at most.

import type { Token } from "../tokens.ts";

export const MOST_COLUMNS = 42;
/** The most tokens that a grid has room for; above, one token is shown. */
export const MOST_CELLS = 33;
/** Up to here a cell takes two characters. */
const ROOMY_CELLS = 16;
const CLIPPED = "..";
/** A character may carry any number of marks; more of them than this per column are clipped with it. */
const UNITS_PER_COLUMN = 6;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Drawn as wide as two Latin letters, or nearly so. */
const WIDE =
  /[\u1100-\u11FF\u2E80-\uA4CF\uA960-\uA97F\uAC00-\uD7FF\uF900-\uFAFF\uFE10-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6]|[\u{16FE0}-\u{1B2FF}]|[\u{1F000}-\u{3FFFF}]|\p{Emoji_Presentation}|\uFE0F/u;

/** In columns, a Chinese character or an emoji counted as two, which is the most that any chat draws. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += widthOfGrapheme(segment);
  return width;
}

/** Two joined people are drawn as one where the font knows them and as two where it does not; the latter counts. */
function widthOfGrapheme(grapheme: string): number {
  return grapheme.split("\u200D").reduce((sum, part) => sum + (WIDE.test(part) ? 2 : 1), 0);
}

/** Cut to at most `columns`, the cut marked by two dots. */
export function clipColumns(text: string, columns: number): string {
  if (widthOf(text) <= columns && text.length <= columns * UNITS_PER_COLUMN) return text;
  let fitting = "";
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += widthOfGrapheme(segment);
    if (width > columns - CLIPPED.length || fitting.length + segment.length > columns * UNITS_PER_COLUMN) break;
    fitting += segment;
  }
  return fitting + CLIPPED;
}

/** A token at the end of a line: its text, and "?" where the model does not know it. */
export function label({ text, unknown }: Token, columns: number): string {
  return unknown ? `${clipColumns(text, columns - 1)}?` : clipColumns(text, columns);
}

/** a to z, then A to Z, which is more than a grid has room for; then aa, ab, ... */
export function letterOf(index: number): string {
  if (index < 26) return String.fromCharCode(97 + index);
  if (index < 52) return String.fromCharCode(65 + index - 26);
  return letterOf(Math.floor((index - 52) / 26)) + letterOf((index - 52) % 26);
}

/** A weight in one character: tenths, "." below a twentieth, "#" from nineteen twentieths. */
export function tenth(weight: number): string {
  if (weight < 0.05) return ".";
  return weight >= 0.95 ? "#" : String(Math.round(weight * 10));
}

/** What a thumbnail's cell shows, on a square-root scale so that small weights are seen. */
export function shade(weight: number): string {
  return " .:-=+*#%@"[Math.min(9, Math.floor(Math.sqrt(weight) * 10))]!;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function cellWidth(cells: number): number {
  return cells <= ROOMY_CELLS ? 2 : 1;
}

/** Rows of cells between their letters, each ended by its token: "a 2 6 . a The". */
export function drawGrid(
  tokens: readonly Token[],
  columns: readonly string[],
  cellOf: (row: number, column: number) => string,
): string[] {
  const width = cellWidth(columns.length);
  const cells = (draw: (column: number) => string) => columns.map((_, i) => draw(i).padEnd(width)).join("");
  const room = MOST_COLUMNS - 2 - columns.length * width - (width === 1 ? 3 : 2);
  const gap = width === 1 ? " " : "";
  return [
    `  ${cells((i) => columns[i]!)}`.trimEnd(),
    ...tokens.map((token, row) => {
      const letter = letterOf(row);
      return `${letter} ${cells((column) => cellOf(row, column))}${gap}${letter} ${label(token, room)}`;
    }),
  ];
}

/** Numbers under one another, as many decimals as fit, else a power of ten. What a mask hid is a dash. */
export function number(value: number, width: number, decimals: number): string {
  if (!Number.isFinite(value)) return "-".padStart(width);
  for (let places = decimals; places >= 0; places--) {
    const shown = value.toFixed(places);
    if (shown.length < width) return shown.padStart(width);
  }
  return value.toExponential(Math.max(0, width - 8)).padStart(width);
}

/** The number that `number` prints: what comes after goes on from it, so that a reader finds the same digits. */
export function printed(value: number, width: number, decimals: number): number {
  // Without the sign of a zero that only rounding made.
  return Number.isFinite(value) ? Number(number(value, width, decimals)) + 0 : value;
}
