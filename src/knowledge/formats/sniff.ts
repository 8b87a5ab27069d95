// Tells what a file is from its bytes. A name can say anything, so it is only asked where several kinds of text are possible.

import type { Phrase } from "../../core/language.ts";
import { decodeBeginning, looksLikeText } from "./charset.ts";
import type { FormatDefinition } from "./define-format.ts";
import { listZip, type Member } from "./package.ts";

/** What the bytes are: of a format, text of any kind (without one), or something with a reason against it and a fix. */
export type Kind = { format: FormatDefinition | undefined } | { refused: Phrase };

/** How many bytes are looked at for a mark, and UTF-16 units for the beginning of a text. */
const START = 1024;
const OPENING = 2 * START;

export function kindOf(bytes: Uint8Array, formats: readonly FormatDefinition[]): Kind {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, START));
  const first = start.replace(/^\u00ef\u00bb\u00bf/, "").trimStart();
  const marked = formats.find(({ signature }) => hasMark(signature) && first.startsWith(signature.mark));
  if (marked) return { format: marked };
  if (start.startsWith("PK\x03\x04") || start.startsWith("PK\x05\x06")) return insideZip(bytes, formats);
  if (start.startsWith("\u00d0\u00cf\u0011\u00e0")) return { refused: insideCompound(bytes) };
  const isText = looksLikeText(bytes);
  const refused = recognise(bytes.subarray(0, START), isText);
  if (refused) return { refused };
  if (isText) {
    const beginning = decodeBeginning(bytes, OPENING);
    return LINK.test(beginning) ? { refused: ONLY_A_LINK } : { format: openedBy(beginning, formats) };
  }
  // Some programs write a few bytes of their own before a document begins.
  const late = formats.find(({ signature }) => hasMark(signature) && start.includes(signature.mark));
  return late ? { format: late } : { refused: unknown(formats) };
}

/** Shortcuts of Windows, of macOS and of Google Drive. */
const LINK =
  /^\s*(?:\[InternetShortcut\]|<\?xml[^>]*>\s*<!DOCTYPE plist[^>]*>\s*<plist[^>]*>\s*<dict>\s*<key>URL<\/key>|\{[^{}]{0,600}"(?:doc_id|resource_id)"\s*:[^{}]{0,600}\}\s*$)/i;

const ONLY_A_LINK: Phrase = {
  en: "This file holds only a link. Add the address it leads to, or export the document itself as DOCX or PDF and add that.",
  "zh-TW": "這個檔案只有一個連結。請加入它連到的網址，或把文件本身匯出成 DOCX 或 PDF 再加入。",
};

type Signature = FormatDefinition["signature"];

function hasMark(signature: Signature): signature is { mark: string } {
  return signature !== undefined && "mark" in signature;
}

function openedBy(beginning: string, formats: readonly FormatDefinition[]): FormatDefinition | undefined {
  return formats.find(({ signature }) => signature && "opening" in signature && signature.opening.test(beginning));
}

/** What formats are called, as a sentence names them: "Markdown, text and PDF". */
export function namesOf(formats: readonly FormatDefinition[]): Phrase {
  const names = (language: keyof Phrase) => formats.map(({ name, label }) => label?.[language] ?? name);
  const [en, zh] = [names("en"), names("zh-TW")];
  return {
    en: `${en.slice(0, -1).join(", ")} and ${en.at(-1)}`,
    "zh-TW": `${zh.slice(0, -1).join("、")}和 ${zh.at(-1)}`,
  };
}

function unknown(formats: readonly FormatDefinition[]): Phrase {
  const names = namesOf(formats);
  return {
    en: `This is a binary file of a kind I do not know. I read ${names.en}: save it as one of these and add that.`,
    "zh-TW": `這是我不認得的二進位檔。我讀得懂的是${names["zh-TW"]}，請另存成其中一種再加入。`,
  };
}

/** A member that tells what an archive is, and what to say of it. The first that is there holds. */
const TELLING: readonly [member: RegExp, what: Phrase][] = [
  [
    /^META-INF\/manifest\.xml$/,
    {
      en: "This is an OpenDocument file. Save it as DOCX, XLSX, PPTX or PDF and add that.",
      "zh-TW": "這是 OpenDocument 檔案。請另存成 DOCX、XLSX、PPTX 或 PDF 再加入。",
    },
  ],
  [
    /^Index(?:\.zip$|\/.*\.iwa$)/,
    {
      en: "This is a file of Apple's Pages, Numbers or Keynote. Export it as DOCX, XLSX, PPTX or PDF and add that.",
      "zh-TW": "這是 Apple 的 Pages、Numbers 或 Keynote 檔案。請輸出成 DOCX、XLSX、PPTX 或 PDF 再加入。",
    },
  ],
  [
    /^xl\/workbook\.bin$/,
    {
      en: "This is a binary Excel workbook (.xlsb). Save it as XLSX and add that.",
      "zh-TW": "這是 Excel 的二進位活頁簿（.xlsb）。請另存成 XLSX 再加入。",
    },
  ],
  [
    /\.f(?:dseq|doc)$/i,
    {
      en: "This is an XPS document. Print it to PDF and add that.",
      "zh-TW": "這是 XPS 文件。請列印成 PDF 再加入。",
    },
  ],
  [
    /^visio\/document\.xml$/,
    {
      en: "This is a Visio drawing. Export it as PDF and add that.",
      "zh-TW": "這是 Visio 繪圖。請匯出成 PDF 再加入。",
    },
  ],
  [
    /^(?:META-INF\/MANIFEST\.MF|AndroidManifest\.xml)$/,
    {
      en: "This is a program (Java or Android). It holds no document.",
      "zh-TW": "這是程式（Java 或 Android），裡面沒有文件內容。",
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

function insideZip(bytes: Uint8Array, formats: readonly FormatDefinition[]): Kind {
  const members = listZip(bytes);
  if (!members) return { refused: CUT_OFF };
  const names = new Set(members.map(({ name }: Member) => name));
  const format = formats.find(({ signature }) => signature && "member" in signature && names.has(signature.member));
  if (format) return { format };
  const telling = TELLING.find(([member]) => [...names].some((name) => member.test(name)));
  return { refused: telling?.[1] ?? ARCHIVE };
}

/** The names of streams in a compound file's directory, in UTF-16, by which the program that wrote it is known. */
const STREAMS: readonly [name: string, what: Phrase][] = [
  [
    // A password turns a DOCX into a compound file with this stream.
    "EncryptedPackage",
    {
      en: "This document is protected by a password. Save a copy without one and add that.",
      "zh-TW": "這份文件有密碼保護。請另存一份沒有密碼的版本再加入。",
    },
  ],
  [
    "__properties_version1.0",
    {
      en: "This is an e-mail that Outlook saved (.msg). Save it as text or HTML, or print it to PDF, and add that.",
      "zh-TW": "這是 Outlook 儲存的郵件（.msg）。請另存成純文字或 HTML，或列印成 PDF 再加入。",
    },
  ],
  ["WordDocument", older("Word", ".doc", "DOCX")],
  ["PowerPoint Document", older("PowerPoint", ".ppt", "PPTX")],
  ["Workbook", older("Excel", ".xls", "XLSX")],
  ["VisioDocument", older("Visio", ".vsd", "PDF")],
];

function older(program: string, extension: string, format: string): Phrase {
  const also = format === "PDF" ? "" : " or PDF";
  return {
    en: `This is a file of an older ${program} (${extension}). Save it as ${format}${also} and add that.`,
    "zh-TW": `這是舊版 ${program} 檔案（${extension}）。請另存成 ${format}${also && " 或 PDF"} 再加入。`,
  };
}

const OLD_OFFICE: Phrase = {
  en: "This is a file of an older Office (.doc, .xls or .ppt). Save it as DOCX, XLSX, PPTX or PDF and add that.",
  "zh-TW": "這是舊版 Office 檔案（.doc、.xls 或 .ppt）。請另存成 DOCX、XLSX、PPTX 或 PDF 再加入。",
};

function insideCompound(bytes: Uint8Array): Phrase {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return STREAMS.find(([name]) => buffer.includes(Buffer.from(name, "utf16le")))?.[1] ?? OLD_OFFICE;
}

type KnownStart = readonly [at: number, bytes: string, kind: string, family: Family];
type Family = "image" | "recording" | "archive" | "program" | "store" | "font" | "office";

const FIXES: Readonly<Record<Family, Phrase>> = {
  image: {
    en: "I read no pictures; add its text, or a PDF in which the text can be selected.",
    "zh-TW": "我不讀圖片，請加入文字內容，或文字可以選取的 PDF。",
  },
  recording: { en: "Add a transcript of it instead.", "zh-TW": "請改為加入它的逐字稿。" },
  archive: { en: "Unpack it and add the files inside.", "zh-TW": "請先解壓縮，再加入裡面的檔案。" },
  program: { en: "It holds no document.", "zh-TW": "裡面沒有文件內容。" },
  store: { en: "Export what you need as CSV or text.", "zh-TW": "請把需要的內容匯出成 CSV 或純文字。" },
  font: { en: "It holds no document.", "zh-TW": "裡面沒有文件內容。" },
  office: { en: "Save it as DOCX or PDF and add that.", "zh-TW": "請另存成 DOCX 或 PDF 再加入。" },
};

/** First bytes, written as Latin-1. */
const SIGNATURES: readonly KnownStart[] = [
  [0, "\x89PNG", "PNG", "image"],
  [0, "\xff\xd8\xff", "JPEG", "image"],
  [0, "GIF8", "GIF", "image"],
  [8, "WEBP", "WebP", "image"],
  [0, "II*\0", "TIFF", "image"],
  [0, "MM\0*", "TIFF", "image"],
  [0, "BM", "BMP", "image"],
  [0, "\0\0\x01\0", "ICO", "image"],
  [4, "ftyphei", "HEIC", "image"],
  [4, "ftypmif1", "HEIC", "image"],
  [4, "ftypavif", "AVIF", "image"],
  [0, "8BPS", "Photoshop", "image"],
  [4, "ftyp", "MP4", "recording"],
  [0, "ID3", "MP3", "recording"],
  [0, "\xff\xfb", "MP3", "recording"],
  [0, "OggS", "Ogg", "recording"],
  [0, "fLaC", "FLAC", "recording"],
  [8, "WAVE", "WAV", "recording"],
  [8, "AVI ", "AVI", "recording"],
  [0, "\x1aE\xdf\xa3", "WebM", "recording"],
  [0, "\x1f\x8b", "gzip", "archive"],
  [0, "BZh", "bzip2", "archive"],
  [0, "7z\xbc\xaf\x27\x1c", "7-Zip", "archive"],
  [0, "Rar!", "RAR", "archive"],
  [0, "\xfd7zXZ", "xz", "archive"],
  [0, "\x28\xb5\x2f\xfd", "Zstandard", "archive"],
  [257, "ustar", "tar", "archive"],
  [0, "\x7fELF", "ELF", "program"],
  [0, "MZ", "Windows", "program"],
  [0, "\xca\xfe\xba\xbe", "Java", "program"],
  [0, "\xcf\xfa\xed\xfe", "macOS", "program"],
  [0, "\0asm", "WebAssembly", "program"],
  [0, "SQLite format 3", "SQLite", "store"],
  [0, "PAR1", "Parquet", "store"],
  [0, "wOF2", "WOFF2", "font"],
  [0, "OTTO", "OpenType", "font"],
  [0, "{\\rtf", "RTF", "office"],
];

const NOUNS: Readonly<Record<Family, Phrase>> = {
  image: { en: "a picture", "zh-TW": "圖片" },
  recording: { en: "a recording", "zh-TW": "影音檔" },
  archive: { en: "an archive", "zh-TW": "壓縮檔" },
  program: { en: "a program", "zh-TW": "程式檔" },
  store: { en: "a database", "zh-TW": "資料庫檔" },
  font: { en: "a font", "zh-TW": "字型檔" },
  office: { en: "an office document", "zh-TW": "文書檔" },
};

/** What to say of a file that begins so, where its beginning is a known one. `isText`: its bytes are text all the same ("BM" begins words too). */
function recognise(start: Uint8Array, isText: boolean): Phrase | undefined {
  const known = SIGNATURES.find(([at, mark]) =>
    mark.split("").every((unit, i) => start[at + i] === unit.charCodeAt(0)),
  );
  if (!known || (isText && known[3] !== "office")) return undefined;
  return refuse(known[2], known[3]);
}

function refuse(kind: string, family: Family): Phrase {
  const noun = NOUNS[family];
  const fix = FIXES[family];
  return {
    en: `Whatever its name says, this is ${noun.en} (${kind}). ${fix.en}`,
    "zh-TW": `不論檔名為何，這其實是${noun["zh-TW"]}（${kind}）。${fix["zh-TW"]}`,
  };
}
