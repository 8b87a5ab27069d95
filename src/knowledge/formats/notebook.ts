// Jupyter notebooks: the cells in their order, notes as Markdown, code as code, and what the code printed. Format: nbformat 3 and 4.

import { fenced, headingsOf } from "../../core/markdown.ts";
import { z } from "zod";
import type { Reading } from "../../core/knowledge.ts";
import { clip } from "../../core/text.ts";
import { decodeText } from "./charset.ts";
import { checkLength, defineFormat, firstOf, noText, refusal } from "./define-format.ts";
import { joinProse, type Prose } from "./prose.ts";

/** Output of one cell that is longer is a log, of which the beginning tells enough; in UTF-16 units. */
const LONGEST_OUTPUT = 2_000;
const OPENING = /^\s*\{\s*"(?:cells|nbformat|nbformat_minor|worksheets)"\s*:/;

/** Text stands in one string or in its lines. */
const Text = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(""))]);
const Output = z.looseObject({
  text: Text.optional().catch(undefined),
  data: z.record(z.string(), z.unknown()).optional().catch(undefined),
});
const Cell = z.looseObject({
  cell_type: z.string(),
  source: Text.optional(),
  input: Text.optional(),
  outputs: z.array(Output).optional().catch(undefined),
});
const Metadata = z.looseObject({ language_info: z.looseObject({ name: z.string().max(40) }) });
const Notebook = z.looseObject({
  cells: z.array(z.unknown()).optional(),
  worksheets: z.array(z.looseObject({ cells: z.array(z.unknown()) })).optional(),
  metadata: Metadata.optional().catch(undefined),
});

export const notebook = defineFormat({
  name: "notebook",
  extensions: ["ipynb"],
  mediaTypes: ["application/x-ipynb+json"],
  label: { en: "Jupyter notebooks", "zh-TW": "Jupyter 筆記本" },
  signature: { opening: OPENING },
  async parse(bytes, { piece, signal }) {
    const { cells, worksheets = [], metadata } = Notebook.parse(JSON.parse(await decodeText(bytes)));
    const language = metadata?.language_info.name ?? "";
    const read: Prose[] = [];
    const damaged: number[] = [];
    let [pictures, length] = [0, 0];
    for (const [i, given] of (cells ?? worksheets.flatMap((sheet) => sheet.cells)).entries()) {
      signal.throwIfAborted();
      const cell = await piece(`cell ${i + 1}`, () => readCell(given, language));
      if (!cell) damaged.push(i + 1);
      pictures += cell?.pictures ?? 0;
      if (!cell?.text) continue;
      read.push(cell);
      length += cell.text.length;
      checkLength(length);
    }
    const { text, headings } = joinProse(read, "\n\n");
    if (text === "")
      throw damaged.length > 0 ? allDamaged() : noText({ en: "in this notebook", "zh-TW": "這份筆記本裡" });
    const title = headings.find(({ level }) => level === 1)?.text;
    const warnings = [...unreadPictures(pictures), ...unreadCells(damaged)];
    return { ...(title && { title }), text, headings, pages: [], warnings };
  },
});

function readCell(given: unknown, language: string): Prose & { pictures: number } {
  const { cell_type: kind, source, input, outputs = [] } = Cell.parse(given);
  const words = (source ?? input ?? "").trim();
  if (kind !== "code") return { text: words, headings: kind === "markdown" ? headingsOf(words) : [], pictures: 0 };
  const printed = outputs.map(({ text, data }) => text ?? Text.safeParse(data?.["text/plain"]).data ?? "");
  const output = clip(printed.join("\n").trim(), LONGEST_OUTPUT);
  const isPicture = ({ data = {} }: z.infer<typeof Output>) =>
    Object.keys(data).some((type) => type.startsWith("image/"));
  return {
    text: [codeOf(words, language), codeOf(output)].filter(Boolean).join("\n\n"),
    headings: [],
    pictures: outputs.filter(isPicture).length,
  };
}

function codeOf(code: string, language = ""): string {
  return code && fenced(code, language);
}

function unreadPictures(number: number): Reading["warnings"] {
  if (number === 0) return [];
  return [
    {
      en: `${number === 1 ? "1 picture was" : `${number} pictures were`} not read.`,
      "zh-TW": `有 ${number} 張圖片沒有讀取。`,
    },
  ];
}

function unreadCells(numbers: readonly number[]): Reading["warnings"] {
  if (numbers.length === 0) return [];
  const some = firstOf(numbers);
  return [
    {
      en: `${numbers.length === 1 ? "1 cell is damaged and was" : `${numbers.length} cells are damaged and were`} left out (${some.en}).`,
      "zh-TW": `有 ${numbers.length} 個儲存格已損壞，沒有讀取（第 ${some["zh-TW"]} 個）。`,
    },
  ];
}

function allDamaged() {
  return refusal(
    "The cells of this notebook are damaged: I could read none. Open it, save it anew, and add it again.",
    "這份筆記本的儲存格已損壞，一個都讀不出來。請開啟後重新儲存，再加入一次。",
  );
}
