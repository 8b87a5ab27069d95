// Which format a file is in: its bytes decide, and a name that says otherwise is told so.

import { describe, expect, test } from "@jest/globals";
import { BotError } from "../../../src/core/errors.ts";
import { LARGEST_FILE } from "../../../src/core/limits.ts";
import { formatFor, formats } from "../../../src/knowledge/formats/index.ts";
import { cjkFont, latin1, lockedPdf, makePdf, makeZip, utf8 } from "./documents.ts";

const PNG = latin1("\u0089PNG\r\n\u001a\n\u0000\u0000\u0000\rIHDR");
const DOCX = makeZip({ "word/document.xml": utf8("<x/>") });

const compound = (stream: string) =>
  Buffer.concat([latin1("\u00d0\u00cf\u0011\u00e0"), Buffer.from(stream, "utf16le")]);

function refusal(name: string, bytes: Uint8Array): BotError {
  try {
    formatFor(name, undefined, bytes);
  } catch (error) {
    if (error instanceof BotError) return error;
    throw error;
  }
  throw new Error(`${name} was not refused`);
}

describe("formatFor", () => {
  test.each([
    ["a.md", undefined, "# Hi", "Markdown"],
    ["README", "text/markdown; charset=utf-8", "# Hi", "Markdown"],
    ["a.txt", "text/plain", "Hi", "text"],
    ["main.rs", undefined, "fn main() {}", "text"],
    ["data.csv", "application/octet-stream", "a,b\n1,2", "CSV"],
    ["export", "text/csv; charset=utf-8", "a,b\n1,2", "CSV"],
    ["log", undefined, "2026-01-01 \u001b[31mERROR\u001b[0m", "text"],
    ["notes.pdf", "application/pdf", "只是文字", "text"],
    ["a.txt", undefined, "\ufeff <!-- x --><!DOCTYPE html><p>Hi", "HTML"],
    ["a.bin", undefined, "<?xml version='1.0'?>\n<html xmlns='x'/>", "HTML"],
    ["part.html", undefined, "<p>Hi", "HTML"],
    ["page", "text/html", "<p>Hi", "HTML"],
    ["BMW.txt", undefined, "BM is how this begins", "text"],
  ])("takes %s (%s) for what its bytes are", (name, mediaType, content, format) => {
    expect(formatFor(name, mediaType, utf8(content)).name).toBe(format);
  });

  test("knows binary formats whatever they are called", () => {
    expect(formatFor("a.txt", "text/plain", lockedPdf()).name).toBe("PDF");
    expect(
      formatFor("a", undefined, Buffer.concat([latin1("\u0000junk\u0001"), makePdf([], { extra: cjkFont("x", "y") })]))
        .name,
    ).toBe("PDF");
    expect(formatFor("a.zip", undefined, DOCX).name).toBe("DOCX");
    expect(formatFor("a", undefined, makeZip({ "xl/workbook.xml": utf8("<x/>") })).name).toBe("XLSX");
    expect(formatFor("a.pdf", undefined, makeZip({ "ppt/presentation.xml": utf8("<x/>") })).name).toBe("PPTX");
    expect(formatFor("a.zip", undefined, makeZip({ "META-INF/container.xml": utf8("<x/>") })).name).toBe("EPUB");
    expect(formatFor("a.txt", undefined, Buffer.from("\ufeff寬字元", "utf16le")).name).toBe("text");
  });

  test.each([
    ["scan.pdf", PNG, /a picture \(PNG\)/, /圖片（PNG）/],
    ["a.docx", latin1("\u00ff\u00d8\u00ff\u00e0\u0000\u0010JFIF"), /a picture \(JPEG\)/, /圖片（JPEG）/],
    ["a.md", latin1("GIF89a\u0001\u0000\u0001\u0000"), /a picture \(GIF\)/, /圖片（GIF）/],
    ["a.txt", latin1("\u007fELF\u0002\u0001\u0001\u0000"), /a program/, /程式檔/],
    ["a.mp4", latin1("\u0000\u0000\u0000\u0018ftypmp42"), /a recording/, /影音檔/],
    ["a.gz", latin1("\u001f\u008b\u0008\u0000"), /an archive \(gzip\).*Unpack/, /壓縮檔/],
    [
      "a.doc",
      latin1("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1"),
      /older Office.*DOCX, XLSX, PPTX or PDF/,
      /舊版 Office/,
    ],
    ["a.doc", compound("WordDocument"), /older Word \(\.doc\)\. Save it as DOCX or PDF/, /舊版 Word/],
    ["a.xls", compound("Workbook"), /older Excel \(\.xls\)\. Save it as XLSX/, /舊版 Excel/],
    ["a.ppt", compound("PowerPoint Document"), /older PowerPoint/, /舊版 PowerPoint/],
    ["a.msg", compound("__properties_version1.0"), /e-mail that Outlook saved.*text or HTML/, /Outlook/],
    ["a.numbers", makeZip({ "Index/Document.iwa": utf8("x") }), /Pages, Numbers or Keynote/, /Numbers/],
    ["a.pages", makeZip({ "Index.zip": utf8("x") }), /Pages, Numbers or Keynote/, /Pages/],
    ["a.xps", makeZip({ "FixedDocSeq.fdseq": utf8("x") }), /XPS.*Print it to PDF/, /XPS/],
    ["a.xlsb", makeZip({ "xl/workbook.bin": utf8("x") }), /binary Excel workbook.*XLSX/, /xlsb/],
    ["a.jar", makeZip({ "META-INF/MANIFEST.MF": utf8("x") }), /a program/, /程式/],
    ["a.docx", compound("EncryptedPackage"), /password/, /密碼/],
    ["a.rtf", latin1("{\\rtf1\\ansi Hello}"), /RTF.*DOCX or PDF/, /RTF/],
    ["a.ods", makeZip({ "META-INF/manifest.xml": utf8("<x/>") }), /OpenDocument.*XLSX/, /OpenDocument/],
    ["a.docx", makeZip({ "a.txt": utf8("hi") }), /ZIP archive/, /ZIP/],
    ["a.docx", DOCX.subarray(0, 40), /cut short/, /不完整/],
    ["a.dat", latin1("\u0001\u0002\u0003\u0004\u0000\u00ff"), /binary file of a kind I do not know/, /二進位/],
    ["a.pdf", new Uint8Array(), /no text in this file/, /沒有文字/],
  ])("refuses %s by its bytes", (name, bytes, en, zh) => {
    const error = refusal(name, bytes);
    expect(error.code).toBe("unreadable");
    expect(error.phrase.en).toMatch(en);
    expect(error.phrase["zh-TW"]).toMatch(zh);
  });

  test("refuses what is too large before looking at it", () => {
    expect(refusal("a.txt", new Uint8Array(LARGEST_FILE + 1).fill(97)).code).toBe("too-large");
    expect(formatFor("a.txt", undefined, new Uint8Array(LARGEST_FILE).fill(97)).name).toBe("text");
  });

  test("looks at a beginning of nothing but comments at once", () => {
    const started = performance.now();
    expect(formatFor("a.txt", undefined, utf8(`${"<!---->".repeat(280)}x`)).name).toBe("text");
    expect(formatFor("a.txt", undefined, utf8(`${"<!-- a -->\n".repeat(80)}<!DOCTYPE html><p>Hi`)).name).toBe("HTML");
    expect(performance.now() - started).toBeLessThan(500);
  });

  test("lists formats of different names and extensions", () => {
    const extensions = formats.flatMap((format) => format.extensions);
    expect(new Set(extensions).size).toBe(extensions.length);
    expect(new Set(formats.map(({ name }) => name)).size).toBe(formats.length);
  });
});
