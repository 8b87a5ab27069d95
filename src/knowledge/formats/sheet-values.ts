// What the values of a workbook mean: texts that cells share, and numbers that are dates or percentages. Format: ECMA-376, part 1, 18.4, 18.8 and 18.17.4.

import { readXml } from "./xml.ts";

export type CellKind = "plain" | "percent" | "date" | "time";

const DAY_MS = 86_400_000;
/** Day 0. Excel counts a 29 February 1900 that never was, so that days from March 1900 on fit 30 December 1899. */
const SINCE_1900 = Date.UTC(1899, 11, 30);
const SINCE_1904 = Date.UTC(1904, 0, 1);
/** Built-in number formats that are dates, the East Asian ones among them. */
const DATES = [
  [14, 17],
  [22, 22],
  [27, 36],
  [50, 58],
];
const TIMES = [
  [18, 21],
  [45, 47],
];
const PERCENTS = [[9, 10]];
/** More would be noise of how computers divide. */
const DIGITS = 15;

/** The shared texts in their order. Readings in another script (furigana) are left out. */
export async function readSharedTexts(source: string, signal: AbortSignal): Promise<readonly string[]> {
  const texts: string[] = [];
  let isText = false;
  let isReading = false;
  const handler = {
    open(name: string) {
      if (name === "si") texts.push("");
      if (name === "rPh") isReading = true;
      isText = name === "t" && !isReading;
    },
    text(text: string) {
      if (isText) texts[texts.length - 1] += text;
    },
    close(name: string) {
      if (name === "rPh") isReading = false;
      isText = false;
    },
  };
  await readXml(source, handler, signal);
  return texts;
}

/** What numbers are under each cell style. */
export async function readCellKinds(source: string, signal: AbortSignal): Promise<readonly CellKind[]> {
  const codes = new Map<number, string>();
  const kinds: CellKind[] = [];
  let isCellStyle = false;
  const handler = {
    open(name: string, { numFmtId = "0", formatCode = "" }: Readonly<Record<string, string>>) {
      if (name === "numFmt") codes.set(Number(numFmtId), formatCode);
      if (name === "cellXfs") isCellStyle = true;
      if (name === "xf" && isCellStyle) kinds.push(kindOf(Number(numFmtId), codes.get(Number(numFmtId))));
    },
    close(name: string) {
      if (name === "cellXfs") isCellStyle = false;
    },
  };
  await readXml(source, handler, signal);
  return kinds;
}

function kindOf(id: number, code: string | undefined): CellKind {
  const isIn = (ranges: readonly (readonly number[])[]) => ranges.some(([from = 0, to = 0]) => id >= from && id <= to);
  if (code === undefined) return isIn(DATES) ? "date" : isIn(TIMES) ? "time" : isIn(PERCENTS) ? "percent" : "plain";
  // Words in quotes, colours and locales in brackets, and escaped letters are no part of the pattern.
  const pattern = code.replace(/"[^"]*"|\[[^\]]*\]|\\.|_.|\*./g, "").toLowerCase();
  if (pattern.includes("%")) return "percent";
  if (/[yd]|(?:^|[^hs:])m(?![:s])/.test(pattern) && !/general/.test(pattern)) return "date";
  return /[hs]/.test(pattern) && !/general/.test(pattern) ? "time" : "plain";
}

/** A number as people read it: ISO 8601 for dates. */
export function writeNumber(value: number, kind: CellKind, countsFrom1904: boolean): string {
  if (!Number.isFinite(value)) return "";
  if (kind === "percent") return `${exact(value * 100)}%`;
  if (kind === "plain") return exact(value);
  const instant = new Date((countsFrom1904 ? SINCE_1904 : SINCE_1900) + Math.round(value * DAY_MS));
  if (Number.isNaN(instant.getTime())) return exact(value);
  const [day = "", time = ""] = instant.toISOString().split("T");
  const clock = time.slice(0, 5);
  if (kind === "time" && value < 1) return clock;
  return Number.isInteger(value) ? day : `${day} ${clock}`;
}

function exact(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}
