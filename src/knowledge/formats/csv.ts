// Tables in text: CSV and TSV, a line for each row under the names of its columns. Format: RFC 4180.

import { decodeText } from "./charset.ts";
import { defineFormat, type Extra } from "./define-format.ts";
import { writeRecords } from "./records.ts";

const SEPARATORS = [",", "\t", ";"];
/** A field in quotes, or up to the next separator; then what ends it. */
const fieldsBy = (separator: string) =>
  new RegExp(`(?:"([^"]*(?:""[^"]*)*)"|([^${separator}\\n]*))(${separator}|\\n|$)`, "gy");

const NO_ROWS: Extra = {
  name: "rows",
  lost: {
    en: "Its rows could not be told apart, so it was read as plain text.",
    "zh-TW": "分不出表格的欄與列，改當成純文字讀取。",
  },
};

export const csv = defineFormat({
  name: "CSV",
  extensions: ["csv", "tsv"],
  mediaTypes: ["text/csv", "text/tab-separated-values"],
  async parse(bytes, { extra }) {
    const written = await decodeText(bytes);
    const records = await extra(NO_ROWS, () => writeRecords(rowsOf(written)), "");
    return { text: records || written, headings: [], pages: [], warnings: [] };
  },
});

/** Where a text is no table after all, each of its lines is a row of one field. */
function rowsOf(text: string): string[][] {
  const [head = ""] = text.split("\n", 1);
  const count = (separator: string) => head.split(separator).length;
  const separator = SEPARATORS.toSorted((a, b) => count(b) - count(a))[0] ?? ",";
  const rows: string[][] = [[]];
  for (const [, quoted, plain = "", end] of text.matchAll(fieldsBy(separator))) {
    rows.at(-1)!.push((quoted?.replaceAll('""', '"') ?? plain).replace(/\s+/g, " ").trim());
    if (end === "") break;
    if (end === "\n") rows.push([]);
  }
  return rows;
}
