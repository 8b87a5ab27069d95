// Excel workbooks: each visible sheet under its name, a line for each row. Format: ECMA-376, part 1, 18.

import type { Format, Reading } from "../../core/knowledge.ts";
import { checkLength, defineFormat, refusal } from "./define-format.ts";
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

export const xlsx: Format = defineFormat({
  name: "XLSX",
  extensions: ["xlsx", "xlsm"],
  mediaTypes: ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  async read(bytes, _name, signal) {
    const parts = openParts(bytes);
    const { sheets, countsFrom1904 } = await readWorkbook(parts, signal);
    const shown = sheets.filter(({ isHidden }) => !isHidden);
    const texts = await readSharedTexts(parts.text("xl/sharedStrings.xml"), signal);
    const kinds = await readCellKinds(parts.text("xl/styles.xml"), signal);
    let text = "";
    const headings: Reading["headings"][number][] = [];
    for (const { name, part } of shown) {
      const rows = await readSheet(parts.text(part), { texts, kinds, countsFrom1904 }, signal);
      const records = writeRecords(rows);
      if (!records) continue;
      if (text) text += "\n\n";
      headings.push({ level: 1, text: name, start: text.length });
      text += `# ${name}\n\n${records}`;
      checkLength(text.length);
    }
    if (!text) throw empty();
    const title = titleIn(parts);
    return { ...(title && { title }), text, headings, pages: [], warnings: hidden(sheets.length - shown.length) };
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
  await readXml(new TextDecoder().decode(parts.read(WORKBOOK)), { open }, signal);
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

function empty() {
  return refusal(
    "There is no text in the visible sheets of this workbook. Add one with values, or show the sheets that are hidden.",
    "這份活頁簿看得見的工作表沒有文字。請加入有內容的檔案，或取消隱藏工作表。",
  );
}
