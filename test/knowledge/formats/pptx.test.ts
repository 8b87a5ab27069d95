// Presentations: slides in the order in which they are shown, each a page.

import { describe, expect, test } from "@jest/globals";
import { pptx } from "../../../src/knowledge/formats/pptx.ts";
import { contextOf, holdFormat } from "../../contracts/format.ts";
import { makeZip, utf8, withDamaged } from "./documents.ts";
import { box, makePptx, tableOf } from "./office.ts";

const read = (bytes: Uint8Array) => pptx.read(bytes, contextOf());

holdFormat(pptx, () => {
  const bytes = makePptx([
    box(["請假規則"], "ctrTitle") + box(["人資部", "2026 年"]),
    box(["特休"], "title") + box(["滿一年有七天特休。"]),
  ]);
  const whole = makePptx([box(["一"]), box(["二"])], { "docProps/core.xml": "<x><dc:title>規則</dc:title></x>" });
  return {
    extras: ["title"],
    damaged: {
      properties: { bytes: withDamaged(whole, "docProps/core.xml"), words: "二", warning: /file name/ },
      "a slide": {
        bytes: withDamaged(whole, "ppt/slides/slide2.xml"),
        words: "二",
        warning: /1 slide is damaged and was left out \(1\)/,
      },
    },
    chinese: { bytes, words: ["滿一年有七天特休。"], headings: ["請假規則", "特休"] },
    refused: {
      "cut off": { bytes: bytes.subarray(0, 200), reason: /cut off: This file is damaged or not really PPTX/ },
      "no slides": {
        bytes: makeZip({ "ppt/presentation.xml": utf8("<x/>") }),
        reason: /There is no text on the slides/,
      },
      damaged: {
        bytes: withDamaged(makePptx([box(["一"])]), "ppt/slides/slide1.xml"),
        reason: /slides of this file are damaged/,
      },
      pictures: { bytes: makePptx([box([])]), reason: /no text on the slides\. If it holds only pictures/ },
    },
  };
});

describe("pptx", () => {
  test("reads titles, text and tables, and not what stands on every slide alike", async () => {
    const second =
      box(["Prices"], "title") +
      tableOf([
        ["Item", "Price"],
        ["Screen", "8900"],
      ]) +
      box(["7"], "sldNum") +
      box(["© us"], "ftr");
    const { text, title, headings } = await read(makePptx([box(["Welcome"]) + box(["Onboarding"], "title"), second]));
    expect(text).toBe("# Onboarding\n\nWelcome\n\n# Prices\n\nItem: Screen · Price: 8900");
    expect(title).toBe("Onboarding");
    expect(headings.map(({ start }) => text.slice(start, start + 3))).toEqual(["# O", "# P"]);
  });

  test("shows how deep a line stands", async () => {
    const deep = '<a:p><a:pPr lvl="1"/><a:r><a:t>Ask </a:t></a:r><a:r><a:t>first</a:t></a:r></a:p>';
    const slide = box(["Steps"]).replace("</p:txBody>", `${deep}</p:txBody>`);
    expect((await read(makePptx([slide]))).text).toBe("Steps\n  - Ask first");
  });

  test("counts a hidden slide as a page, leaves it out, and says so", async () => {
    const { text, pages, warnings } = await read(makePptx([box(["One"]), `hidden${box(["Secret"])}`, box(["Three"])]));
    expect(text).toBe("One\n\nThree");
    expect(pages).toEqual([
      { number: 1, start: 0 },
      { number: 2, start: 3 },
      { number: 3, start: 5 },
    ]);
    expect(warnings.map((warning) => warning["zh-TW"])).toEqual(["有 1 張隱藏的投影片沒有讀取。"]);
  });
});
