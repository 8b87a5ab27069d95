// Word documents. Their archive is opened with bounds, turned into a page by mammoth, and read as one.

import type { Format } from "../../core/knowledge.ts";
import { defineFormat, refusal } from "./define-format.ts";
import { parsePage } from "./dom.ts";
import { openParts, titleIn, type Parts } from "./parts.ts";
import { writeProse } from "./prose.ts";

/** Word itself writes English style names everywhere; other programs write the ones of their menus. */
const STYLES = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='標題'] => h1:fresh",
  ...[1, 2, 3, 4, 5, 6].map((level) => `p[style-name='標題 ${level}'] => h${level}:fresh`),
];

export const docx: Format = defineFormat({
  name: "DOCX",
  extensions: ["docx", "docm"],
  mediaTypes: ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  async read(bytes) {
    const parts = openParts(bytes);
    const page = await parsePage(await toHtml(parts));
    const { text, headings } = writeProse(page.body);
    if (text === "") throw empty();
    const title = titleIn(parts) ?? headings.find(({ level }) => level === 1)?.text;
    return { ...(title && { title }), text, headings, pages: [], warnings: [] };
  },
});

/** mammoth is given its own archive, so that nothing is unpacked without a bound and no picture at all. */
async function toHtml(parts: Parts): Promise<string> {
  const { default: mammoth } = await import("mammoth");
  const file = {
    exists: (name: string) => parts.has(name),
    async read(name: string, encoding?: string) {
      const content = parts.read(name);
      if (encoding === "base64") return Buffer.from(content).toString("base64");
      return encoding ? new TextDecoder(encoding).decode(content) : content;
    },
  };
  const input = { file } as unknown as Parameters<typeof mammoth.convertToHtml>[0];
  const convertImage = mammoth.images.imgElement(() => Promise.resolve({ src: "" }));
  const { value } = await mammoth.convertToHtml(input, {
    styleMap: STYLES,
    convertImage,
    includeEmbeddedStyleMap: false,
  });
  return value;
}

function empty() {
  return refusal(
    "There is no text in this document, perhaps only pictures. Add its text, or a PDF in which the text can be selected.",
    "這份文件沒有文字，可能只有圖片。請加入文字內容，或文字可以選取的 PDF。",
  );
}
