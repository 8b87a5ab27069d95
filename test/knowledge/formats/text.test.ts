// Text in any charset that people's files are in. The encoded samples were made by another encoder and are kept as hex.

import { describe, expect, test } from "@jest/globals";
import { LONGEST_TEXT } from "../../../src/core/limits.ts";
import { text } from "../../../src/knowledge/formats/text.ts";
import { contextOf, failure, holdFormat } from "../../contracts/format.ts";
import { latin1, utf8 } from "./documents.ts";

const read = (bytes: Uint8Array) => text.read(bytes, contextOf());

holdFormat(text, () => ({
  chinese: { bytes: utf8("實習生每週可遠端工作三日。\n第二行\n"), words: ["遠端工作三日。\n第二行"], headings: [] },
  extras: [],
  refused: {
    "with NULs": { bytes: latin1("abc\u0000def".repeat(20)), reason: /with NULs: These bytes are no text/ },
    "with controls": { bytes: latin1("ab\u0001\u0002".repeat(20)), reason: /with controls: These bytes are no text/ },
    "much too long": { bytes: utf8("word ".repeat(LONGEST_TEXT / 5 + 1)), reason: /more than 8 million characters/ },
  },
}));

const wide = (text: string, isLittle: boolean, unit: 2 | 4) => {
  const units =
    unit === 2
      ? Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))
      : Array.from(text, (one) => one.codePointAt(0)!);
  const view = new DataView(new ArrayBuffer(units.length * unit));
  for (const [i, value] of units.entries()) {
    if (unit === 2) view.setUint16(2 * i, value, isLittle);
    else view.setUint32(4 * i, value, isLittle);
  }
  return new Uint8Array(view.buffer);
};

test("warns of a text that is mostly encoded data", async () => {
  const data = "QUJDREVGRw".repeat(300);
  expect((await read(utf8(`A key:\n${data}\n`))).warnings[0]?.en).toMatch(/encoded data rather than words/);
  expect((await read(utf8(`${"Words that say something. ".repeat(200)}\n${data}\n`))).warnings).toEqual([]);
});

describe("text in units of several bytes", () => {
  const words = "Meeting on Tuesday, 15:00.\nGrüße aus Köln 😀\n";
  const chinese = "一、會議紀錄：下週一下午三點開會。\n二、請假要先申請，一年七天。\n地點 B1 會議室\n";
  test.each([words, chinese, "plain ASCII"])("%s", async (written) => {
    for (const unit of [2, 4] as const) {
      for (const isLittle of [true, false]) {
        expect((await read(wide(written, isLittle, unit))).text).toBe(written);
        expect((await read(wide(`\ufeff${written}`, isLittle, unit))).text.replace("\ufeff", "")).toBe(written);
      }
    }
  });

  test("is not seen in numbers, pictures and programs", async () => {
    const numbers = Uint8Array.from({ length: 4000 }, (_, i) => (i % 4 === 0 ? (i / 4) % 256 : 0));
    const mixed = Uint8Array.from({ length: 4000 }, (_, i) => (i * 7919) % 251);
    for (const bytes of [numbers, mixed, new Uint8Array(400).fill(1, 200)])
      await expect(read(bytes)).rejects.toMatchObject({ code: "unreadable" });
  });
});

const CHARSETS: readonly [charset: string, text: string, hex: string][] = [
  ["big5", "這是一份測試文件。", "b36fac4fa440a5f7b4fab8d5a4e5a5f3a143"],
  ["big5", "公司名稱,電話\n台積電,03-5636688\n", "a4bda571a657bad92cb971b8dc0aa578bf6eb9712c30332d353633363638380a"],
  ["gb18030", "这是一份测试文件，内容很短。", "d5e2cac7d2bbb7ddb2e2cad4cec4bcfea3acc4dac8ddbadcb6cca1a3"],
  [
    "shift_jis",
    "これは日本語のテキストです。短い文。",
    "82b182ea82cd93fa967b8cea82cc8365834c8358836782c582b78142925a82a295b68142",
  ],
  [
    "euc-jp",
    "これは日本語のテキストです。短い文。",
    "a4b3a4eca4cfc6fccbdcb8eca4cea5c6a5ada5b9a5c8a4c7a4b9a1a3c3bba4a4cab8a1a3",
  ],
  [
    "iso-2022-jp",
    "これは日本語のテキストです。",
    "1b24422433246c244f467c4b5c386c244e2546252d253925482447243921231b2842",
  ],
  [
    "euc-kr",
    "이것은 한국어 문서입니다. 짧은 글.",
    "c0ccb0cdc0ba20c7d1b1b9beee20b9aebcadc0d4b4cfb4d92e20c2aac0ba20b1db2e",
  ],
  [
    "latin-1",
    "Café déjà vu, où êtes-vous allé ? Très bien.",
    "436166e92064e96ae02076752c206ff920ea7465732d766f757320616c6ce9203f205472e873206269656e2e",
  ],
  [
    "windows-1251",
    "Привет, это документ на русском языке.",
    "cff0e8e2e5f22c20fdf2ee20e4eeeaf3ece5edf220ede020f0f3f1f1eaeeec20ffe7fbeae52e",
  ],
];

describe("text", () => {
  test.each(CHARSETS)("reads %s", async (_charset, expected, hex) => {
    expect((await read(Buffer.from(hex, "hex"))).text).toBe(expected);
  });

  test("drops a byte order mark", async () => {
    expect((await read(utf8("\ufeff多頭"))).text).toBe("多頭");
    expect((await read(Buffer.from("\ufeff多頭", "utf16le"))).text).toBe("多頭");
    expect((await read(Buffer.from("\ufeff多頭", "utf16le").swap16())).text).toBe("多頭");
  });

  test("keeps tabs and lines, and drops what cannot be seen", async () => {
    expect((await read(utf8(`a\tb\r\nc\rd${"e".repeat(400)}\u0001`))).text).toBe(`a\tb\nc\nd${"e".repeat(400)}`);
  });

  test("refuses random bytes instead of showing them as accents", async () => {
    const noise = Uint8Array.from({ length: 4000 }, (_, i) => (i * 7919 + (i >> 3) * 104729) % 255 || 1);
    expect((await failure(text, noise)).code).toBe("unreadable");
  });
});
