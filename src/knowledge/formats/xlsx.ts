// Excel workbooks: each visible sheet under its name, a line for each row. Format: ECMA-376, part 1, 18.

import type { Reading } from "../../core/knowledge.ts";
import { oneLine } from "../../core/text.ts";
import { DAY_MS } from "../../core/time.ts";
import { checkLength, defineFormat, firstOf, NO_TITLE, noText, refusal, type Extra } from "./define-format.ts";
import { openParts, readXml, relationsOf, titleIn, type Parts } from "./package.ts";
import { writeRecords } from "./records.ts";

const WORKBOOK = "xl/workbook.xml";
const SHEETS = { en: "in the visible sheets of this workbook", "zh-TW": "這份活頁簿看得見的工作表" };
const SHOW_THEM = {
  en: "Add one with values, or show the sheets that are hidden.",
  "zh-TW": "請加入有內容的檔案，或取消隱藏工作表。",
};

interface Sheet {
  name: string;
  part: string;
  isHidden: boolean;
}

const NO_STYLES: Extra = {
  name: "styles",
  lost: {
    en: "The formats of its cells are damaged: dates, times and percentages stand as plain numbers.",
    "zh-TW": "儲存格格式已損壞：日期、時間和百分比會顯示成一般數字。",
  },
};

export const xlsx = defineFormat({
  name: "XLSX",
  extensions: ["xlsx", "xlsm"],
  mediaTypes: ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  signature: { member: WORKBOOK },
  async parse(bytes, { signal, extra, piece }) {
    const parts = openParts(bytes);
    const { sheets, countsFrom1904 } = await readWorkbook(parts, signal);
    const shown = sheets.filter(({ isHidden }) => !isHidden);
    const texts = await readSharedTexts(parts.text("xl/sharedStrings.xml"), signal);
    const readStyles = () => readCellKinds(parts.text("xl/styles.xml"), signal);
    const kinds = await extra(NO_STYLES, readStyles, []);
    let text = "";
    const headings: Reading["headings"][number][] = [];
    const damaged: string[] = [];
    for (const { name, part } of shown) {
      const read = () => readSheet(parts.requiredText(part), { texts, kinds, countsFrom1904 }, signal);
      const rows = await piece(`sheet ${name}`, read);
      if (!rows) damaged.push(name);
      const records = writeRecords(rows ?? []);
      if (!records) continue;
      if (text) text += "\n\n";
      headings.push({ level: 1, text: name, start: text.length });
      text += `# ${name}\n\n${records}`;
      checkLength(text.length);
    }
    const warnings = [...hidden(sheets.length - shown.length), ...unread(damaged)];
    if (!text) throw damaged.length > 0 ? allDamaged() : noText(SHEETS, SHOW_THEM);
    const title = await extra(NO_TITLE, () => titleIn(parts), undefined);
    return { ...(title && { title }), text, headings, pages: [], warnings };
  },
});

async function readWorkbook(parts: Parts, signal: AbortSignal) {
  const relations = await relationsOf(WORKBOOK, parts, signal);
  const sheets: Sheet[] = [];
  let countsFrom1904 = false;
  const open = (element: string, attributes: Readonly<Record<string, string>>) => {
    const { name = "", state = "visible", date1904 } = attributes;
    if (element === "workbookPr") countsFrom1904 = date1904 === "1" || date1904 === "true";
    // The relation's attribute has a prefix that the file chooses.
    const id = Object.entries(attributes).find(([key]) => key.endsWith(":id"))?.[1] ?? "";
    if (element === "sheet")
      sheets.push({ name: oneLine(name) || "?", part: relations.get(id) ?? "", isHidden: state !== "visible" });
  };
  await readXml(parts.requiredText(WORKBOOK), { open }, signal);
  return { sheets, countsFrom1904 };
}

function hidden(number: number): Reading["warnings"] {
  if (number === 0) return [];
  return [
    {
      en: `${number === 1 ? "1 hidden sheet was" : `${number} hidden sheets were`} left out.`,
      "zh-TW": `有 ${number} 張隱藏的工作表沒有讀取。`,
    },
  ];
}

function unread(names: readonly string[]): Reading["warnings"] {
  if (names.length === 0) return [];
  const some = firstOf(names);
  return [
    {
      en: `${names.length === 1 ? "1 sheet is damaged and was" : `${names.length} sheets are damaged and were`} left out (${some.en}).`,
      "zh-TW": `有 ${names.length} 張工作表已損壞，沒有讀取（${some["zh-TW"]}）。`,
    },
  ];
}

function allDamaged() {
  return refusal(
    "The sheets of this workbook are damaged: I could read none. Open it, save it anew, and add it again.",
    "這份活頁簿的工作表已損壞，一張都讀不出來。請開啟後重新儲存，再加入一次。",
  );
}

/** The columns that are read; more is no table for people. */
const MOST_COLUMNS = 200;

export interface SheetContext {
  /** Texts that cells refer to by number. */
  texts: readonly string[];
  /** What a number is, by the cell's style. */
  kinds: readonly CellKind[];
  countsFrom1904: boolean;
}

interface Cell {
  column: number;
  /** "s" shared text, "inlineStr" and "str" text, "b" truth, "e" error; a number otherwise. */
  type: string;
  style: number;
  value: string;
}

export async function readSheet(source: string, context: SheetContext, signal: AbortSignal): Promise<string[][]> {
  const rows: string[][] = [];
  let cell: Cell | undefined;
  let isValue = false;
  let length = 0;
  const handler = {
    open(name: string, { r, t = "n", s = "0" }: Readonly<Record<string, string>>) {
      if (name === "row") rows.push([]);
      // A cell may leave out where it is, or say it in no way that can be read: then it is the next one.
      if (name === "c")
        cell = { column: columnOf(r) ?? rows.at(-1)?.length ?? 0, type: t, style: Number(s), value: "" };
      isValue = name === "v" || name === "t";
    },
    text(text: string) {
      if (cell && isValue) cell.value += text;
    },
    close(name: string) {
      isValue = false;
      if (name !== "c" || !cell) return;
      const row = rows.at(-1);
      if (row && cell.column < MOST_COLUMNS) {
        const value = write(cell, context);
        // Cells that share one long text, and those left out before a cell, add up without a byte in the file.
        checkLength((length += value.length + Math.max(0, cell.column - row.length)));
        put(row, cell.column, oneLine(value));
      }
      cell = undefined;
    },
  };
  await readXml(source, handler, signal);
  return rows;
}

function put(row: string[], column: number, value: string): void {
  while (row.length < column) row.push("");
  row[column] = value;
}

function write({ type, style, value }: Cell, { texts, kinds, countsFrom1904 }: SheetContext): string {
  if (type === "s") return texts[Number(value)] ?? "";
  if (type === "b") return value === "1" ? "TRUE" : "FALSE";
  if (type === "e") return "";
  return type === "n" && value ? writeNumber(Number(value), kinds[style] ?? "plain", countsFrom1904) : value;
}

/** "AB12" is in column 27, counted from 0; undefined where it names none. */
function columnOf(reference = ""): number | undefined {
  const letters = /^\$?([A-Z]{1,3})(?![A-Z])/i.exec(reference)?.[1]?.toUpperCase();
  return letters ? [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1 : undefined;
}

export type CellKind = "plain" | "percent" | "date" | "time";

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
