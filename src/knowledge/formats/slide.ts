// One slide as its title and blocks of text, in the order in which they were put on it.

import { writeRecords } from "./records.ts";
import { readXml } from "./xml.ts";

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

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
