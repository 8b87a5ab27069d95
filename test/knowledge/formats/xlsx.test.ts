// Workbooks: every row says by itself what its values are, and what nobody sees in the file is not read.

import { describe, expect, test } from "@jest/globals";
import { writeNumber } from "../../../src/knowledge/formats/xlsx.ts";
import { xlsx } from "../../../src/knowledge/formats/xlsx.ts";
import { contextOf, holdFormat } from "../../contracts/format.ts";
import { makeZip, utf8, withDamaged } from "./documents.ts";
import { makeXlsx, textRow } from "./office.ts";

const read = (bytes: Uint8Array) => xlsx.read(bytes, contextOf());

const prices = { name: "價目表", rows: textRow("品項", "單價") + textRow("螢幕", "八千九百元") };

holdFormat(xlsx, () => {
  const bytes = makeXlsx([prices, { name: "規則", rows: textRow("單價皆含稅。") }]);
  const core = { "docProps/core.xml": "<x><dc:title>價目</dc:title></x>" };
  const whole = makeXlsx([prices, { name: "規則", rows: textRow("單價皆含稅。") }], { more: core });
  return {
    extras: ["styles", "title"],
    damaged: {
      properties: { bytes: withDamaged(whole, "docProps/core.xml"), words: "單價皆含稅。", warning: /file name/ },
      styles: { bytes: withDamaged(whole, "xl/styles.xml"), words: "單價皆含稅。", warning: /stand as plain numbers/ },
      "a sheet": {
        bytes: withDamaged(whole, "xl/worksheets/s0.xml"),
        words: "單價皆含稅。",
        warning: /1 sheet is damaged and was left out \(價目表\)/,
      },
    },
    chinese: { bytes, words: ["品項: 螢幕 · 單價: 八千九百元", "單價皆含稅。"], headings: ["價目表", "規則"] },
    refused: {
      "cut off": { bytes: bytes.subarray(0, 300), reason: /cut off: This file is damaged or not really XLSX/ },
      "no sheet": {
        bytes: makeZip({ "xl/workbook.xml": utf8("<x/>") }),
        reason: /no sheet: There is no text in the visible/,
      },
      "only damaged": {
        bytes: withDamaged(makeXlsx([prices]), "xl/worksheets/s0.xml"),
        reason: /sheets of this workbook are damaged/,
      },
      "only hidden": {
        bytes: makeXlsx([{ ...prices, state: "veryHidden" }]),
        reason: /show the sheets that are hidden/,
      },
    },
  };
});

describe("xlsx", () => {
  test("stops at cells that share one long text before they fill the memory", async () => {
    const rows = `<row>${'<c t="s"><v>0</v></c>'.repeat(150)}</row>`.repeat(20);
    const before = process.memoryUsage.rss();
    const bytes = makeXlsx([{ name: "S", rows }], { texts: [`<t>${"ab ".repeat(300_000)}</t>`] });
    await expect(read(bytes)).rejects.toMatchObject({ code: "too-large" });
    expect(process.memoryUsage.rss() - before).toBeLessThan(300 * 2 ** 20);
  });

  test.each([
    ["cells left out", '<row><c r="GQ1" t="str"><v>x</v></c></row>'.repeat(41_000)],
    [
      "the names of columns",
      textRow(...Array.from({ length: 150 }, (_, i) => `${i} ${"n".repeat(55)}`.slice(0, 58))) +
        `<row>${"<c><v>1</v></c>".repeat(150)}</row>`.repeat(1000),
    ],
  ])("stops at %s before they fill the memory", async (_, rows) => {
    await expect(read(makeXlsx([{ name: "S", rows }]))).rejects.toMatchObject({ code: "too-large" });
  });

  test("puts shared texts, numbers, dates and truths under the names of their columns", async () => {
    const styles = [
      '<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/><numFmt numFmtId="165" formatCode="[Red]#,##0.00"/></numFmts>',
      '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>',
      '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="20"/></cellXfs>',
    ].join("");
    const texts = [
      "<t>Item</t>",
      "<r><t>Scr</t></r><r><t>een</t></r><rPh><t>スクリーン</t></rPh>",
      "<t>Since &amp; until</t>",
    ];
    const names =
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>2</v></c><c r="C1" t="inlineStr"><is><t>Rate</t></is></c><c r="E1" t="str"><f>"Open"</f><v>Open</v></c><c r="F1" t="inlineStr"><is><t>At</t></is></c></row>';
    const row =
      '<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" s="1"><v>46023</v></c><c r="C2" s="2"><v>0.07</v></c><c r="E2" t="b"><v>1</v></c><c r="F2" s="5"><v>0.75</v></c></row>';
    const next =
      '<row r="4"><c r="A4"><v>0.30000000000000004</v></c><c r="B4" s="3"><v>46023.5</v></c><c r="C4" t="e"><v>#N/A</v></c><c r="E4" s="4"><v>1234.5</v></c></row>';
    const { text } = await read(makeXlsx([{ name: "S", rows: names + row + next }], { texts, styles }));
    expect(text.split("\n").slice(2)).toEqual([
      "Item: Screen · Since & until: 2026-01-01 · Rate: 7% · Open: TRUE · At: 18:00",
      "Item: 0.3 · Since & until: 2026-01-01 12:00 · Open: 1234.5",
    ]);
  });

  test("keeps the line above the names, and rows as they are where none is a row of names", async () => {
    const rows = textRow("2026 prices") + textRow("Item", "Price") + textRow("Screen", "8900");
    expect((await read(makeXlsx([{ name: "S", rows }]))).text).toBe("# S\n\n2026 prices\nItem: Screen · Price: 8900");
    const bare = textRow("Screen", "8900") + textRow("Chair", "12500");
    expect((await read(makeXlsx([{ name: "S", rows: bare }]))).text).toBe("# S\n\nScreen · 8900\nChair · 12500");
  });

  test.each(["-3", "?", "ZZZZZ1", "7", "b1", "$B$1"])(
    "a cell whose place is written %j takes no other's",
    async (place) => {
      const rows = `<row><c r="A1" t="inlineStr"><is><t>Tea</t></is></c><c r="${place}"><v>40</v></c></row>`;
      expect((await read(makeXlsx([{ name: "Menu", rows }]))).text).toBe("# Menu\n\nTea · 40");
    },
  );

  test("reads elements with a prefix, as some programs write them", async () => {
    const rows = textRow("只有一行").replace(/<(\/?)(\w)/g, "<$1x:$2");
    expect((await read(makeXlsx([{ name: "S", rows }]))).text).toBe("# S\n\n只有一行");
  });

  test("leaves hidden sheets out and says so; takes the file's own title, but not a program's", async () => {
    const core = (title: string) => ({ "docProps/core.xml": `<x><dc:title>${title}</dc:title></x>` });
    const reading = await read(makeXlsx([prices, { ...prices, state: "hidden" }], { more: core("Prices") }));
    expect(reading.warnings.map(({ en }) => en)).toEqual(["1 hidden sheet was left out."]);
    expect(reading.headings).toHaveLength(1);
    expect(reading.title).toBe("Prices");
    expect((await read(makeXlsx([prices], { more: core("活頁簿1") }))).title).toBeUndefined();
  });

  test("dates count from 1904 where the workbook says so", () => {
    expect(writeNumber(0, "date", true)).toBe("1904-01-01");
    expect(writeNumber(1e300, "date", false)).toBe("1e+300");
  });
});
