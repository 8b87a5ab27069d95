// PowerPoint presentations: each visible slide is a page, its title a heading, its tables a line for each row. Format: ECMA-376, part 1, 19.

import type { Format, Reading } from "../../core/knowledge.ts";
import { checkLength, defineFormat, refusal } from "./define-format.ts";
import { openParts, relationsOf, titleIn, type Parts } from "./parts.ts";
import { readSlide } from "./slide.ts";
import { readXml } from "./xml.ts";

const PRESENTATION = "ppt/presentation.xml";

export const pptx: Format = defineFormat({
  name: "PPTX",
  extensions: ["pptx", "pptm"],
  mediaTypes: ["application/vnd.openxmlformats-officedocument.presentationml.presentation"],
  async read(bytes, _name, signal) {
    const parts = openParts(bytes);
    let text = "";
    let hidden = 0;
    const headings: Reading["headings"][number][] = [];
    const pages: Reading["pages"][number][] = [];
    for (const [i, part] of (await slidesOf(parts, signal)).entries()) {
      const slide = await readSlide(parts.text(part), signal);
      if (slide.isHidden) hidden += 1;
      const words = slide.isHidden
        ? ""
        : [slide.title && `# ${slide.title}`, ...slide.blocks].filter(Boolean).join("\n\n");
      if (text && words) text += "\n\n";
      pages.push({ number: i + 1, start: text.length });
      if (words && slide.title) headings.push({ level: 1, text: slide.title, start: text.length });
      text += words;
      checkLength(text.length);
    }
    if (!text) throw empty();
    const title = titleIn(parts) ?? headings[0]?.text;
    return { ...(title && { title }), text, headings, pages, warnings: leftOut(hidden) };
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
  await readXml(new TextDecoder().decode(parts.read(PRESENTATION)), { open }, signal);
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

function empty() {
  return refusal(
    "There is no text on the slides, perhaps only pictures. Add the text, or a PDF in which the text can be selected.",
    "投影片上沒有文字，可能只有圖片。請加入文字內容，或文字可以選取的 PDF。",
  );
}
