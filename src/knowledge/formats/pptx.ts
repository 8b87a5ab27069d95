// PowerPoint presentations: each visible slide is a page, its title a heading, its tables a line for each row. Format: ECMA-376, part 1, 19.

import type { Reading } from "../../core/knowledge.ts";
import { checkLength, defineFormat, firstOf, NO_TITLE, refusal } from "./define-format.ts";
import { openParts, relationsOf, titleIn, type Parts } from "./parts.ts";
import { readSlide } from "./slide.ts";
import { readXml } from "./xml.ts";

const PRESENTATION = "ppt/presentation.xml";

export const pptx = defineFormat({
  name: "PPTX",
  extensions: ["pptx", "pptm"],
  mediaTypes: ["application/vnd.openxmlformats-officedocument.presentationml.presentation"],
  async parse(bytes, { signal, extra }) {
    const parts = openParts(bytes);
    let text = "";
    let hidden = 0;
    const damaged: number[] = [];
    const headings: Reading["headings"][number][] = [];
    const pages: Reading["pages"][number][] = [];
    for (const [i, part] of (await slidesOf(parts, signal)).entries()) {
      const read = () => readSlide(parts.requiredText(part), signal);
      const slide = await extra({ name: `slide ${i + 1}` }, read, undefined);
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
    if (!text) throw damaged.length > 0 ? allDamaged() : empty();
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

function empty() {
  return refusal(
    "There is no text on the slides, perhaps only pictures. Add the text, or a PDF in which the text can be selected.",
    "投影片上沒有文字，可能只有圖片。請加入文字內容，或文字可以選取的 PDF。",
  );
}
