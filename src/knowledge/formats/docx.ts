// Word documents. Their archive is opened with bounds, turned into a page by mammoth, and read as one.

import type { Phrase } from "../../core/language.ts";
import { defineFormat, NO_TITLE, noText, type Reader } from "./define-format.ts";
import { parsePage } from "./prose.ts";
import { openParts, readXml, titleIn, type Parts } from "./package.ts";
import { writeProse } from "./prose.ts";

/** Word itself writes English style names everywhere; other programs write the ones of their menus. */
const STYLES = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='標題'] => h1:fresh",
  ...[1, 2, 3, 4, 5, 6].map((level) => `p[style-name='標題 ${level}'] => h${level}:fresh`),
];

/** The most that all parts together may unpack to, in bytes: mammoth makes a tree of them, some twenty times as large. */
const LARGEST_CONTENT = 40 * 1024 * 1024;
/** The only part that holds the text itself. */
const BODY = "word/document.xml";

export const docx = defineFormat({
  name: "DOCX",
  extensions: ["docx", "docm"],
  mediaTypes: ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  signature: { member: BODY },
  async parse(bytes, reader) {
    const parts = openParts(bytes, LARGEST_CONTENT);
    const { html, warnings } = await toHtml(parts, reader);
    const { text, headings } = writeProse((await parsePage(html)).body);
    if (text === "") throw noText({ en: "in this document", "zh-TW": "這份文件" });
    const named = await reader.extra(NO_TITLE, () => titleIn(parts), undefined);
    const title = named ?? headings.find(({ level }) => level === 1)?.text;
    return { ...(title && { title }), text, headings, pages: [], warnings };
  },
});

/** The document with all its parts; where one of them is damaged, without that one; where several are, its body alone. */
async function toHtml(parts: Parts, reader: Reader): Promise<{ html: string; warnings: readonly Phrase[] }> {
  const asked = new Set<string>();
  const isThere = (name: string) => (asked.add(name), parts.has(name));
  const read = remembering((name) => parts.read(name));
  const whole = await reader.extra({ name: "styles and notes" }, () => convert({ exists: isThere, read }), undefined);
  if (whole !== undefined) return { html: whole, warnings: [] };
  const body = await convert({ exists: (name) => name === BODY, read }).catch(() => undefined);
  // What the body itself refers to is not there, such as a note, a link or a picture: that has been logged with the whole, too.
  if (body === undefined) return { html: await readPlainly(parts, reader.signal), warnings: [READ_PLAINLY] };
  for (const damaged of [...asked].filter((name) => name !== BODY && parts.has(name))) {
    reader.signal.throwIfAborted();
    // Why each of them fails has been logged with the whole.
    const html = await convert({ exists: (name) => name !== damaged && parts.has(name), read }).catch(() => undefined);
    if (html !== undefined) return { html, warnings: [withoutPart(damaged)] };
  }
  return { html: body, warnings: [BODY_ALONE] };
}

interface Opened {
  exists: (name: string) => boolean;
  read: (name: string) => Uint8Array;
}

/** What was unpacked once counts once, however often the document is tried. */
function remembering(read: Opened["read"]): Opened["read"] {
  const known = new Map<string, Uint8Array>();
  return (name) => {
    const content = known.get(name) ?? read(name);
    known.set(name, content);
    return content;
  };
}

/** mammoth is given its own archive, so that nothing is unpacked without a bound and no picture at all. */
async function convert({ exists, read }: Opened): Promise<string> {
  const { default: mammoth } = await import("mammoth");
  const file = {
    exists,
    async read(name: string, encoding?: string) {
      const content = read(name);
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

const HEADING = /^(?:heading|標題) ?([1-6])$/i;
const TABLE_TAGS: Readonly<Record<string, string>> = { tbl: "table", tr: "tr", tc: "td" };

/** The body's paragraphs, headings and tables as a page, whatever else of it no program can follow. Throws where it has none. */
async function readPlainly(parts: Parts, signal: AbortSignal): Promise<string> {
  let html = "";
  let tag = "p";
  let words = "";
  let isText = false;
  const handler = {
    open(name: string, attributes: Readonly<Record<string, string>>) {
      if (name === "p") [tag, words] = ["p", ""];
      if (name === "pStyle") tag = headingOf(attributes);
      if (name === "tab" || name === "br") words += " ";
      if (name in TABLE_TAGS) html += `<${TABLE_TAGS[name]}>`;
      isText = name === "t";
    },
    text(text: string) {
      if (isText) words += text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    },
    close(name: string) {
      isText = false;
      if (name === "p" && words.trim() !== "") html += `<${tag}>${words}</${tag}>`;
      if (name === "p") words = "";
      if (name in TABLE_TAGS) html += `</${TABLE_TAGS[name]}>`;
    },
  };
  await readXml(parts.requiredText(BODY), handler, signal);
  if (html === "") throw new Error("the body holds no paragraph");
  return html;
}

function headingOf(attributes: Readonly<Record<string, string>>): string {
  const style = Object.entries(attributes).find(([key]) => /(?:^|:)val$/.test(key))?.[1] ?? "";
  const level = HEADING.exec(style)?.[1];
  return level ? `h${level}` : "p";
}

const READ_PLAINLY: Phrase = {
  en: "Something that this document refers to is missing or damaged: its text was read, but no notes, links and list numbers.",
  "zh-TW": "這份文件引用的某些內容遺失或已損壞：內文讀到了，但沒有註腳、連結和清單編號。",
};

const BODY_ALONE: Phrase = {
  en: "Parts of this document are damaged: its text was read without its headings, list numbers and notes.",
  "zh-TW": "這份文件有些部分已損壞：內文讀到了，但沒有標題層級、清單編號和註腳。",
};

function withoutPart(part: string): Phrase {
  if (/styles/i.test(part))
    return {
      en: "Its styles are damaged, so the text was read without its headings.",
      "zh-TW": "文件的樣式已損壞，內文讀到了，但分不出標題。",
    };
  if (/notes/i.test(part))
    return { en: "Its notes are damaged and were left out.", "zh-TW": "文件的註腳已損壞，沒有讀取。" };
  return {
    en: `A part of this document (${part}) is damaged; its text was read without it.`,
    "zh-TW": `這份文件有一部分（${part}）已損壞，內文是在沒有它的情況下讀取的。`,
  };
}
