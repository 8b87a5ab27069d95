// PowerPoint presentations: each visible slide is a page, its title a heading, its tables a line for each row. Format: ECMA-376, part 1, 19.

import type { Reading } from "../../core/knowledge.ts";
import { oneLine } from "../../core/text.ts";
import { checkLength, defineFormat, firstOf, NO_TITLE, noText, refusal } from "./define-format.ts";
import { openParts, readXml, relationsOf, titleIn, type Parts } from "./package.ts";
import { writeRecords } from "./records.ts";

const PRESENTATION = "ppt/presentation.xml";
const SLIDES = { en: "on the slides", "zh-TW": "投影片上" };

export const pptx = defineFormat({
  name: "PPTX",
  extensions: ["pptx", "pptm"],
  mediaTypes: ["application/vnd.openxmlformats-officedocument.presentationml.presentation"],
  signature: { member: PRESENTATION },
  async parse(bytes, { signal, extra, piece }) {
    const parts = openParts(bytes);
    let text = "";
    let hidden = 0;
    const damaged: number[] = [];
    const headings: Reading["headings"][number][] = [];
    const pages: Reading["pages"][number][] = [];
    for (const [i, part] of (await slidesOf(parts, signal)).entries()) {
      const read = () => readSlide(parts.requiredText(part), signal);
      const slide = await piece(`slide ${i + 1}`, read);
      if (!slide) damaged.push(i + 1);
      if (slide?.isHidden) hidden += 1;
      const words =
        !slide || slide.isHidden
          ? ""
          : [slide.title && `# ${slide.title}`, ...slide.blocks].filter(Boolean).join("\n\n");
      if (text && words) text += "\n\n";
      pages.push({ number: i + 1, start: text.length });
      if (words && slide?.title) headings.push({ level: 1, text: slide.title, start: text.length });
      text += words;
      checkLength(text.length);
    }
    const warnings = [...leftOut(hidden), ...unread(damaged)];
    if (!text) throw damaged.length > 0 ? allDamaged() : noText(SLIDES);
    const title = (await extra(NO_TITLE, () => titleIn(parts), undefined)) ?? headings[0]?.text;
    return { ...(title && { title }), text, headings, pages, warnings };
  },
});

/** The slides' parts in the order they are shown. */
async function slidesOf(parts: Parts, signal: AbortSignal): Promise<readonly string[]> {
  const relations = await relationsOf(PRESENTATION, parts, signal);
  const slides: string[] = [];
  const open = (name: string, attributes: Readonly<Record<string, string>>) => {
    const id = Object.entries(attributes).find(([key]) => key.endsWith(":id"))?.[1] ?? "";
    if (name === "sldId") slides.push(relations.get(id) ?? "");
  };
  await readXml(parts.requiredText(PRESENTATION), { open }, signal);
  return slides;
}

function leftOut(hidden: number): Reading["warnings"] {
  if (hidden === 0) return [];
  return [
    {
      en: `${hidden === 1 ? "1 hidden slide was" : `${hidden} hidden slides were`} left out.`,
      "zh-TW": `有 ${hidden} 張隱藏的投影片沒有讀取。`,
    },
  ];
}

function unread(numbers: readonly number[]): Reading["warnings"] {
  if (numbers.length === 0) return [];
  const some = firstOf(numbers);
  return [
    {
      en: `${numbers.length === 1 ? "1 slide is damaged and was" : `${numbers.length} slides are damaged and were`} left out (${some.en}).`,
      "zh-TW": `有 ${numbers.length} 張投影片已損壞，沒有讀取（第 ${some["zh-TW"]} 張）。`,
    },
  ];
}

function allDamaged() {
  return refusal(
    "The slides of this file are damaged: I could read none. Open it, save it anew, and add it again.",
    "這份簡報的投影片已損壞，一張都讀不出來。請開啟後重新儲存，再加入一次。",
  );
}

export interface Slide {
  title: string;
  /** Paragraphs of one text box together; a table by its rows. */
  blocks: readonly string[];
  isHidden: boolean;
}

const TITLES = new Set(["title", "ctrTitle"]);
/** What stands on every slide alike. */
const FURNITURE = new Set(["dt", "ftr", "sldNum", "hdr"]);

export async function readSlide(source: string, signal: AbortSignal): Promise<Slide> {
  const reader = new SlideReader();
  await readXml(source, reader, signal);
  return { title: reader.title, blocks: reader.blocks, isHidden: reader.isHidden };
}

class SlideReader {
  title = "";
  isHidden = false;
  readonly blocks: string[] = [];
  /** Of the text box that is open. */
  #kind = "";
  #paragraphs: string[] = [];
  #paragraph = "";
  #isText = false;
  /** Of the table that is open. */
  #rows: string[][] | undefined;

  readonly open = (name: string, { show, type = "", lvl = "0" }: Readonly<Record<string, string>>): void => {
    if (name === "sld") this.isHidden = show === "0" || show === "false";
    if (name === "sp") [this.#kind, this.#paragraphs] = ["", []];
    if (name === "ph") this.#kind = type;
    if (name === "pPr" && Number(lvl) > 0) this.#paragraph = "  ".repeat(Number(lvl));
    if (name === "br") this.#paragraph += " ";
    if (name === "tbl") this.#rows = [];
    if (name === "tr") this.#rows?.push([]);
    if (name === "tc") this.#paragraphs = [];
    this.#isText = name === "t";
  };

  readonly text = (text: string): void => {
    if (this.#isText) this.#paragraph += text;
  };

  readonly close = (name: string): void => {
    this.#isText = false;
    if (name === "p") this.#endParagraph();
    if (name === "tc") this.#rows?.at(-1)?.push(oneLine(this.#paragraphs.join(" ")));
    if (name === "tbl" && this.#rows) this.#endTable(this.#rows);
    if (name === "sp") this.#endBox();
  };

  #endParagraph(): void {
    const words = oneLine(this.#paragraph);
    const [indent = ""] = /^ */.exec(this.#paragraph) ?? [];
    if (words) this.#paragraphs.push(indent ? `${indent}- ${words}` : words);
    this.#paragraph = "";
  }

  #endTable(rows: readonly string[][]): void {
    this.blocks.push(writeRecords(rows));
    this.#rows = undefined;
    this.#paragraphs = [];
  }

  #endBox(): void {
    const words = this.#paragraphs.splice(0);
    if (FURNITURE.has(this.#kind)) return;
    if (TITLES.has(this.#kind) && !this.title) this.title = oneLine(words.join(" "));
    else this.blocks.push(words.join("\n"));
  }
}
