// Excel workbooks: each visible sheet under its name, a line for each row. Format: ECMA-376, part 1, 18.

import type { Reading } from "../../core/knowledge.ts";
import { checkLength, defineFormat, firstOf, NO_TITLE, refusal, type Extra } from "./define-format.ts";
import { openParts, relationsOf, titleIn, type Parts } from "./parts.ts";
import { writeRecords } from "./records.ts";
import { readSheet } from "./sheet.ts";
import { readCellKinds, readSharedTexts } from "./sheet-values.ts";
import { readXml } from "./xml.ts";

const WORKBOOK = "xl/workbook.xml";

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
  async parse(bytes, { signal, extra }) {
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
      const rows = await extra({ name: `sheet ${name}` }, read, undefined);
      if (!rows) damaged.push(name);
      const records = writeRecords(rows ?? []);
      if (!records) continue;
      if (text) text += "\n\n";
      headings.push({ level: 1, text: name, start: text.length });
      text += `# ${name}\n\n${records}`;
      checkLength(text.length);
    }
    const warnings = [...hidden(sheets.length - shown.length), ...unread(damaged)];
    if (!text) throw damaged.length > 0 ? allDamaged() : empty();
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
      sheets.push({ name: oneLine(name), part: relations.get(id) ?? "", isHidden: state !== "visible" });
  };
  await readXml(parts.requiredText(WORKBOOK), { open }, signal);
  return { sheets, countsFrom1904 };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim() || "?";
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

function empty() {
  return refusal(
    "There is no text in the visible sheets of this workbook. Add one with values, or show the sheets that are hidden.",
    "這份活頁簿看得見的工作表沒有文字。請加入有內容的檔案，或取消隱藏工作表。",
  );
}
