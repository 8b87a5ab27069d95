// Tells what a file is from its bytes. A name can say anything, so it is only asked where several kinds of text are possible.

import type { Phrase } from "../../core/language.ts";
import { looksLikeText } from "./charset.ts";
import { insideCompound, insideZip } from "./packages.ts";
import { recognise } from "./signatures.ts";

/** What the bytes are: something that a format reads, or something with a reason against it and a mend. */
export type Kind = { readable: "pdf" | "docx" | "xlsx" | "pptx" | "html" | "text" } | { refused: Phrase };

/** A page's beginning, after an XML declaration and comments. */
const HTML = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html)\b/i;
const START = 1024;

export function kindOf(bytes: Uint8Array): Kind {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, START));
  if (/^(?:\u00ef\u00bb\u00bf)?\s*%PDF-/.test(start)) return { readable: "pdf" };
  if (start.startsWith("PK\x03\x04") || start.startsWith("PK\x05\x06")) return insideZip(bytes);
  if (start.startsWith("\u00d0\u00cf\u0011\u00e0")) return { refused: insideCompound(bytes) };
  const isText = looksLikeText(bytes);
  const refused = recognise(bytes.subarray(0, START), isText);
  if (refused) return { refused };
  if (isText) return { readable: HTML.test(beginningOf(bytes)) ? "html" : "text" };
  // Some programs write a few bytes of their own before a PDF begins.
  return start.includes("%PDF-") ? { readable: "pdf" } : { refused: UNKNOWN };
}

function beginningOf(bytes: Uint8Array): string {
  const charset = bytes[0] === 0xff ? "utf-16le" : bytes[0] === 0xfe ? "utf-16be" : "utf-8";
  return new TextDecoder(charset).decode(bytes.subarray(0, 2 * START));
}

const UNKNOWN: Phrase = {
  en: "This is a binary file of a kind I do not know. Save it as PDF, DOCX, HTML, Markdown or text and add that.",
  "zh-TW": "這是我不認得的二進位檔。請另存成 PDF、DOCX、HTML、Markdown 或純文字再加入。",
};
