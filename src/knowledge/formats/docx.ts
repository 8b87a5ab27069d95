// Word documents. Their archive is opened with bounds, turned into a page by mammoth, and read as one.

import type { Format } from "../../core/knowledge.ts";
import { defineFormat, refusal } from "./define-format.ts";
import { parsePage } from "./dom.ts";
import { writeProse } from "./prose.ts";
import { createUnpacker, listZip, type Member } from "./zip.ts";

/** Word itself writes English style names everywhere; other programs write the ones of their menus. */
const STYLES = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='標題'] => h1:fresh",
  ...[1, 2, 3, 4, 5, 6].map((level) => `p[style-name='標題 ${level}'] => h${level}:fresh`),
];
const TITLE = /<dc:title>([^<]+)<\/dc:title>/;
const PLACEHOLDER = /^(?:PowerPoint |Word )?(?:Document\d*|文件\s?\d*|Untitled|未命名.*)$/i;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

export const docx: Format = defineFormat({
  name: "DOCX",
  extensions: ["docx", "docm"],
  mediaTypes: ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  async read(bytes) {
    const members = openMembers(bytes);
    const page = await parsePage(await toHtml(members));
    const { text, headings } = writeProse(page.body);
    if (text === "") throw empty();
    const title = titleIn(members) ?? headings.find(({ level }) => level === 1)?.text;
    return { ...(title && { title }), text, headings, pages: [], warnings: [] };
  },
});

type Members = { has: (name: string) => boolean; read: (name: string) => Uint8Array };

function openMembers(bytes: Uint8Array): Members {
  const byName = new Map((listZip(bytes) ?? []).map((member: Member) => [member.name, member]));
  const unpack = createUnpacker(bytes);
  return {
    has: (name) => byName.has(name),
    read(name) {
      const member = byName.get(name);
      if (!member) throw new RangeError(`there is no ${name} in the archive`);
      return unpack(member);
    },
  };
}

/** mammoth is given its own archive, so that nothing is unpacked without a bound and no picture at all. */
async function toHtml(members: Members): Promise<string> {
  const { default: mammoth } = await import("mammoth");
  const file = {
    exists: members.has,
    async read(name: string, encoding?: string) {
      const content = members.read(name);
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

function titleIn(members: Members): string | undefined {
  if (!members.has("docProps/core.xml")) return undefined;
  const properties = new TextDecoder().decode(members.read("docProps/core.xml"));
  const title = TITLE.exec(properties)?.[1]
    ?.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .trim();
  return title && !PLACEHOLDER.test(title) ? title : undefined;
}

function empty() {
  return refusal(
    "There is no text in this document, perhaps only pictures. Add its text, or a PDF in which the text can be selected.",
    "這份文件沒有文字，可能只有圖片。請加入文字內容，或文字可以選取的 PDF。",
  );
}
