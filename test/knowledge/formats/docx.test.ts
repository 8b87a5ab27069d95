// Word documents: their structure as text, and archives that lie about their size.

import { describe, expect, test } from "@jest/globals";
import { Document, HeadingLevel, Packer, Paragraph, Table, TableCell, TableRow } from "docx";
import { docx } from "../../../src/knowledge/formats/docx.ts";
import { createUnpacker, listZip } from "../../../src/knowledge/formats/package.ts";
import { contextOf, failure, holdFormat } from "../../contracts/format.ts";
import { makeZip, utf8, withDamaged } from "./documents.ts";

const row = (...cells: string[]) =>
  new TableRow({ children: cells.map((text) => new TableCell({ children: [new Paragraph(text)] })) });

async function makeDocx(title?: string): Promise<Uint8Array> {
  const children = [
    new Paragraph({ text: "請假規則", heading: HeadingLevel.TITLE }),
    new Paragraph({ text: "特休", heading: HeadingLevel.HEADING_1 }),
    new Paragraph("滿一年有七天特休。"),
    new Paragraph({ text: "先問主管", bullet: { level: 0 } }),
    new Paragraph({ text: "再填表單", bullet: { level: 1 } }),
    new Table({ rows: [row("年資", "天數"), row("一年", "七天")] }),
  ];
  const document = new Document({ ...(title && { title }), sections: [{ children }] });
  return new Uint8Array(await Packer.toBuffer(document));
}

const NAMESPACES = [
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"',
  'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"',
  'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"',
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"',
  'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"',
].join(" ");
const read = (bytes: Uint8Array) => docx.read(bytes, contextOf());
const inDocument = (body: string) =>
  makeZip({
    "[Content_Types].xml": utf8(
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    ),
    "_rels/.rels": utf8(
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    ),
    "word/document.xml": utf8(`<w:document ${NAMESPACES}><w:body>${body}</w:body></w:document>`),
  });
const paragraph = (text: string) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;

holdFormat(docx, async () => {
  const bytes = await makeDocx();
  const words = "滿一年有七天特休。";
  return {
    chinese: { bytes, words: ["滿一年有七天特休。"], headings: ["請假規則", "特休"] },
    extras: ["styles and notes", "title"],
    damaged: {
      properties: { bytes: withDamaged(bytes, "docProps/core.xml"), words, warning: /file name/ },
      styles: { bytes: withDamaged(bytes, "word/styles.xml"), words, warning: /without its headings\.$/ },
      notes: { bytes: withDamaged(bytes, "word/footnotes.xml"), words, warning: /notes are damaged/ },
      numbers: { bytes: withDamaged(bytes, "word/numbering.xml"), words, warning: /part .*numbering/ },
      several: {
        bytes: withDamaged(withDamaged(bytes, "word/styles.xml"), "word/footnotes.xml"),
        words,
        warning: /without its headings, list numbers and notes/,
      },
    },
    refused: {
      "cut off": { bytes: bytes.subarray(0, 3000), reason: /cut off: This file is damaged or not really DOCX/ },
      "not XML": { bytes: makeZip({ "word/document.xml": utf8("no") }), reason: /not XML: This file is damaged/ },
      "without words": { bytes: inDocument("<w:p/>"), reason: /without words: There is no text in this document/ },
    },
  };
});

describe("docx", () => {
  test("reads headings, lists and tables", async () => {
    const { text, title } = await read(await makeDocx());
    expect(text).toBe(
      "# 請假規則\n\n# 特休\n\n滿一年有七天特休。\n\n- 先問主管\n  - 再填表單\n\n| 年資 | 天數 |\n| --- | --- |\n| 一年 | 七天 |",
    );
    expect(title).toBe("請假規則");
  });

  test("prefers the title in the document's properties", async () => {
    expect((await read(await makeDocx("請假 & 加班"))).title).toBe("請假 & 加班");
  });

  test.each([
    ["a note", '<w:r><w:footnoteReference w:id="9"/></w:r>'],
    ["an endnote", '<w:r><w:endnoteReference w:id="9"/></w:r>'],
    ["a link", '<w:hyperlink r:id="rId77"><w:r><w:t> see there</w:t></w:r></w:hyperlink>'],
    [
      "a picture",
      '<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="rId99"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>',
    ],
  ])("keeps the text, headings and tables where %s that it refers to is missing", async (_, reference) => {
    const heading = '<w:p><w:pPr><w:pStyle w:val="Heading2"/></w:pPr><w:r><w:t>特休 &amp; 病假</w:t></w:r></w:p>';
    const cell = (words: string) => `<w:tc>${paragraph(words)}</w:tc>`;
    const table = `<w:tbl><w:tr>${cell("年資")}${cell("天數")}</w:tr><w:tr>${cell("一年")}${cell("七天")}</w:tr></w:tbl>`;
    const words = `<w:p><w:r><w:t>滿一年有 &lt;7&gt; 天特休。</w:t></w:r>${reference}</w:p>`;
    const { text, headings, warnings } = await read(inDocument(`${heading}${words}${table}`));
    expect(headings).toEqual([{ level: 2, text: "特休 & 病假", start: 0 }]);
    expect(text).toContain("滿一年有 <7> 天特休。");
    expect(text).toContain("| 一年 | 七天 |");
    expect(warnings.map(({ en }) => en)).toEqual([expect.stringMatching(/missing or damaged: its text was read/)]);
  });

  test("reads a document of the fewest parts", async () => {
    expect((await read(inDocument(paragraph("一句話。")))).text).toBe("一句話。");
  });

  test("stops unpacking a bomb", async () => {
    const bomb = inDocument(paragraph("0".repeat(41 * 1024 * 1024)));
    expect(bomb.length).toBeLessThan(1024 * 1024);
    const error = await failure(docx, bomb);
    expect(error.code).toBe("too-large");
    expect(error.phrase.en).toMatch(/unpacks into far more/);
  });

  test("counts all members of an archive together", () => {
    const archive = makeZip({ a: utf8("x".repeat(600)), b: utf8("y".repeat(600)) });
    const [a, b] = listZip(archive)!;
    const unpack = createUnpacker(archive, 1000);
    expect(unpack(a!)).toHaveLength(600);
    expect(() => unpack(b!)).toThrow(/unpacks into far more/);
  });
});
