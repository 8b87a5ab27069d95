// PDFs as they come: Chinese in fonts that are only named, scans, locks, running headers, hyphens and cut-off files.

import { describe, expect, test } from "@jest/globals";
import { array, assert, asyncProperty, string } from "fast-check";
import { pdf } from "../../../src/knowledge/formats/pdf.ts";
import { contextOf, expectOffsets, holdFormat } from "../../contracts/format.ts";
import { cjkFont, image, imagePage, latin1, lockedPdf, makePdf, showLines } from "./documents.ts";

const RESOURCES = "/Font << /F1 3 0 R >>";
const HELVETICA = ["<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"];
const ucs2 = (text: string) => Buffer.from(text, "utf16le").swap16();
const read = (bytes: Uint8Array) => pdf.read(bytes, contextOf());
const inUcs2 = (pages: readonly (readonly string[])[]) =>
  makePdf(
    pages.map((lines) => ({ content: showLines(lines.map(ucs2)), resources: RESOURCES })),
    { extra: cjkFont("UniCNS-UCS2-H", "CNS1") },
  );
const inEnglish = (pages: readonly (readonly string[])[], more: { extra?: string[]; trailer?: string } = {}) =>
  makePdf(
    pages.map((lines) => ({ content: showLines(lines.map(latin1)), resources: RESOURCES })),
    { ...more, extra: [...HELVETICA, ...(more.extra ?? [])] },
  );
const titled = (title: string) => inEnglish([["Text"]], { extra: [`<< /Title (${title}) >>`], trailer: "/Info 4 0 R" });
/** A PDF whose outline has these titles, one after the other or each inside the one before; `links` go into each entry. */
const outlined = (lines: readonly string[], titles: readonly string[], { isNested = false, links = "" } = {}) => {
  const page = 4 + 1 + titles.length;
  const entries = titles.map((title, i) => {
    const next = i + 1 < titles.length ? `/${isNested ? "First" : "Next"} ${6 + i} 0 R` : "";
    return `<< /Title <feff${Buffer.from(ucs2(title)).toString("hex")}> /Dest [${page} 0 R /Fit] ${next} ${links} >>`;
  });
  const extra = [`<< /First 5 0 R /Last ${page - 1} 0 R >>`, ...entries];
  return latin1(
    Buffer.from(inEnglish([lines], { extra }))
      .toString("latin1")
      .replace("/Type /Catalog", "/Type /Catalog /Outlines 4 0 R"),
  );
};
const named = async (encoding: string, ordering: string, hex: string) => {
  const page = { content: showLines([Buffer.from(hex, "hex")]), resources: RESOURCES };
  return (await read(makePdf([page], { extra: cjkFont(encoding, ordering) }))).text;
};

holdFormat(pdf, () => ({
  chinese: {
    bytes: inUcs2([["多頭注意力", "同時看不同位置"], ["第二頁的字"]]),
    words: ["多頭注意力", "第二頁的字"],
    headings: [],
  },
  damaged: {
    "an outline too deep to be copied": {
      bytes: outlined(["Text"], Array<string>(3000).fill("Text"), { isNested: true }),
      words: "Text",
      warning: /table of contents could not be read/,
    },
    "a page that is none": {
      bytes: latin1(
        Buffer.from(inEnglish([["First"], ["Second"]]))
          .toString("latin1")
          .replace(/(?<=6 0 obj\n)<< \/Type \/Page/, "[ 1 2 3 4 5 6 ] "),
      ),
      words: "First",
      warning: /1 page is damaged and was left out \(2\)/,
    },
  },
  extras: ["running lines", "outline", "title", "closing"],
  refused: {
    locked: { bytes: lockedPdf(), reason: /locked: This PDF is protected by a password/ },
    scanned: {
      bytes: makePdf([imagePage, imagePage], { extra: [image] }),
      reason: /no text on any of the 2 pages of this PDF\. They are scanned images/,
    },
    drawn: {
      bytes: makePdf([{ content: "0 0 m 9 9 l S" }]),
      reason: /no text on the only page of this PDF\. What looks like text/,
    },
    "cut off": { bytes: inUcs2([["字"]]).subarray(0, 200), reason: /cut off: This file is damaged/ },
    "only a head": { bytes: latin1("%PDF-1.7\n"), reason: /only a head: This file is damaged/ },
  },
}));

describe("pdf", () => {
  test.each([
    ["ETenms-B5-H", "CNS1", "a668c059aa60b74ea44f", "多頭注意力"],
    ["ETen-B5-V", "CNS1", "48692061a668c059", "Hi a多頭"],
    ["UniCNS-UTF16-H", "CNS1", "591a982d", "多頭"],
    ["GBK-EUC-H", "GB1", "b6e0cdb7d7a2d2e2c1a6", "多头注意力"],
    ["90ms-RKSJ-H", "Japan1", "93fa967b8cea", "日本語"],
    ["KSCms-UHC-H", "Korea1", "c7d1b1b9beee", "한국어"],
  ])("reads a font that is only named: %s", async (encoding, ordering, hex, text) => {
    expect(await named(encoding, ordering, hex)).toBe(text);
  });

  test("gives no text rather than a wrong one where only the font knows its glyphs", async () => {
    const page = { content: showLines([Uint8Array.of(0x10, 0x20, 0x12, 0x34)]), resources: RESOURCES };
    const bytes = makePdf([page], { extra: cjkFont("Identity-H", "CNS1") });
    await expect(read(bytes)).rejects.toMatchObject({ code: "unreadable" });
  });

  test("tells where each page begins, an empty one included, and warns of it", async () => {
    const pages = [
      { content: showLines([ucs2("第一頁")]), resources: RESOURCES },
      { content: "" },
      { content: showLines([ucs2("第三頁")]), resources: RESOURCES },
    ];
    const { text, pages: found, warnings } = await read(makePdf(pages, { extra: cjkFont("UniCNS-UCS2-H", "CNS1") }));
    expect(found.map(({ number, start }) => [number, text.slice(start, start + 3)])).toEqual([
      [1, "第一頁"],
      [2, expect.anything()],
      [3, "第三頁"],
    ]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]!.en).toMatch(/1 pages? .*\(2\)/);
    expect(warnings[0]!["zh-TW"]).toMatch(/1 頁.*第 2 頁/);
  });

  test("joins wrapped lines: Chinese without spaces, English with, hyphens mended", async () => {
    const chinese = await read(
      inUcs2([["實習生到職滿三個月後，每週得遠端工作", "至多三日。申請要由主管在系統送出，人", "資三天內回覆。"]]),
    );
    expect(chinese.text).toBe("實習生到職滿三個月後，每週得遠端工作至多三日。申請要由主管在系統送出，人資三天內回覆。");
    const english = await read(inEnglish([["The attention mecha-", "nism looks at every", "word of the text."]]));
    expect(english.text).toBe("The attention mechanism looks at every word of the text.");
  });

  test("keeps short lines and list items apart", async () => {
    const { text } = await read(
      inEnglish([["A list of things that we need to buy:", "1. pens and pencils for everyone here", "2. paper"]]),
    );
    expect(text).toBe("A list of things that we need to buy:\n1. pens and pencils for everyone here\n2. paper");
  });

  test("drops what runs along every page", async () => {
    const body = ["one", "two", "three", "four"].map((word, i) => [
      "Staff Manual 2026",
      `Body ${word} stands here.`,
      `Page ${i + 1} of 4`,
    ]);
    const { text } = await read(inEnglish(body));
    expect(text).toBe(
      "Body one stands here.\n\nBody two stands here.\n\nBody three stands here.\n\nBody four stands here.",
    );
  });

  test("drops page numbers wherever they stand, and keeps numbers in the text", async () => {
    const pages = ["one", "two", "three"].map((word, i) => [
      ...Array<string>(i).fill("More words."),
      `Text ${word}.`,
      "42 is kept.",
      `- ${i + 1} -`,
    ]);
    const { text } = await read(inEnglish(pages));
    expect(text).not.toMatch(/- \d -/);
    expect(text.match(/42 is kept\./g)).toHaveLength(3);
  });

  test("finds the outline's headings in the text", async () => {
    const extra = [
      "<< /Title (1 Leave) /Dest [10 0 R /Fit] >>",
      "<< /Type /Outlines /First 6 0 R /Last 7 0 R /Count 2 >>",
      "<< /Title (1 Leave) /Parent 5 0 R /Dest [8 0 R /Fit] /Next 7 0 R >>",
      "<< /Title (Remote work) /Parent 5 0 R /Dest [10 0 R /Fit] /Prev 6 0 R >>",
    ];
    const plain = inEnglish(
      [
        ["1 Leave", "Seven days."],
        ["2  Remote work", "Three days."],
      ],
      { extra },
    );
    const bytes = latin1(
      Buffer.from(plain)
        .toString("latin1")
        .replace("/Type /Catalog /Pages 2 0 R", "/Type /Catalog /Pages 2 0 R /Outlines 5 0 R"),
    );
    const reading = await read(bytes);
    expect(reading.headings.map(({ level, text }) => [level, text])).toEqual([
      [1, "1 Leave"],
      [1, "2 Remote work"],
    ]);
    expectOffsets(reading);
  });

  test("finds titles of any characters, and keeps the text whatever an outline says", async () => {
    const marks = ["Follow-up", "a\\d\\u{1}", "(a) [b] {c}", "1.* +? ^$ | / d", "COVID-19: -- ok, and more"];
    const plain = await read(outlined(marks, marks));
    expect(plain.headings.map(({ text }) => text)).toEqual(marks);
    const strange = ["\ud83d", "\0", "", "a".repeat(5000), "x".repeat(300)];
    expect((await read(outlined(["Follow-up"], [...strange, "Follow-up"]))).headings).toHaveLength(1);
    await assert(
      asyncProperty(array(string({ unit: "binary", maxLength: 8 }), { minLength: 1, maxLength: 4 }), async (titles) => {
        const reading = await read(outlined(["Body", "Follow-up"], [...titles, "Follow-up"]));
        expect(reading.text).toBe("Body\nFollow-up");
        expect(reading.headings.at(-1)).toEqual({ level: 1, text: "Follow-up", start: 5 });
        expect(reading.warnings).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test("reads an outline that runs in a circle, leads nowhere or has ten thousand entries", async () => {
    const circle = await read(outlined(["One", "Two, longer"], ["One", "Two"], { links: "/Next 5 0 R" }));
    expect(circle.text).toBe("One\nTwo, longer");
    const nowhere = await read(outlined(["One"], ["One"], { links: "/Dest (no such place)" }));
    expect(nowhere).toMatchObject({ text: "One", headings: [], warnings: [] });
    const many = Array.from({ length: 10_000 }, (_, i) => `Entry-${i}`);
    expect((await read(outlined(["Entry-0", "Entry-1 and more"], many))).headings).toHaveLength(2);
  });

  test("takes the title that a person gave, not one that a program left", async () => {
    expect((await read(titled("Staff Manual"))).title).toBe("Staff Manual");
    expect(await read(titled("Microsoft Word - manual.doc"))).not.toHaveProperty("title");
  });

  test("reads what pdf-lib writes", async () => {
    const { PDFDocument } = await import("pdf-lib");
    const document = await PDFDocument.create();
    document.setTitle("手冊");
    document.addPage().drawText("Made by a library");
    expect(await read(await document.save())).toMatchObject({ title: "手冊", text: "Made by a library" });
  });
});
