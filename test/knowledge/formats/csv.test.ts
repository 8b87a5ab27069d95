import { describe, expect, test } from "@jest/globals";
import { csv } from "../../../src/knowledge/formats/csv.ts";
import { contextOf, holdFormat } from "../../contracts/format.ts";
import { latin1, utf8 } from "./documents.ts";

const read = async (text: string) => (await csv.read(utf8(text), contextOf())).text;

holdFormat(csv, () => ({
  chinese: { bytes: utf8("品項,單價\n螢幕,8900\n"), words: ["品項", "螢幕", "8900"], headings: [] },
  extras: ["rows"],
  refused: { "with NULs": { bytes: latin1("abc\u0000def".repeat(20)), reason: /These bytes are no text/ } },
}));

describe("csv", () => {
  test.each([
    [
      "quotes, with a comma, a quote and a line break in them",
      'Item,Note\nScreen,"27"", flat\nor curved"\n',
      'Item: Screen · Note: 27", flat or curved',
    ],
    ["tabs", "Item\tPrice\nScreen\t8,900\n", "Item: Screen · Price: 8,900"],
    ["semicolons", "Item;Price\nScreen;8900", "Item: Screen · Price: 8900"],
    ["empty values and short rows", "A,B,C\n1,,3\n4\n", "A: 1 · C: 3\nA: 4"],
    ["more values than names", "A,B\n1,2,3\n", "A: 1 · B: 2 · 3"],
    ["numbers alone", "1,2\n3,4\n", "1 · 2\n3 · 4"],
    ["a quote that is never closed", 'A,B\n"x,2\n', 'A: "x · B: 2'],
    ["no table at all", "just a line\nand another\n", "just a line\nand another"],
  ])("%s", async (_, written, expected) => {
    expect(await read(written)).toBe(expected);
  });

  test("is read as it is written where the names of its columns would make too much of it", async () => {
    const names = Array.from({ length: 150 }, (_, i) => `Column ${i} ${"n".repeat(45)}`);
    const written = [names.join(","), ...Array<string>(1200).fill("1,".repeat(150))].join("\n");
    const { text, warnings } = await csv.read(utf8(written), contextOf());
    expect(text.length).toBeLessThan(written.length + 1);
    expect(warnings).toEqual([{ en: expect.stringMatching(/as plain text/), "zh-TW": expect.any(String) }]);
  });
});
