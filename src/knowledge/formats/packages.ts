// Looks inside the two containers that office programs save in: ZIP (OOXML, ODF, EPUB) and the older compound file.

import type { Phrase } from "../../core/language.ts";
import { listZip, type Member } from "./zip.ts";

/** A member that tells what the archive is, and what to say of it. */
const TELLING: readonly [member: string, what: Phrase][] = [
  [
    "META-INF/container.xml",
    {
      en: "This is an EPUB book. Convert it to PDF or HTML and add that.",
      "zh-TW": "這是 EPUB 電子書。請轉成 PDF 或 HTML 再加入。",
    },
  ],
  [
    "META-INF/manifest.xml",
    {
      en: "This is an OpenDocument file. Save it as DOCX, XLSX, PPTX or PDF and add that.",
      "zh-TW": "這是 OpenDocument 檔案。請另存成 DOCX、XLSX、PPTX 或 PDF 再加入。",
    },
  ],
];

const ARCHIVE: Phrase = {
  en: "This is a ZIP archive. Unpack it and add the files inside.",
  "zh-TW": "這是 ZIP 壓縮檔。請先解壓縮，再加入裡面的檔案。",
};

const CUT_OFF: Phrase = {
  en: "This file is cut short or damaged. Get it again, check that it opens, and add it again.",
  "zh-TW": "這個檔案不完整或已損壞。請重新取得、確認打得開，再加入一次。",
};

const LOCKED: Phrase = {
  en: "This document is protected by a password. Save a copy without one and add that.",
  "zh-TW": "這份文件有密碼保護。請另存一份沒有密碼的版本再加入。",
};

const OLD_OFFICE: Phrase = {
  en: "This is a file of an older Office (.doc, .xls or .ppt). Save it as DOCX, XLSX, PPTX or PDF and add that.",
  "zh-TW": "這是舊版 Office 檔案（.doc、.xls 或 .ppt）。請另存成 DOCX、XLSX、PPTX 或 PDF 再加入。",
};

/** The member by which an archive is known for a file that is read. */
const READABLE = {
  "word/document.xml": "docx",
  "xl/workbook.xml": "xlsx",
  "ppt/presentation.xml": "pptx",
} as const;

export function insideZip(
  bytes: Uint8Array,
): { readable: (typeof READABLE)[keyof typeof READABLE] } | { refused: Phrase } {
  const members = listZip(bytes);
  if (!members) return { refused: CUT_OFF };
  const has = (name: string) => members.some((member: Member) => member.name === name);
  const readable = Object.entries(READABLE).find(([name]) => has(name))?.[1];
  if (readable) return { readable };
  return { refused: TELLING.find(([name]) => has(name))?.[1] ?? ARCHIVE };
}

/** A password turns a DOCX into a compound file with this stream in its directory, named in UTF-16. */
const ENCRYPTED_STREAM = Buffer.from("EncryptedPackage", "utf16le");

export function insideCompound(bytes: Uint8Array): Phrase {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(ENCRYPTED_STREAM) ? LOCKED : OLD_OFFICE;
}
