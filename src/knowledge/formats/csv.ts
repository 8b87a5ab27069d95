// Tables in text: CSV and TSV, a line for each row under the names of its columns. Format: RFC 4180.

import type { Format } from "../../core/knowledge.ts";
import { decodeText } from "./charset.ts";
import { defineFormat } from "./define-format.ts";
import { writeRecords } from "./records.ts";

const SEPARATORS = [",", "\t", ";"];
/** A field in quotes, or up to the next separator; then what ends it. */
const fieldsBy = (separator: string) =>
  new RegExp(`(?:"([^"]*(?:""[^"]*)*)"|([^${separator}\\n]*))(${separator}|\\n|$)`, "gy");

export const csv: Format = defineFormat({
  name: "CSV",
  extensions: ["csv", "tsv"],
  mediaTypes: ["text/csv", "text/tab-separated-values"],
  async read(bytes) {
    const written = await decodeText(bytes);
    return { text: writeRecords(rowsOf(written)) || written, headings: [], pages: [], warnings: [] };
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
