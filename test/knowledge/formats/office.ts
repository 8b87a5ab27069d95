// Workbooks and presentations for the tests, of the fewest parts that a program would write.

import { makeZip, utf8 } from "./documents.ts";

const RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

function relations(targets: Readonly<Record<string, string>>): string {
  const each = Object.entries(targets).map(([id, to]) => `<Relationship Id="${id}" Type="x" Target="${to}"/>`);
  return `<?xml version="1.0"?><Relationships xmlns="${RELATIONS}">${each.join("")}</Relationships>`;
}

function zip(parts: Readonly<Record<string, string>>): Uint8Array {
  return makeZip(Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, utf8(xml)])));
}

export interface SheetSample {
  name: string;
  /** The rows' XML, with the prefix "x:" or none. */
  rows: string;
  state?: string;
}

interface WorkbookParts {
  texts?: readonly string[];
  styles?: string;
  date1904?: boolean;
  more?: Readonly<Record<string, string>>;
}

export function makeXlsx(
  sheets: readonly SheetSample[],
  { texts = [], styles = "", date1904 = false, more = {} }: WorkbookParts = {},
): Uint8Array {
  const listed = sheets.map(
    ({ name, state }, i) =>
      `<sheet name="${name}" sheetId="${i + 1}" r:id="r${i}"${state ? ` state="${state}"` : ""}/>`,
  );
  return zip({
    "xl/workbook.xml": `<workbook xmlns:r="${OFFICE}"><workbookPr${date1904 ? ' date1904="1"' : ""}/><sheets>${listed.join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations(
      Object.fromEntries(sheets.map((_, i) => [`r${i}`, i % 2 ? `/xl/worksheets/s${i}.xml` : `worksheets/s${i}.xml`])),
    ),
    ...Object.fromEntries(
      sheets.map(({ rows }, i) => [`xl/worksheets/s${i}.xml`, `<worksheet><sheetData>${rows}</sheetData></worksheet>`]),
    ),
    "xl/sharedStrings.xml": `<sst>${texts.map((text) => `<si>${text}</si>`).join("")}</sst>`,
    "xl/styles.xml": `<styleSheet>${styles}</styleSheet>`,
    ...more,
  });
}

/** A row of texts, written in the cells themselves. */
export function textRow(...cells: readonly string[]): string {
  return `<row>${cells.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join("")}</row>`;
}

/** Slides by the XML of their shapes; those that begin with "hidden" are not shown. */
export function makePptx(slides: readonly string[], more: Readonly<Record<string, string>> = {}): Uint8Array {
  // Programs number slides by when they were made, not by where they stand.
  const parts = slides.map((_, i) => `slides/slide${slides.length - i}.xml`);
  return zip({
    "ppt/presentation.xml": `<p:presentation xmlns:p="p" xmlns:r="${OFFICE}"><p:sldIdLst>${slides.map((_, i) => `<p:sldId id="${256 + i}" r:id="r${i}"/>`).join("")}</p:sldIdLst></p:presentation>`,
    "ppt/_rels/presentation.xml.rels": relations(Object.fromEntries(parts.map((part, i) => [`r${i}`, part]))),
    ...Object.fromEntries(slides.map((xml, i) => [`ppt/${parts[i]}`, slide(xml)])),
    ...more,
  });
}

function slide(shapes: string): string {
  const isHidden = shapes.startsWith("hidden");
  return `<p:sld xmlns:p="p" xmlns:a="a"${isHidden ? ' show="0"' : ""}><p:cSld><p:spTree>${shapes.replace(/^hidden/, "")}</p:spTree></p:cSld></p:sld>`;
}

export function box(paragraphs: readonly string[], kind = ""): string {
  const written = paragraphs.map((text) => `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`).join("");
  return `<p:sp><p:nvSpPr><p:nvPr>${kind ? `<p:ph type="${kind}"/>` : ""}</p:nvPr></p:nvSpPr><p:txBody>${written}</p:txBody></p:sp>`;
}

export function tableOf(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => `<a:tc><a:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:txBody></a:tc>`;
  const written = rows.map((row) => `<a:tr>${row.map(cell).join("")}</a:tr>`).join("");
  return `<p:graphicFrame><a:graphic><a:tbl>${written}</a:tbl></a:graphic></p:graphicFrame>`;
}
